"""A household on its way out that moves: its pre-exit goes along, the old village's list is void, and nothing is guessed."""

import json
from datetime import date
from typing import Any

from chassis import schema
from contracts import roles
from services.registry.main import SERVICE
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    get,
    household,
    member,
    post,
    put,
)
from tests.services.registry.changes import OFFICER, aged, changed, ids, undo
from tests.services.registry.exits import announce_exit, exited, leaving, noticed, visited_well
from tests.services.registry.noticing import (
    close,
    exit_notice,
    pre_exit,
    prosperous,
    show,
    statuses_of,
)
from tests.services.registry.rounds import visited

NEW_CLERK: dict[str, Any] = {"area": OTHER_TOWNSHIP, "actor": "clerk-9"}
SECOND_OFFICER = OFFICER | {"actor": "officer-2"}


async def moved(registry: Harness, household_id: str, number: int = 1, village: str = OTHER_VILLAGE) -> None:
    """Move a household to another township."""
    version = (await get(registry, f"/households/{household_id}", **OFFICER)).json()["version"]
    answer = await put(registry, household_id, version, json=household(number, village_code=village))
    assert answer.status_code == 200, answer.text


async def seen_in(registry: Harness, area: str) -> int:
    """Return how many pre-exits row-level security shows to an area."""
    async with registry.unit(roles.CLERK, area=area) as unit:
        return int(await unit.driver.fetchval("SELECT count(*) FROM pre_exit"))


async def withdraw(registry: Harness, household_id: str, **who: Any) -> Any:
    """Take a pre-exit back as the township's clerk unless told otherwise."""
    path = f"/households/{household_id}/pre-exits/withdrawals"
    return await post(registry, path, json={"reason": "illness"}, **who)


def listed(notice: dict[str, Any]) -> list[str]:
    """Return whom a notice lists."""
    return [item["household_id"] for item in json.loads(notice["list"])["items"]]


async def test_a_household_that_moved_leaves_by_a_notice_of_its_new_village(registry: Harness) -> None:
    household_id = await leaving(registry)
    await moved(registry, household_id)

    posted = await post(registry, "/exit-notices", json=exit_notice(village_code=OTHER_VILLAGE), **NEW_CLERK)
    registry.clock.move_to(date(2016, 6, 8))
    await close(registry, posted.json()["id"], **NEW_CLERK)
    answer = await announce_exit(registry, posted.json()["id"], **NEW_CLERK)

    assert posted.status_code == 201, posted.text
    assert answer.status_code == 201, answer.text
    assert await statuses_of(registry) == {household_id: "exited"}
    assert (await seen_in(registry, TOWNSHIP), await seen_in(registry, OTHER_TOWNSHIP)) == (0, 1)


async def test_a_pre_exit_is_taken_back_where_the_household_lives_to_the_state_that_it_had(
    registry: Harness,
) -> None:
    household_id, visit_id = await visited_well(registry)
    await pre_exit(registry, household_id, visit_id)
    await moved(registry, household_id)

    answer = await withdraw(registry, household_id, **NEW_CLERK)
    again = await pre_exit(registry, household_id, visit_id, **NEW_CLERK)

    assert (answer.status_code, answer.json()["status"]) == (200, "registered")
    assert (again.status_code, again.json()["status"]) == (200, "pre-exit"), again.text


async def test_a_move_that_is_undone_brings_the_pre_exit_back(registry: Harness) -> None:
    household_id = await leaving(registry)
    body = {"village_code": OTHER_VILLAGE, "address": "三村一组"}
    request_id = await changed(registry, "move", household_id, who=SECOND_OFFICER, **body)
    there = await seen_in(registry, OTHER_TOWNSHIP)
    notice = await post(registry, "/exit-notices", json=exit_notice(village_code=OTHER_VILLAGE), **NEW_CLERK)

    answer = await undo(registry, request_id, **SECOND_OFFICER)

    assert answer.status_code == 200, answer.text
    assert there == 1
    assert (await seen_in(registry, TOWNSHIP), await seen_in(registry, OTHER_TOWNSHIP)) == (1, 0)
    assert (await show(registry, notice.json()["id"], **NEW_CLERK))["state"] == "voided"
    assert listed(await show(registry, await noticed(registry))) == [household_id]


async def test_the_list_that_hangs_where_a_household_left_is_void_and_posted_again_without_it(
    registry: Harness,
) -> None:
    gone, stays = await leaving(registry, 1), await leaving(registry, 2)
    notice_id = await noticed(registry)

    await moved(registry, gone)
    refused = await announce_exit(registry, notice_id)
    again = await post(registry, "/exit-notices", json=exit_notice(posted_on="2016-06-08"))

    assert (await show(registry, notice_id))["void_reason"] == "household-changed"
    assert (refused.status_code, refused.json()["code"]) == (409, "notice-not-closed")
    assert listed(await show(registry, again.json()["id"])) == [stays]


async def test_how_long_policies_are_kept_goes_along_too(registry: Harness) -> None:
    household_id = await exited(registry)
    await registry.sql("UPDATE registry.pre_exit SET policies_kept_until = '2020-01-01'")
    await moved(registry, household_id)
    registry.clock.move_to(date(2019, 12, 31))

    early = await post(registry, f"/households/{household_id}/closures", json={}, **NEW_CLERK)

    assert (early.status_code, early.json()["code"]) == (409, "policies-kept")


async def test_without_a_pending_exit_nothing_is_taken_back_or_announced(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = await noticed(registry)
    await registry.sql("UPDATE registry.pre_exit SET outcome = 'taken-back'")
    known = len(await registry.facts())

    taken_back = await withdraw(registry, household_id)
    announced = await announce_exit(registry, notice_id)

    assert (taken_back.status_code, taken_back.json()["code"]) == (409, "household-not-in-pre-exit")
    assert (announced.status_code, announced.json()["code"]) == (409, "effects-refused")
    assert [(each["pointer"], each["code"]) for each in announced.json()["errors"]] == [
        (f"/households/{household_id}", "household-not-in-pre-exit")
    ]
    assert await statuses_of(registry) == {household_id: "pre-exit"}
    assert len(await registry.facts()) == known


async def closed_by_a_death(registry: Harness) -> tuple[str, str]:
    """Return a household that was on its way out when its only member died, and the request that says so."""
    household_id = await aged(registry, members=[member(2)])
    visit_id = (await visited(registry, household_id, checks=prosperous()))["id"]
    assert (await pre_exit(registry, household_id, visit_id)).status_code == 200
    (head,) = await ids(registry, household_id)
    return household_id, await changed(registry, "death", household_id, person_id=head)


async def test_an_exit_that_a_death_ended_waits_again_when_the_death_is_undone(registry: Harness) -> None:
    household_id, request_id = await closed_by_a_death(registry)

    await undo(registry, request_id)
    answer = await withdraw(registry, household_id)

    assert (answer.status_code, answer.json()["status"]) == (200, "registered"), answer.text


async def test_what_was_left_behind_before_is_put_right(registry: Harness) -> None:
    behind, elsewhere, waiting = [await leaving(registry, number) for number in (1, 2, 3)]
    for number, one in ((1, behind), (2, elsewhere)):
        await moved(registry, one, number)
    where = (registry.admin_url, "registry", SERVICE.metadata, SERVICE.migrations)
    await schema.downgrade(*where, to="0015")
    await registry.sql("UPDATE registry.pre_exit SET area_code = $1", VILLAGE)
    await registry.sql("UPDATE registry.household SET status = 'verified' WHERE id = $1::uuid", elsewhere)
    overtaken = (
        "UPDATE registry.pre_exit SET outcome = 'overtaken', ended_on = $2 WHERE household_id = $1::uuid"
    )
    await registry.sql(overtaken, waiting, date(2016, 6, 1))

    await schema.upgrade(*where)

    rows = await registry.sql("SELECT household_id, area_code, outcome, ended_on FROM registry.pre_exit")
    assert {str(row["household_id"]): tuple(row)[1:] for row in rows} == {
        behind: (OTHER_VILLAGE, "open", None),
        elsewhere: (OTHER_VILLAGE, "overtaken", date(2016, 6, 1)),
        waiting: (VILLAGE, "open", None),
    }
    assert await seen_in(registry, COUNTY) == len(rows)
