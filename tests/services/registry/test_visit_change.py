"""Visits looked at again: corrected, annulled, and what becomes of the entry that rests on them."""

from datetime import date
from typing import Any

from tests.kit import Harness
from tests.services.registry.builders import filed, get, post
from tests.services.registry.rounds import OFFICER, checks, entry_of, opened, visit, visited


async def correction(registry: Harness, visit_id: str, **changes: Any) -> Any:
    """Correct a visit."""
    content = {name: value for name, value in visit(**changes).items() if name != "visited_on"}
    return await post(
        registry, f"/visits/{visit_id}/corrections", json=content | {"reason": "figures-corrected"}
    )


async def test_a_correction_is_another_version_and_tells_before_and_after(registry: Harness) -> None:
    household_id = await filed(registry)
    one = await opened(registry)
    recorded = await visited(registry, household_id, round_id=one["id"], checks=checks(income=None))

    corrected = await correction(registry, recorded["id"])

    assert (corrected.status_code, corrected.json()["version"]) == (200, 2)
    assert (await entry_of(registry, one["id"], household_id))["step"] == "checked"
    fact = (await registry.facts())[-1]
    assert fact.type == "registry.visit-corrected.v1"
    assert b'"before":{"checks_complete":false,"persons":2' in bytes(fact.data)
    assert b'"after":{"checks_complete":true,"persons":2,"per_capita_income_fen":150000}' in bytes(fact.data)
    shown = (await get(registry, f"/visits/{recorded['id']}")).json()
    assert [(v["version"], v["kind"], v["reason"]) for v in shown["history"]] == [
        (1, "recorded", None),
        (2, "corrected", "figures-corrected"),
    ]
    again = await correction(registry, recorded["id"])
    assert (again.status_code, again.json()["code"]) == (409, "nothing-changed")


async def test_an_annulled_visit_counts_for_nothing(registry: Harness) -> None:
    household_id = await filed(registry)
    one = await opened(registry)
    recorded = await visited(registry, household_id, round_id=one["id"])
    path = f"/visits/{recorded['id']}/annulments"

    forbidden = await post(registry, path, json={"reason": "never-took-place"})
    annulled = await post(registry, path, json={"reason": "never-took-place"}, **OFFICER)

    assert forbidden.status_code == 403
    assert (annulled.status_code, annulled.json()["is_valid"]) == (200, False)
    entry = await entry_of(registry, one["id"], household_id)
    assert (entry["step"], entry["visit_id"]) == ("opened", None)
    fact = (await registry.facts())[-1]
    assert fact.type == "registry.visit-annulled.v1"
    assert b'"reason":"never-took-place"' in bytes(fact.data)
    twice = await post(registry, path, json={"reason": "never-took-place"}, **OFFICER)
    assert (twice.status_code, twice.json()["code"]) == (409, "visit-annulled")
    assert (await correction(registry, recorded["id"], cause="02")).json()["code"] == "visit-annulled"


async def test_another_complete_visit_takes_the_place_of_an_annulled_one(registry: Harness) -> None:
    household_id = await filed(registry)
    one = await opened(registry)
    first = await visited(registry, household_id, 1, round_id=one["id"])
    second = await visited(registry, household_id, 2, round_id=one["id"])
    assert (await entry_of(registry, one["id"], household_id))["visit_id"] == second["id"]

    await post(registry, f"/visits/{second['id']}/annulments", json={"reason": "made-up"}, **OFFICER)

    entry = await entry_of(registry, one["id"], household_id)
    assert (entry["step"], entry["visit_id"]) == ("checked", first["id"])


async def test_a_corrected_visit_does_not_take_the_place_of_a_later_one(registry: Harness) -> None:
    household_id = await filed(registry)
    one = await opened(registry)
    registry.clock.move_to(date(2016, 6, 3))
    first = await visited(registry, household_id, 1, round_id=one["id"])
    second = await visited(registry, household_id, 2, round_id=one["id"], visited_on="2016-06-02")

    corrected = await correction(registry, first["id"], cause="02")

    assert corrected.status_code == 200, corrected.text
    entry = await entry_of(registry, one["id"], household_id)
    assert (entry["step"], entry["step_on"], entry["visit_id"]) == ("checked", "2016-06-02", second["id"])


async def test_what_was_evaluated_stands_when_its_visit_is_annulled(registry: Harness) -> None:
    household_id = await filed(registry)
    one = await opened(registry)
    recorded = await visited(registry, household_id, round_id=one["id"])
    await registry.sql("UPDATE registry.round_entry SET step = 'internal-meeting'")

    await post(registry, f"/visits/{recorded['id']}/annulments", json={"reason": "made-up"}, **OFFICER)

    entry = await entry_of(registry, one["id"], household_id)
    assert (entry["step"], entry["visit_id"]) == ("internal-meeting", recorded["id"])
