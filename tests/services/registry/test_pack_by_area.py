"""Two counties with rules of their own: a household is held against those of its village, whoever asks."""

from typing import Any

import pytest

from contracts import roles
from services.registry.handlers.procedure import procedure_required
from services.registry.rules import shipped_packs
from tests.kit import Harness
from tests.services.registry.builders import VILLAGE, get, household, import_divisions, post
from tests.services.registry.packs import in_force
from tests.services.registry.rounds import checks, opened, visit

NEXT_COUNTY = "532931"
OF_NEXT_COUNTY = "532931101201"
DIVISIONS = f"""code,level,parent_code,name
{NEXT_COUNTY}000000,county,532900000000,邻县
532931101000,township,{NEXT_COUNTY}000000,邻镇
{OF_NEXT_COUNTY},village,532931101000,邻村
"""
PREFECTURE: dict[str, Any] = {"roles": [roles.OFFICER], "area": "5329", "actor": "officer-9"}
AUDITOR: dict[str, Any] = {"roles": [roles.AUDITOR], "area": "", "actor": "auditor-1"}
NEXT_CLERK: dict[str, Any] = {"roles": [roles.CLERK], "area": "532931101", "actor": "clerk-9"}
DOCUMENT = "洱政发〔2016〕1号"


@pytest.fixture
async def counties(registry: Harness) -> dict[str, str]:
    """One county with rules of its own and one without, and a household in each, by village."""
    await import_divisions(registry, DIVISIONS)
    national = shipped_packs()["national-2016"]
    stricter = {
        "lines": [{"kind": "poverty", "year": 2016, "amount_fen": 140_000}],
        "visit_team_min": 3,
        "freshness_months": 3,
        "key_village_above_households": 0,
        "documents": {**national.documents, "procedure-required": DOCUMENT},
    }
    await in_force(registry, content=stricter)
    filed = {}
    for number, village in enumerate((VILLAGE, OF_NEXT_COUNTY), 1):
        body = household(number, village_code=village, on="2016-02-01")
        filed[village] = str((await post(registry, "/households", json=body, **PREFECTURE)).json()["id"])
    return filed


async def test_a_visit_outside_rounds_is_held_against_the_rules_of_the_village(
    registry: Harness, counties: dict[str, str]
) -> None:
    items = [
        visit(number, household_id=counties[village])
        for number, village in enumerate((VILLAGE, OF_NEXT_COUNTY), 1)
    ]

    answer = await post(registry, "/visits/bulk", json={"items": items}, **PREFECTURE)
    alone = await post(
        registry,
        f"/households/{counties[VILLAGE]}/visits",
        json=visit(3, members=["W-1", "W-2"]),
        **PREFECTURE,
    )

    assert [one["code"] for one in answer.json()["results"]] == ["team-too-small", None], answer.text
    assert alone.json()["code"] == "team-too-small"


async def test_the_income_ledger_is_the_same_for_the_clerk_and_for_the_auditor(
    registry: Harness, counties: dict[str, str]
) -> None:
    team = {"members": ["W-1", "W-2", "W-3"], "checks": checks()}
    path = f"/households/{counties[VILLAGE]}"
    await post(registry, f"{path}/visits", json=visit(1, **team))
    next_path = f"/households/{counties[OF_NEXT_COUNTY]}"
    await post(registry, f"{next_path}/visits", json=visit(2, **team), **NEXT_CLERK)

    ledgers = [(await get(registry, f"{path}/income", **who)).json() for who in ({}, PREFECTURE, AUDITOR)]
    elsewhere = [
        (await get(registry, f"{next_path}/income", **who)).json()
        for who in (NEXT_CLERK, PREFECTURE, AUDITOR)
    ]

    assert ledgers[0] == ledgers[1] == ledgers[2]
    assert ledgers[0]["looks"][-1]["line"] == "1400.00"
    assert elsewhere[0] == elsewhere[1] == elsewhere[2]
    assert elsewhere[0]["looks"][-1]["line"] == "2952.00"
    assert (ledgers[0]["rule_pack"], elsewhere[0]["rule_pack"]) == ("eryuan-2016", "national-2016")


async def test_a_record_is_stale_by_the_months_of_its_own_county(
    registry: Harness, counties: dict[str, str]
) -> None:
    found = [(await get(registry, "/stale-records", **who)).json() for who in ({}, PREFECTURE, AUDITOR)]

    for each in found:
        assert [(one["household_id"], one["stale_since"]) for one in each["items"]] == [
            (counties[VILLAGE], "2016-05-02")
        ]
        assert each["counts"]["by_village"] == {VILLAGE: 1}
    assert (found[0]["counts"]["months"], found[0]["counts"]["months_by_county"]) == (3, {"532930": 3})
    assert found[2]["counts"]["months_by_county"] == {"532930": 3, NEXT_COUNTY: 12}


async def test_a_direct_command_is_refused_on_the_document_of_each_county(
    registry: Harness, counties: dict[str, str]
) -> None:
    await opened(registry)
    await opened(registry, scope=NEXT_COUNTY, **(PREFECTURE | {"area": NEXT_COUNTY}))

    async with registry.unit(roles.OFFICER, area="5329") as unit:
        refused = await procedure_required(unit, list(counties))

    assert refused[VILLAGE].basis == DOCUMENT
    assert refused[OF_NEXT_COUNTY].basis == shipped_packs()["national-2016"].document


async def test_who_is_below_a_line_is_the_same_whoever_asks(
    registry: Harness, counties: dict[str, str]
) -> None:
    # Both earn 700.12 yuan a head.
    found = [(await get(registry, "/line-mismatches", **who)).json() for who in (PREFECTURE, AUDITOR)]
    own = (await get(registry, "/line-mismatches")).json()

    told = {one["household_id"]: one["poverty_line"] for one in own["items"]}
    assert told == {counties[VILLAGE]: "1400.00"}
    for each in found:
        assert {one["household_id"]: one["poverty_line"] for one in each["items"]} == told | {
            counties[OF_NEXT_COUNTY]: "2952.00"
        }


async def test_a_village_is_a_key_village_by_the_limit_of_its_own_county(
    registry: Harness, counties: dict[str, str]
) -> None:
    found = [(await get(registry, "/key-villages", **who)).json() for who in ({}, PREFECTURE, AUDITOR)]
    shown = [
        (await get(registry, f"/areas/{code}", **PREFECTURE)).json()["key_village"]["key_villages"]
        for code in ("532930", "532900")
    ]

    for each in found:
        assert [one["village_code"] for one in each["items"]] == [VILLAGE]
    assert shown == [1, 1]
