"""An area is shown as of a day and as known before a moment, its exit and its rounds, too."""

from tests.kit import Harness
from tests.services.registry.builders import COUNTY, VILLAGE, filed, post
from tests.services.registry.test_area import OFFICER, read
from tests.services.registry.test_area_exit import leave, ready


async def test_an_exit_is_not_shown_as_known_before_it_was_recorded(registry: Harness) -> None:
    notice_id = await ready(registry)
    moment = (await read(registry, f"/areas/{VILLAGE}"))["lineage"]["recorded_before"]
    await leave(registry, notice_id)

    then = await read(registry, f"/areas/{VILLAGE}", recorded_before=moment)

    assert then["exited_on"] is None
    assert (await read(registry, f"/areas/{VILLAGE}"))["exited_on"] == "2016-06-08"


async def test_a_round_is_not_shown_as_open_on_a_day_before_its_opening(registry: Harness) -> None:
    await filed(registry, on="2016-01-01")
    moment = (await read(registry, f"/areas/{VILLAGE}"))["lineage"]["recorded_before"]
    await post(registry, "/rounds", json={"scope": COUNTY, "kind": "look-back"}, **OFFICER)

    now = await read(registry, f"/areas/{VILLAGE}")
    yesterday = await read(registry, f"/areas/{VILLAGE}", as_of="2016-05-31")
    before = await read(registry, f"/areas/{VILLAGE}", recorded_before=moment)

    assert [len(one["open_rounds"]) for one in (now, yesterday, before)] == [1, 0, 0]
