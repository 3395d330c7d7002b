"""The two lines of an area, and who is below which without standing on that office's list."""

import itertools
from collections import Counter
from typing import Any

from contracts import roles
from services.registry.rules import shipped_packs
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    household,
    post,
    put,
)
from tests.services.registry.packs import CODE, in_force
from tests.services.registry.test_trial import earns

OFFICER = {"roles": [roles.OFFICER], "area": COUNTY}
POVERTY = 295_200
DIBAO = 250_000


async def dibao_line(registry: Harness, fen: int = DIBAO, area: str = COUNTY) -> None:
    """Let the county state its own line of the allowance."""
    stated = [
        {"kind": line.kind, "year": line.year, "amount_fen": line.amount_fen}
        for line in shipped_packs()["national-2016"].lines
    ]
    lines = [*stated, {"kind": "dibao", "year": 2016, "area": area, "amount_fen": fen}]
    await in_force(registry, content={"lines": lines, "documents": {"dibao-line": "洱民发〔2016〕3号"}})


async def lines(registry: Harness, **query: Any) -> dict[str, Any]:
    """Ask for both lines."""
    return dict((await get(registry, "/lines", params=query, **OFFICER)).json())


async def mismatches(registry: Harness, **query: Any) -> dict[str, Any]:
    """Ask who is below a line."""
    answer = await get(registry, "/line-mismatches", params=query, **OFFICER)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_national_pack_states_no_line_of_the_allowance(registry: Harness) -> None:
    told = await lines(registry, year=2016)

    assert (told["poverty"]["amount"], told["poverty"]["year"]) == ("2952.00", 2016)
    assert told["poverty"]["document"] == shipped_packs()["national-2016"].basis("poverty-line")
    assert (told["dibao"], told["are_one"], told["rule"]) == (None, None, "two-lines-into-one")
    assert told["basis"]


async def test_a_county_states_its_own_line_by_a_version_of_a_pack(registry: Harness) -> None:
    await dibao_line(registry)

    told = await lines(registry)
    elsewhere = await get(registry, "/lines", roles=[roles.OFFICER], area="110109")

    assert (told["rule_pack"]["code"], told["dibao"]["amount"], told["dibao"]["area"]) == (
        CODE,
        "2500.00",
        COUNTY,
    )
    assert told["dibao"]["document"] == "洱民发〔2016〕3号"
    assert told["are_one"] is False
    assert elsewhere.json()["dibao"] is None


async def test_the_lines_of_a_year_are_those_of_the_pack_in_force_at_its_end(registry: Harness) -> None:
    await dibao_line(registry)

    before = await lines(registry, year=2015)
    first = await lines(registry, year=2013)
    none = await lines(registry, year=2012)

    assert (before["rule_pack"]["code"], before["poverty"]["amount"]) == ("national-2014", "2855.00")
    assert (first["poverty"]["amount"], none["poverty"]) == ("2736.00", None)


async def test_who_looks_from_above_sees_the_countys_own_line(registry: Harness) -> None:
    await dibao_line(registry)
    above = {"roles": [roles.AUDITOR], "area": "5329"}

    county = (await get(registry, "/lines", params={"area": COUNTY}, **above)).json()
    prefecture = (await get(registry, "/lines", **above)).json()
    compared = (await get(registry, "/line-mismatches", params={"area": COUNTY}, **above)).json()

    assert (county["dibao"]["amount"], prefecture["dibao"]) == ("2500.00", None)
    assert compared["lines"]["rule_pack"]["code"] == CODE


async def test_two_lines_are_one_at_the_same_amount(registry: Harness) -> None:
    await dibao_line(registry, POVERTY)

    assert (await lines(registry))["are_one"] is True


async def test_everybody_is_counted_by_list_and_line(registry: Harness) -> None:
    await dibao_line(registry)
    expected: Counter[tuple[bool, str, bool, bool]] = Counter()
    below: dict[str, list[str]] = {}
    kinds = (("01", "general"), ("02", "dibao"), ("03", "wubao"))
    cases = itertools.product(kinds, (False, True), (DIBAO - 1, DIBAO, POVERTY - 1, POVERTY))
    for number, ((attribute, category), is_candidate, income) in enumerate(cases, start=1):
        household_id = await filed(
            registry, number, attribute=attribute, candidate=is_candidate, **earns(income)
        )
        expected[not is_candidate, category, income < POVERTY, income < DIBAO] += 1
        missing = ["below-poverty-line-not-registered"] * is_candidate
        missing += ["below-dibao-line-without-allowance"] * (income < DIBAO and category == "general")
        below |= {household_id: missing} if income < POVERTY else {}

    told = await mismatches(registry, limit=500)
    only = await mismatches(registry, limit=500, mismatched=True)

    counted = {
        (c["on_register"], c["category"], c["below_poverty"], c["below_dibao"]): c["households"]
        for c in told["counts"]
    }
    assert counted == dict(expected)
    assert sum(c["persons"] for c in told["counts"]) == expected.total() * 2
    assert {item["household_id"]: item["mismatches"] for item in told["items"]} == below
    assert {item["household_id"] for item in only["items"]} == {key for key, found in below.items() if found}
    assert told["lines"]["are_one"] is False
    assert all(item["below"] in (["poverty"], ["poverty", "dibao"]) for item in told["items"])


async def test_who_is_below_a_line_comes_page_by_page(registry: Harness) -> None:
    for number in range(1, 6):
        await filed(registry, number, **earns(1_000))
    everybody = (await mismatches(registry))["items"]

    first = await mismatches(registry, limit=3)
    rest = await mismatches(registry, limit=3, cursor=first["next"])

    assert first["items"] + rest["items"] == everybody
    assert (len(first["items"]), rest["next"]) == (3, None)


async def test_the_comparison_is_as_of_a_day_and_as_known_then(registry: Harness) -> None:
    household_id = await filed(registry, **earns(100_000), candidate=True, on="2016-01-01")
    (known,) = await registry.sql("SELECT clock_timestamp() AS now")
    richer = household(1, **earns(400_000)) | {"effective_on": "2016-03-01"}
    assert (await put(registry, household_id, 1, json=richer)).status_code == 200

    day_before = await mismatches(registry, as_of="2016-02-29")
    that_day = await mismatches(registry, as_of="2016-03-01")
    as_known = await mismatches(registry, as_of="2016-03-01", recorded_before=known["now"].isoformat())
    earlier = await mismatches(registry, as_of="2015-12-31")

    assert [item["household_id"] for item in day_before["items"]] == [household_id]
    assert that_day["items"] == []
    assert [item["household_id"] for item in as_known["items"]] == [household_id]
    assert earlier["counts"] == []


async def test_a_household_that_left_is_missed_on_the_register_again(registry: Harness) -> None:
    household_id = await filed(registry, **earns(100_000))
    await post(registry, f"/households/{household_id}/exits", json={"reason": "income-above-line"})

    (item,) = (await mismatches(registry))["items"]

    assert (item["status"], item["mismatches"]) == ("exited", ["below-poverty-line-not-registered"])


async def test_a_line_of_a_township_holds_in_that_township(registry: Harness) -> None:
    await dibao_line(registry, area=TOWNSHIP)
    household_id = await filed(registry, 1, **earns(DIBAO - 1), village_code=VILLAGE)
    await filed(registry, 2, **earns(DIBAO - 1), village_code=OTHER_VILLAGE)

    township, other = await lines(registry, area=TOWNSHIP), await lines(registry, area=OTHER_TOWNSHIP)

    assert (township["dibao"]["amount"], other["dibao"]) == ("2500.00", None)
    below = {item["household_id"]: item["below"] for item in (await mismatches(registry))["items"]}
    assert sorted(below.values()) == [["poverty"], ["poverty", "dibao"]]
    assert below[household_id] == ["poverty", "dibao"]


async def test_the_comparison_keeps_to_the_callers_area_and_roles(registry: Harness) -> None:
    await filed(registry, **earns(1_000))

    for path in ("/lines", "/line-mismatches"):
        assert (await get(registry, path, roles=[roles.INSURER])).status_code == 403
        assert (await get(registry, path, params={"area": OTHER_TOWNSHIP})).status_code == 404
    other = await get(registry, "/line-mismatches", area=OTHER_TOWNSHIP)
    assert (other.json()["items"], other.json()["counts"]) == ([], [])
