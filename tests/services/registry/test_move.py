"""A household that moves: gone where it was, there where it went, and counted right on every day."""

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
    household,
    post,
    put,
)


async def test_a_household_that_moves_is_gone_from_its_old_township(registry: Harness) -> None:
    household_id = await filed(registry)
    registry.clock.move_to(registry.clock.today().replace(day=10))

    moved = await put(registry, household_id, 1, json=household(village_code=OTHER_VILLAGE))

    assert moved.status_code == 200, moved.text
    path = f"/households/{household_id}"
    assert (await get(registry, path)).status_code == 404
    assert (await get(registry, path, area=OTHER_TOWNSHIP)).json()["village_code"] == OTHER_VILLAGE
    # Each township may look back at the days when the household was its own.
    assert (await get(registry, f"{path}?as_of=2016-06-05")).json()["village_code"] == VILLAGE
    assert (await get(registry, f"{path}?as_of=2016-06-10")).status_code == 404
    assert (await get(registry, f"{path}?as_of=2016-06-05", area=OTHER_TOWNSHIP)).status_code == 404
    for area, counts in ((TOWNSHIP, (1, 0)), (OTHER_TOWNSHIP, (0, 1)), (COUNTY, (1, 1))):
        for day, count in zip(("2016-06-05", "2016-06-10"), counts, strict=True):
            counted = await get(registry, f"/statistics?as_of={day}", area=area)
            assert counted.json()["households"] == count, (area, day)


async def test_a_move_before_the_present_state_is_refused(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    await post(registry, f"/households/{household_id}/verifications", json={"on": "2016-05-01"})

    change = household(village_code=NEXT_VILLAGE) | {"effective_on": "2016-04-01"}
    refused = await put(registry, household_id, 2, json=change)

    assert (refused.status_code, refused.json()["code"]) == (422, "date-before-standing")


async def test_history_names_every_version(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    await put(registry, household_id, 1, json=household(attribute="02") | {"effective_on": "2016-04-01"})
    await post(registry, f"/households/{household_id}/verifications", json={})

    history = (await get(registry, f"/households/{household_id}/history")).json()

    assert [(c["version"], c["valid_from"], c["valid_to"], c["category"]) for c in history["contents"]] == [
        (1, "2016-03-01", "2016-04-01", "general"),
        (2, "2016-04-01", None, "dibao"),
    ]
    assert [(s["version"], s["status"], s["valid_from"]) for s in history["standings"]] == [
        (1, "registered", "2016-03-01"),
        (3, "verified", "2016-06-01"),
    ]
