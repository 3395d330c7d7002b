"""No rule pack comes into force under an exit that began: neither a household's nor an area's."""

from datetime import date

from tests.kit import Harness
from tests.services.registry.builders import VILLAGE, post
from tests.services.registry.exits import visited_well
from tests.services.registry.noticing import exit_notice, hung, pre_exit
from tests.services.registry.packs import PROPOSER, activated, proposed, reviewed
from tests.services.registry.test_area import state


async def test_no_pack_comes_into_force_under_an_exit_that_began(registry: Harness) -> None:
    await proposed(registry)
    await reviewed(registry)
    household_id, visit_id = await visited_well(registry)
    agreed = await pre_exit(registry, household_id, visit_id)
    registry.clock.move_to(date(2016, 6, 10))

    under_it = await activated(registry, "2016-06-01")
    await post(registry, "/exit-notices", json=exit_notice(posted_on="2016-06-05"))
    under_its_notice = await activated(registry, "2016-06-05")
    after = await activated(registry, "2016-06-06")

    assert agreed.status_code == 200, agreed.text
    for refused in (under_it, under_its_notice):
        assert (refused.status_code, refused.json()["code"]) == (409, "rule-pack-day-used")
    assert after.status_code == 201, after.text


async def test_no_pack_comes_into_force_under_the_exit_notice_of_an_area(registry: Harness) -> None:
    await proposed(registry)
    await reviewed(registry)
    await state(registry, VILLAGE, "100")
    body = {"posted_on": "2016-06-01"} | hung()
    posted = await post(registry, f"/areas/{VILLAGE}/exit-notices", json=body, **PROPOSER)

    under_it = await activated(registry, "2016-06-01")
    after = await activated(registry, "2016-06-02")

    assert posted.status_code == 201, posted.text
    assert (under_it.status_code, under_it.json()["code"]) == (409, "rule-pack-day-used")
    assert after.status_code == 201, after.text
