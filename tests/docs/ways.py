"""What is done at each step of CONTRIBUTING: the files laid and the edits made on a copy of the tree."""

import re
from collections.abc import Callable

from tests.docs.clone import Clone

# A step is what it says, by some of its words, and what is done then.
Step = tuple[str, Callable[[Clone], None]]


def read(_: Clone) -> None:
    """Nothing is typed in this step."""


def copied_of_relocation(text: str) -> str:
    """Return a compose file or settings with everything that relocation has once more for the new service."""

    def renamed(found: str) -> str:
        return found.replace("relocation", "grievance").replace("RELOCATION", "GRIEVANCE")

    def others(part: str) -> bool:
        return bool(re.search(r"registry|finance|subsidy|FINANCE|SUBSIDY", part))

    parts = []
    for part in text.split("\n\n"):
        if "elocation" not in part.lower() or others(part):
            lines = [
                line if "relocation" not in line.lower() else f"{line}\n{renamed(line)}"
                for line in part.split("\n")
            ]
            parts.append("\n".join(lines))
        else:
            parts += [part, renamed(part)]
    return "\n\n".join(parts)


def compose(clone: Clone) -> None:
    for name in ("docker-compose.yml", ".env.example"):
        file = clone.root / name
        file.write_text(copied_of_relocation(file.read_text("utf-8")), "utf-8")


def publish(clone: Clone) -> None:
    clone.edit(
        "contracts/topics.py",
        'FINDING: Final = "',
        'COMPLAINT: Final = "grievance.complaint"\nFINDING: Final = "',
    )
    clone.edit("contracts/topics.py", "        FINDING,\n", "        COMPLAINT,\n        FINDING,\n")
    clone.lay("service", "contracts/", "tests/contracts/")
    clone.edit("contracts/catalogue.py", "    gateway,\n", "    gateway,\n    grievance,\n")
    clone.edit(
        "contracts/catalogue.py", "    *gateway.EVENTS,\n", "    *grievance.EVENTS,\n    *gateway.EVENTS,\n"
    )
    clone.passes("scripts.generate")


SERVICE: list[Step] = [
    ("contracts/topics.py", publish),
    (
        "add_plumbing(metadata)",
        lambda clone: clone.lay(
            "service",
            "services/grievance/__init__",
            "services/grievance/domain",
            "services/grievance/tables",
            "services/grievance/store",
        ),
    ),
    ("create_plumbing()", lambda clone: clone.lay("service", "services/grievance/migrations")),
    (
        "`handlers.py`, `schemas.py`, `routes.py`",
        lambda clone: clone.lay(
            "service",
            "services/grievance/handlers",
            "services/grievance/schemas",
            "services/grievance/routes",
        ),
    ),
    (
        "`main.py`",
        lambda clone: clone.lay("service", "services/grievance/main", "services/grievance/__main__"),
    ),
    ("docker-compose.yml", compose),
    ("`README.md`", lambda clone: clone.lay("service", "services/grievance/README")),
    ("tests/services/X/", lambda clone: clone.lay("service", "tests/services/grievance")),
    ("make check", read),
]


def read_and_decide(clone: Clone) -> None:
    clone.edit(
        "services/registry/domain/visit.py",
        "def check_visit(",
        "def is_small_enough(team: Team, most: int) -> bool:\n"
        '    """A team at the limit may come (our own working value: a visit is no assembly)."""\n'
        "    return len(team.members) <= most\n\n\ndef check_visit(",
    )


def put_into_the_packs(clone: Clone) -> None:
    clone.edit(
        "services/registry/domain/rule_pack.py",
        "    visit_team_min: int\n",
        "    visit_team_min: int\n    visit_team_max: int = 20\n",
    )
    for pack in sorted((clone.root / "services/registry/packs").glob("*.json")):
        text = pack.read_text("utf-8")
        pack.write_text(
            text.replace('  "visit_team_min": 2,\n', '  "visit_team_min": 2,\n  "visit_team_max": 5,\n'),
            "utf-8",
        )


def try_at_the_limit(clone: Clone) -> None:
    clone.append(
        "tests/services/registry/domain/test_visit.py",
        '\n\n@pytest.mark.parametrize(("members", "is_allowed"), [(4, True), (5, True), (6, False)])\n'
        "def test_a_team_of_more_than_the_limit_is_refused(members: int, is_allowed: bool) -> None:\n"
        '    team = replace(TEAM, members=tuple(f"W-{number}" for number in range(members)))\n\n'
        "    if is_allowed:\n"
        "        check_visit(replace(VISIT, team=team), PACK, within=ROUND, today=DAY)\n"
        "        return\n"
        "    with pytest.raises(TeamTooLarge) as refused:\n"
        "        check_visit(replace(VISIT, team=team), PACK, within=ROUND, today=DAY)\n\n"
        '    assert refused.value.basis == PACK.basis("visit-team")\n',
    )
    clone.edit(
        "tests/services/registry/domain/test_visit.py",
        "    TeamTooSmall,\n",
        "    TeamTooLarge,\n    TeamTooSmall,\n",
    )


def call_it(clone: Clone) -> None:
    clone.edit(
        "services/registry/domain/errors/visit.py",
        "class TeamTooSmall(",
        'class TeamTooLarge(Refusal):\n    """More people went than a visit takes."""\n\n    code = "team-too-large"\n\n\n'
        "class TeamTooSmall(",
    )
    clone.edit(
        "services/registry/domain/visit.py", "    TeamTooSmall,\n", "    TeamTooLarge,\n    TeamTooSmall,\n"
    )
    clone.edit(
        "services/registry/domain/visit.py",
        "    errors = [*_income(visit)",
        "    if not is_small_enough(visit.team, pack.visit_team_max):\n"
        '        raise TeamTooLarge(pointer="/members", rule=TEAM, basis=pack.basis(TEAM))\n'
        "    errors = [*_income(visit)",
    )
    clone.edit(
        "services/registry/routes/visit.py",
        "    TeamTooSmall: 422,\n",
        "    TeamTooLarge: 422,\n    TeamTooSmall: 422,\n",
    )
    clone.edit(
        "services/registry/routes/visit.py",
        "PhotoTwice, TeamTooSmall",
        "PhotoTwice, TeamTooLarge, TeamTooSmall",
    )


def add_the_row(clone: Clone) -> None:
    clone.append(
        "services/registry/README.md",
        "| a visit is made by at most so many | `domain/visit.py:is_small_enough` | "
        "`tests/services/registry/domain/test_visit.py::test_a_team_of_more_than_the_limit_is_refused` | our own |\n",
    )


RULE: list[Step] = [
    ("its source", read),
    ("named function in `domain/`", read_and_decide),
    ("rule data", put_into_the_packs),
    ("Test it at the limit", try_at_the_limit),
    ("`domain/errors`", call_it),
    ("Add its row", add_the_row),
]


def name_the_fact(clone: Clone) -> None:
    fact = (
        "class CardHung(HouseholdFact, frozen=True, kw_only=True):\n"
        '    """A household\'s card hangs at its door."""\n\n'
        '    event_type: ClassVar[str] = "registry.card-hung.v1"\n\n'
        "    card_id: UUID\n    hung_on: date\n\n\n"
    )
    clone.edit("contracts/events/visit.py", "EVENTS = (\n", f"{fact}EVENTS = (\n    CardHung,\n")


def generate(clone: Clone) -> None:
    clone.lay("command", "tests/contracts/")
    clone.passes("scripts.generate")


def add_the_table(clone: Clone) -> None:
    head = max(path.name[:4] for path in (clone.root / "services/registry/migrations").glob("0*.py"))
    clone.lay(
        "command", "services/registry/tables/", "services/registry/migrations/", "services/registry/store/"
    )
    clone.edit("services/registry/migrations/0099_household_card.py", "{head}", head)
    clone.edit(
        "services/registry/tables/every.py",
        "    category,\n    change_request,\n",
        "    card,\n    category,\n    change_request,\n",
    )
    clone.edit("services/registry/tables/every.py", "EVERY = (\n", "EVERY = (\n    card,\n")


def add_the_route(clone: Clone) -> None:
    clone.lay("command", "services/registry/schemas/", "services/registry/routes/")
    clone.edit(
        "services/registry/routes/every.py",
        "    area,\n    category,\n",
        "    area,\n    card,\n    category,\n",
    )
    clone.edit("services/registry/routes/every.py", "ROUTERS = (\n", "ROUTERS = (\n    card.router,\n")


def say_it_on_the_card(clone: Clone) -> None:
    clone.edit(
        "services/registry/README.md",
        "**Owns** (schema `registry`):\n",
        "**Owns** (schema `registry`):\n`household_card`; ",
    )
    clone.edit(
        "services/registry/README.md",
        "**Publishes** of each household ",
        "**Publishes** of each household `card-hung`, ",
    )


def try_it(clone: Clone) -> None:
    clone.lay("command", "tests/services/registry/test_card")
    clone.edit(
        "tests/services/registry/access/look.py",
        "RECIPES: Final[dict[str, Recipe]] = {\n",
        "async def card(world: World, place: Place) -> Ask:\n"
        '    path = f"/households/{await world.household(place)}/cards"\n'
        '    return Ask(method="POST", path=path, json={"on": "2016-06-01", "photo_sha256": "a" * 64})\n\n\n'
        "RECIPES: Final[dict[str, Recipe]] = {\n"
        '    "POST /households/{household_id}/cards": Recipe(roles=(roles.CLERK, roles.WORK_TEAM), ask=card),\n',
    )
    clone.edit(
        "tests/services/registry/access/look.py",
        "from tests.services.registry.access.area import",
        "from contracts import roles\nfrom tests.services.registry.access.area import",
    )


COMMAND: list[Step] = [
    ("Name the fact", name_the_fact),
    ("scripts.generate", generate),
    ("decision in `domain/`", lambda clone: clone.lay("command", "services/registry/domain/")),
    ("`tables", add_the_table),
    ("Write the handler", lambda clone: clone.lay("command", "services/registry/handlers/")),
    ("the route", add_the_route),
    ("publishes", say_it_on_the_card),
    ("Test the route", try_it),
]
