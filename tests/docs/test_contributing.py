"""CONTRIBUTING's ways to add a rule, a command and a service, each step followed as it is written on a copy of the tree."""

import re
from collections.abc import Callable

import pytest

from tests.docs.clone import Clone, cloned, steps_of

PAGE = "CONTRIBUTING.md"
MOST_STEPS = 9

# A step is what it says, by some of its words, and what is done then.
Step = tuple[str, Callable[[Clone], None]]


def follow(clone: Clone, heading: str, steps: list[Step]) -> None:
    """Do one thing for each numbered step, and hold the page to still saying it."""
    written = steps_of(PAGE, heading)
    assert len(written) <= MOST_STEPS
    assert len(written) == len(steps), written
    for text, (words, do) in zip(written, steps, strict=True):
        assert words in text, (words, text)
        do(clone)


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


def check(clone: Clone) -> None:
    """Run what `make check` runs."""
    for command in (
        ("ruff", "check", "."),
        ("mypy",),
        ("scripts.lints",),
        ("scripts.generate", "--check"),
        ("cli.main", "migrate", "--check"),
    ):
        clone.passes(*command)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_service_a_command_and_a_rule_are_added_step_by_step() -> None:
    with cloned() as clone:
        follow(clone, "A service", SERVICE)

        clone.passes("ruff", "format", "--check", "services", "contracts", "tests/services")
        check(clone)
        clone.passes(
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/architecture",
            "tests/contracts",
            "tests/services/grievance",
            "tests/deploy/test_compose.py",
        )
        clone.passes(
            "pytest", "-q", "-p", "no:cacheprovider", "tests/flows/test_isolation.py", "-k", "grievance"
        )
