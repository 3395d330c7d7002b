"""A rule pack tried against the register: who would change, and why, as a naive recomputation says too."""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

from contracts import roles
from services.registry.rules import shipped_packs
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    post,
)
from tests.services.registry.lists import csv, matches, resolve, sent
from tests.services.registry.packs import CODE, PROPOSER, V1, in_force, proposed
from tests.services.registry.rounds import visited

OFFICER = {"roles": [roles.OFFICER], "area": COUNTY}
LINES = [
    {"kind": "poverty", "year": 2014, "amount_fen": 280_000},
    {"kind": "poverty", "year": 2016, "amount_fen": 200_000},
    {"kind": "poverty", "year": 2016, "area": TOWNSHIP, "amount_fen": 350_000},
]
CONTENT: dict[str, Any] = {"lines": LINES, "ruled_out_by": ["payroll", "deaths"]}
NOW = 295_200
TRIED = {VILLAGE: 350_000, NEXT_VILLAGE: 350_000, OTHER_VILLAGE: 200_000}


@dataclass
class Known:
    """What the test knows of a household."""

    village: str
    income: int
    lists: frozenset[str] = frozenset()

    def reasons(self) -> list[str]:
        """Say what a person would say who compares by hand."""
        found = []
        now, tried = self.income < NOW, self.income < TRIED[self.village]
        if tried and not now:
            found.append("falls-below-line")
        if now and not tried:
            found.append("rises-above-line")
        now, tried = (
            bool(self.lists & set(shipped_packs()["national-2016"].ruled_out_by)),
            bool(self.lists & {"payroll", "deaths"}),
        )
        if tried and not now:
            found.append("ruled-out")
        if now and not tried:
            found.append("no-longer-ruled-out")
        return found


def earns(fen: int) -> dict[str, Any]:
    """Return the figures of a household of two with so much a head."""
    wage = f"{fen * 2 // 100}.{fen * 2 % 100:02d}"
    return {"wage_income": wage, "business_income": "0.00", "production_cost": "0.00"}


async def trial(registry: Harness, path: str = V1, **query: Any) -> dict[str, Any]:
    """Try a pack as the county's officer."""
    answer = await get(registry, f"{path}/trials", params=query, **OFFICER)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def county_of(registry: Harness) -> dict[str, Known]:
    """File households around every line, some on lists, and return what is known of each."""
    chance = random.Random(7)  # noqa: S311 - the same county at every run
    known: dict[str, Known] = {}
    on_lists: dict[str, list[int]] = {"payroll": [], "vehicles": [], "deaths": []}
    for number in range(1, 25):
        village = chance.choice([VILLAGE, NEXT_VILLAGE, OTHER_VILLAGE])
        limit = chance.choice([200_000, NOW, 350_000])
        income = limit + chance.choice([-1, 0, 1])
        kinds = frozenset(kind for kind in on_lists if chance.random() < 0.3)
        is_candidate = chance.random() < 0.3
        household_id = await filed(
            registry, number, village_code=village, candidate=is_candidate, **earns(income)
        )
        known[household_id] = Known(village=village, income=income, lists=kinds)
        for kind in kinds:
            on_lists[kind].append(number * 2)
    for kind, numbers in on_lists.items():
        await sent(registry, csv(*numbers), kind=kind)
    return known


async def test_a_trial_says_who_would_change_as_a_naive_recomputation_does(registry: Harness) -> None:
    known = await county_of(registry)
    await proposed(registry, content=CONTENT)

    told = await trial(registry, limit=500)

    expected = {key: one.reasons() for key, one in known.items() if one.reasons()}
    assert {item["household_id"]: item["reasons"] for item in told["items"]} == expected
    assert {reason for found in expected.values() for reason in found} == {
        "falls-below-line",
        "rises-above-line",
        "ruled-out",
        "no-longer-ruled-out",
    }
    counted = Counter(
        (key[:9], r) for key, r in ((known[k].village, r) for k, f in expected.items() for r in f)
    )
    for count in told["counts"]:
        area = count["area"]
        assert count["households"] == sum(one.village.startswith(area) for one in known.values())
        assert count["changing"] == sum(known[key].village.startswith(area) for key in expected)
        for reason in ("falls-below-line", "rises-above-line", "ruled-out", "no-longer-ruled-out"):
            assert count[reason.replace("-", "_")] == counted[area, reason], (area, reason)
    assert [count["area"] for count in told["counts"]] == [TOWNSHIP, OTHER_TOWNSHIP]


async def test_a_trial_comes_page_by_page_and_for_an_area(registry: Harness) -> None:
    known = await county_of(registry)
    await proposed(registry, content=CONTENT)
    everybody = (await trial(registry, limit=500))["items"]

    paged: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        page = await trial(registry, **query)
        paged += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    one_township = await trial(registry, area=OTHER_TOWNSHIP, limit=500)

    assert paged == everybody
    assert one_township["items"] == [i for i in everybody if i["village_code"].startswith(OTHER_TOWNSHIP)]
    assert [count["area"] for count in one_township["counts"]] == [OTHER_VILLAGE]
    assert known


async def test_the_pack_in_force_changes_nothing(registry: Harness) -> None:
    await filed(registry)

    told = await trial(registry, "/rule-packs/national-2016/versions/1")

    assert (told["items"], told["counts"][0]["changing"], told["counts"][0]["households"]) == ([], 0, 1)
    assert told["tried"] == told["in_force"] == {"code": "national-2016", "version": 1}


async def test_a_trial_is_made_against_the_pack_in_force_then(registry: Harness) -> None:
    household_id = await filed(registry, **earns(320_000), on="2016-01-01")
    await in_force(registry, content=CONTENT)

    after = await trial(registry, "/rule-packs/national-2016/versions/1")
    before = await trial(registry, as_of="2016-04-30")

    assert [item["household_id"] for item in after["items"]] == [household_id]
    assert after["items"][0]["reasons"] == ["rises-above-line"]
    assert (after["in_force"]["code"], before["in_force"]["code"]) == (CODE, "national-2016")
    assert before["items"][0]["reasons"] == ["falls-below-line"]


async def test_the_last_visits_income_counts_before_the_files(registry: Harness) -> None:
    household_id = await filed(registry, **earns(100_000), on="2016-01-01")
    await visited(registry, household_id, visited_on="2016-05-02")
    await proposed(registry, content={"lines": [{"kind": "poverty", "year": 2014, "amount_fen": 120_000}]})

    before = await trial(registry, as_of="2016-05-01")
    told = await trial(registry)

    assert before["items"] == []
    assert [(i["per_capita_income"], i["from_visit"], i["reasons"]) for i in told["items"]] == [
        ("1500.00", True, ["rises-above-line"])
    ]


async def test_an_explained_match_rules_nobody_out_from_that_day_on(registry: Harness) -> None:
    await filed(registry, on="2016-01-01")
    await sent(registry, csv(2))
    (match,) = await matches(registry)
    await proposed(registry, content={"ruled_out_by": []})

    before = await trial(registry)
    await resolve(registry, match["id"])
    after = await trial(registry)
    earlier = await trial(registry, as_of="2016-05-31")

    assert before["items"][0]["reasons"] == ["no-longer-ruled-out"]
    assert before["items"][0]["lists"] == ["vehicles"]
    assert (after["items"], earlier["items"]) == ([], [])


async def test_a_trial_keeps_to_the_callers_area_and_roles(registry: Harness) -> None:
    await filed(registry, **earns(320_000))
    await proposed(registry, content=CONTENT)
    path = f"{V1}/trials"

    other = await get(registry, path, area=OTHER_TOWNSHIP)
    foreign = await get(registry, path, params={"area": TOWNSHIP}, area=OTHER_TOWNSHIP)

    assert (other.status_code, other.json()["items"], other.json()["counts"]) == (200, [], [])
    assert foreign.status_code == 404
    assert (await get(registry, path, roles=[roles.INSURER])).status_code == 403
    assert (await get(registry, path, roles=[roles.OFFICER], area="110109")).status_code == 404
    assert (await get(registry, f"/rule-packs/{CODE}/versions/9/trials", **PROPOSER)).status_code == 404


async def test_who_left_the_register_is_not_tried(registry: Harness) -> None:
    household_id = await filed(registry, **earns(320_000))
    await proposed(registry, content=CONTENT)
    assert len((await trial(registry))["items"]) == 1

    await post(registry, f"/households/{household_id}/exits", json={"reason": "income-above-line"})

    assert (await trial(registry))["items"] == []
