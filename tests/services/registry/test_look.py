"""What looks at households come to over HTTP: the income ledger, stale records, causes."""

from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    VILLAGE,
    filed,
    get,
    household,
    post,
    put,
)
from tests.services.registry.noticing import pre_exit, prosperous
from tests.services.registry.rounds import OFFICER, checks, entries, opened, seen, visited

RICH = {
    "wage_income": "6000.00",
    "business_income": "2000.00",
    "transfer_income": "1000.00",
    "property_income": "0.00",
    "production_cost": "1000.00",
}


def rich() -> dict[str, Any]:
    """Return checks of a household of two with 4,000 yuan a head, most of it earned."""
    return checks(income=RICH | {"net_income": "8000.00"} | seen("stable"))


async def ledger(registry: Harness, household_id: str, **who: Any) -> dict[str, Any]:
    """Return a household's income ledger."""
    answer = await get(registry, f"/households/{household_id}/income", **who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_every_look_at_income_stands_in_the_ledger_with_the_line_of_its_year(registry: Harness) -> None:
    household_id = await filed(registry, on="2015-03-01")
    await put(registry, household_id, 1, json=household() | RICH | {"effective_on": "2016-02-01"})
    await visited(registry, household_id, 1, visited_on="2016-05-01")
    await visited(registry, household_id, 2, checks=checks(income=None))

    found = await ledger(registry, household_id)

    assert [
        (look["on"], look["source"], look["per_capita_income"], look["line"]) for look in found["looks"]
    ] == [
        ("2015-03-01", "file", "700.13", "2855.00"),
        ("2016-02-01", "file", "4000.00", "2952.00"),
        ("2016-05-01", "visit", "1500.00", "2952.00"),
    ]
    assert [look["is_above_line"] for look in found["looks"]] == [False, True, False]
    assert found["looks"][1]["earned_percent"] == "88.89"
    assert found["looks"][0]["line_document"]
    assert (found["is_stable"], found["looks_needed"]) == (False, 2)


async def test_income_above_the_line_in_the_last_looks_is_stable(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-01-01")
    await visited(registry, household_id, 1, visited_on="2016-04-01", checks=rich())
    assert not (await ledger(registry, household_id))["is_stable"]

    last = await visited(registry, household_id, 2, visited_on="2016-05-01", checks=rich())

    assert (await ledger(registry, household_id))["is_stable"]
    await post(registry, f"/visits/{last['id']}/annulments", json={"reason": "made-up"}, **OFFICER)
    after = await ledger(registry, household_id)
    assert (after["is_stable"], len(after["looks"])) == (False, 2)


async def test_a_file_stated_anew_with_the_same_figures_is_no_new_look(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-01-01")
    await put(registry, household_id, 1, json=household(attribute="02") | {"effective_on": "2016-02-01"})

    found = await ledger(registry, household_id)

    assert [(look["on"], look["version"]) for look in found["looks"]] == [("2016-01-01", 1)]


async def test_a_file_that_was_corrected_from_the_same_day_on_is_one_look(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-01-01")
    await put(registry, household_id, 1, json=household() | RICH | {"effective_on": "2016-01-01"})

    found = await ledger(registry, household_id)

    assert [(look["on"], look["version"]) for look in found["looks"]] == [("2016-01-01", 2)]


async def test_another_townships_income_is_not_found(registry: Harness) -> None:
    household_id = await filed(registry)

    answer = await get(registry, f"/households/{household_id}/income", area=OTHER_TOWNSHIP)
    partner = await get(registry, f"/households/{household_id}/income", roles=[roles.BANK], area="")

    assert (answer.status_code, partner.status_code) == (404, 403)


async def stale(registry: Harness, **query: Any) -> dict[str, Any]:
    """Return the stale records of the county."""
    answer = await get(registry, "/stale-records", params=query, **OFFICER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_records_that_nobody_looked_at_for_a_year_are_stale(registry: Harness) -> None:
    old = await filed(registry, 1, on="2015-05-31")
    await filed(registry, 2, on="2015-06-01")
    visited_lately = await filed(registry, 3, on="2015-01-01")
    verified = await filed(registry, 4, on="2015-01-01", village_code=NEXT_VILLAGE)
    gone = await filed(registry, 5, on="2015-01-01")
    await filed(registry, 6, on="2015-01-01", candidate=True)
    await visited(registry, visited_lately, visited_on="2016-01-15")
    await post(registry, f"/households/{verified}/verifications", json={"on": "2015-12-01"})
    await post(registry, f"/households/{gone}/exits", json={"reason": "moved-away"})

    found = await stale(registry)

    assert [(one["household_id"], one["last_seen_on"], one["stale_since"]) for one in found["items"]] == [
        (old, "2015-05-31", "2016-06-01")
    ]
    counts = found["counts"]
    assert (counts["households"], counts["stale"], counts["by_village"]) == (4, 1, {VILLAGE: 1})
    assert (counts["months"], bool(counts["rule_document"])) == (12, True)
    day_before = await stale(registry, as_of="2016-05-31")
    assert [one["household_id"] for one in day_before["items"]] == [gone]
    registry.clock.move_to(registry.clock.today().replace(year=2017, day=2))
    assert (await stale(registry))["counts"]["stale"] == 4


async def test_an_annulled_visit_does_not_keep_a_record_fresh(registry: Harness) -> None:
    household_id = await filed(registry, 1, on="2015-01-01")
    last = await visited(registry, household_id)
    assert (await stale(registry))["items"] == []

    await post(registry, f"/visits/{last['id']}/annulments", json={"reason": "made-up"}, **OFFICER)

    assert [one["household_id"] for one in (await stale(registry))["items"]] == [household_id]


async def test_a_pre_exit_taken_back_does_not_keep_a_record_fresh(registry: Harness) -> None:
    household_id = await filed(registry, on="2015-01-05")
    seen_on = await visited(registry, household_id, visited_on="2015-06-10", checks=prosperous())
    await pre_exit(registry, household_id, seen_on["id"])
    withdrawal = {"reason": "criteria-fail"}
    await post(registry, f"/households/{household_id}/pre-exits/withdrawals", json=withdrawal)

    on_the_day, after = [await stale(registry, as_of=f"2016-06-{day}") for day in (10, 11)]

    assert on_the_day["items"] == []
    assert [(one["household_id"], one["last_seen_on"]) for one in after["items"]] == [
        (household_id, "2015-06-10")
    ]


async def test_stale_records_are_paged_and_scoped(registry: Harness) -> None:
    ids = [await filed(registry, number, on="2015-01-01") for number in (1, 2, 3)]

    first = await stale(registry, limit=2)
    second = await stale(registry, limit=2, cursor=first["next"])
    elsewhere = (await get(registry, "/stale-records", area=OTHER_TOWNSHIP)).json()
    outside = await get(registry, f"/stale-records?area={COUNTY}", area=OTHER_TOWNSHIP)

    assert [one["household_id"] for one in first["items"] + second["items"]] == ids
    assert second["counts"] is None
    assert (elsewhere["items"], elsewhere["counts"]["households"]) == ([], 0)
    assert outside.status_code == 404


async def test_causes_are_counted_as_filed_and_as_seen(registry: Harness) -> None:
    first, second = await filed(registry, 1), await filed(registry, 2)
    await filed(registry, 3, cause="03")
    await visited(registry, first, 1, cause="01")
    await visited(registry, second, 2, cause="02")

    found = (await get(registry, "/causes", **OFFICER)).json()
    elsewhere = (await get(registry, "/causes", area=OTHER_TOWNSHIP)).json()
    listed = (await get(registry, "/households?cause=03")).json()["items"]

    assert [
        (one["cause"], one["term"], one["households"], one["confirmed_by_visit"], one["differing_at_visit"])
        for one in found["causes"]
    ] == [("01", "因病", 2, 1, 1), ("03", "因学", 1, 0, 0)]
    assert elsewhere["causes"] == []
    assert [one["file_number"] for one in listed] == ["F-00003"]
    assert (await get(registry, f"/causes?area={COUNTY}", area=OTHER_TOWNSHIP)).status_code == 404


@pytest.mark.parametrize(("cause", "suggested"), [("01", None), ("02", "correct")])
async def test_another_cause_than_filed_suggests_a_correction(
    registry: Harness, cause: str, suggested: str | None
) -> None:
    household_id = await filed(registry)
    one = await opened(registry)
    await visited(registry, household_id, round_id=one["id"], cause=cause)

    (entry,) = await entries(registry, one["id"])

    assert (entry["cause"], entry["cause_at_visit"], entry["suggested_proposal"]) == ("01", cause, suggested)


async def test_an_entry_names_the_checks_that_are_missing(registry: Harness) -> None:
    first, second, _ = [await filed(registry, number) for number in (1, 2, 3)]
    one = await opened(registry)
    await visited(registry, first, 1, round_id=one["id"])
    await visited(registry, second, 2, round_id=one["id"], checks=checks(housing=None, family=None))

    found = await entries(registry, one["id"])

    every = ["income", "housing", "property", "family", "production"]
    assert [entry["missing_checks"] for entry in found] == [[], ["housing", "family"], every]


async def test_stale_records_and_causes_are_told_as_known_before_a_moment(registry: Harness) -> None:
    household_id = await filed(registry, 1, on="2015-01-01")
    never_seen = (await stale(registry))["counts"]["recorded_before"]
    visit = await visited(registry, household_id, cause="02")
    seen_once = (await stale(registry))["counts"]["recorded_before"]
    await post(registry, f"/visits/{visit['id']}/annulments", json={"reason": "made-up"}, **OFFICER)
    await put(registry, household_id, 1, json=household(cause="03") | {"effective_on": "2015-01-01"})
    moments = (never_seen, seen_once, (await stale(registry))["counts"]["recorded_before"])

    records = [await stale(registry, recorded_before=moment) for moment in moments]
    asked = [await get(registry, "/causes", params={"recorded_before": each}, **OFFICER) for each in moments]

    assert [found["counts"]["stale"] for found in records] == [1, 0, 1]
    assert [
        [(one["cause"], one["differing_at_visit"]) for one in answer.json()["causes"]] for answer in asked
    ] == [[("01", 0)], [("01", 1)], [("03", 0)]]
    assert [answer.json()["recorded_before"] for answer in asked] == list(moments)
