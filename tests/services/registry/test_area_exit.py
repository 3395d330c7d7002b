"""An area leaves by computed criteria, after its notice hung its whole time; what it rested on stays frozen."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from chassis.ids import new_id
from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    post,
)
from tests.services.registry.noticing import hung
from tests.services.registry.test_area import OFFICER, read, state

LEFT = date(2016, 6, 8)


async def ask(registry: Harness, path: str, body: dict[str, Any], **who: Any) -> httpx.Response:
    """Ask as the county's officer unless told otherwise."""
    return await post(registry, path, json=body, **(OFFICER | who))


async def post_notice(registry: Harness, code: str = VILLAGE, **changes: Any) -> httpx.Response:
    """Post that an area is to leave."""
    who = {name: changes.pop(name) for name in ("roles", "area") if name in changes}
    body = hung() | {"posted_on": "2016-06-01"} | changes
    return await ask(registry, f"/areas/{code}/exit-notices", body, **who)


async def leave(registry: Harness, notice_id: str, code: str = VILLAGE, **changes: Any) -> httpx.Response:
    """Let an area leave on the day after its notice's week."""
    who = {name: changes.pop(name) for name in ("roles", "area", "key") if name in changes}
    body = {"on": LEFT.isoformat(), "notice_id": notice_id} | changes
    return await ask(registry, f"/areas/{code}/exits", body, **who)


async def close(registry: Harness, notice_id: str, on: date = LEFT) -> httpx.Response:
    """Close a notice."""
    return await ask(registry, f"/notices/{notice_id}/closures", {"on": on.isoformat()})


async def ready(registry: Harness) -> str:
    """Return the closed notice of a village with two poor people of a hundred."""
    await filed(registry)
    await state(registry, VILLAGE, "100")
    posted = await post_notice(registry)
    assert posted.status_code == 201, posted.text
    registry.clock.move_to(LEFT)
    assert (await close(registry, posted.json()["id"])).status_code == 201
    return str(posted.json()["id"])


async def test_an_area_leaves_after_its_notice_and_tells_of_it(registry: Harness) -> None:
    notice_id = await ready(registry)

    answer = await leave(registry, notice_id)

    assert answer.status_code == 201, answer.text
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence, fact.areacode) == ("registry.area-exited.v1", 1, VILLAGE)
    told = msgspec.json.decode(fact.data)
    assert (
        told["level"],
        told["exited_on"],
        told["poor_persons"],
        told["rural_population"],
        told["incidence"],
    ) == (
        "village",
        "2016-06-08",
        2,
        100,
        "2.00",
    )
    shown = await read(registry, f"/areas/{VILLAGE}")
    assert shown["exited_on"] == "2016-06-08"
    assert (await read(registry, f"/areas/{COUNTY}"))["areas_exited"] == 1
    assert (await read(registry, f"/areas/{VILLAGE}", as_of="2016-06-07"))["exited_on"] is None


async def test_what_an_exit_rested_on_stays_frozen(registry: Harness) -> None:
    notice_id = await ready(registry)
    left = (await leave(registry, notice_id)).json()
    await state(registry, VILLAGE, "20")
    await filed(registry, 2)

    (kept,) = (await read(registry, f"/areas/{TOWNSHIP}/exits"))["items"]

    assert kept == left
    assert kept["assessment"]["ready"] is True
    assert kept["assessment"]["incidence"]["fraction"] == "2/100"
    lineage = kept["assessment"]["lineage"]
    again = await read(
        registry,
        f"/areas/{VILLAGE}/exit-assessment",
        as_of=lineage["as_of"],
        recorded_before=lineage["recorded_before"],
    )
    assert again["lineage"]["sha256"] == lineage["sha256"]
    assert again["incidence"] == kept["assessment"]["incidence"]


async def test_what_hangs_says_the_criteria_with_their_numbers(registry: Harness) -> None:
    notice_id = await ready(registry)

    shown = await read(registry, f"/notices/{notice_id}")

    assert (shown["kind"], shown["min_days"], shown["households"]) == ("area-exit-notice", 7, 0)
    (item,) = msgspec.json.decode(shown["list"])["items"]
    assert item["incidence"]["percent"] == "2.00"
    assert item["criteria"][0]["outcome"] == "holds"


async def test_an_area_leaves_once(registry: Harness) -> None:
    notice_id = await ready(registry)
    first = await leave(registry, notice_id, key="exit-1")
    repeated = await leave(registry, notice_id, key="exit-1")

    again = await leave(registry, notice_id)
    noticed = await post_notice(registry)

    assert repeated.json() == first.json()
    for refused in (again, noticed):
        assert (refused.status_code, refused.json()["code"]) == (409, "area-exited")
    assert [fact.type for fact in await registry.facts()].count("registry.area-exited.v1") == 1


async def test_an_area_does_not_leave_against_its_criteria(registry: Harness) -> None:
    await filed(registry)
    await state(registry, VILLAGE, "66")

    for refused in (await leave(registry, str(new_id()), on="2016-06-01"), await post_notice(registry)):
        told = refused.json()
        assert (refused.status_code, told["code"], told["rule"]) == (409, *["area-exit-criteria"] * 2)
        assert "厅字〔2016〕16号" in told["basis"]
        (error,) = told["errors"]
        assert (error["pointer"], error["code"]) == ("/criteria/incidence", "criterion-fails")
        assert "3.03 percent" in error["message"]
    assert (await read(registry, f"/areas/{VILLAGE}/exits"))["items"] == []


async def test_an_area_whose_figures_nobody_stated_does_not_leave(registry: Harness) -> None:
    refused = await post_notice(registry)

    assert refused.json()["code"] == "area-exit-criteria"
    assert refused.json()["errors"][0]["code"] == "criterion-unknown"


async def test_criteria_that_failed_since_the_notice_keep_the_area_in(registry: Harness) -> None:
    notice_id = await ready(registry)
    await filed(registry, 2)

    refused = await leave(registry, notice_id)

    assert (refused.status_code, refused.json()["code"]) == (409, "area-exit-criteria")
    assert (await read(registry, f"/areas/{VILLAGE}"))["exited_on"] is None


async def test_no_exit_comes_before_its_notice_was_closed(registry: Harness) -> None:
    await state(registry, VILLAGE, "100")
    posted = (await post_notice(registry)).json()["id"]

    unknown = await leave(registry, str(new_id()), on="2016-06-01")
    hanging = await leave(registry, posted, on="2016-06-01")
    registry.clock.move_to(date(2016, 6, 7))
    early = await close(registry, posted, date(2016, 6, 7))
    registry.clock.move_to(LEFT)
    assert (await close(registry, posted)).status_code == 201
    backdated = await leave(registry, posted, on="2016-06-07")

    for refused in (unknown, hanging, backdated):
        told = refused.json()
        assert (refused.status_code, told["code"], told["rule"]) == (
            409,
            "area-exit-notice",
            "area-exit-notice",
        )
        assert told["basis"]
    assert early.json()["rule"] == "notice-minimum-days"
    assert (await leave(registry, posted)).status_code == 201


async def test_a_notice_recorded_late_hangs_its_days_from_its_recording_on(registry: Harness) -> None:
    await state(registry, VILLAGE, "100")
    registry.clock.move_to(date(2016, 6, 11))
    posted = (await post_notice(registry)).json()

    refused = await close(registry, posted["id"], date(2016, 6, 11))

    assert posted["closes_on"] == "2016-06-18"
    assert refused.json()["rule"] == "notice-minimum-days"
    assert (await leave(registry, posted["id"], on="2016-06-11")).json()["code"] == "area-exit-notice"


async def test_an_open_objection_keeps_the_area_in(registry: Harness) -> None:
    await state(registry, VILLAGE, "100")
    posted = (await post_notice(registry)).json()["id"]
    words = {"channel": "in-person", "by": "某人", "text": "数字不对", "filed_on": "2016-06-02"}
    registry.clock.move_to(LEFT)
    assert (await ask(registry, f"/notices/{posted}/objections", words)).status_code == 201

    blocked = await close(registry, posted)

    assert blocked.json()["rule"] == "no-open-objection"
    assert (await leave(registry, posted)).json()["code"] == "area-exit-notice"


@pytest.mark.parametrize("is_about_one", [False, True])
async def test_an_upheld_objection_voids_the_notice_of_an_area(registry: Harness, is_about_one: bool) -> None:
    household_id = await filed(registry)
    await state(registry, VILLAGE, "100")
    posted = (await post_notice(registry)).json()["id"]
    words = {"channel": "in-person", "by": "某人", "text": "数字不对", "filed_on": "2016-06-01"}
    about = {"household_id": household_id} if is_about_one else {}
    filed_ = (await ask(registry, f"/notices/{posted}/objections", words | about)).json()
    decision = {"outcome": "upheld", "answer": "已核查。", "decided_on": "2016-06-01"}

    await ask(registry, f"/objections/{filed_['id']}/decisions", decision, actor="officer-2")
    registry.clock.move_to(LEFT)

    assert (await read(registry, f"/notices/{posted}"))["void_reason"] == "objection-upheld"
    assert (await close(registry, posted)).json()["code"] == "notice-not-open"
    assert (await leave(registry, posted)).json()["code"] == "area-exit-notice"
    assert (await post_notice(registry, posted_on="2016-06-08")).status_code == 201


async def test_the_notice_of_another_area_does_not_serve(registry: Harness) -> None:
    notice_id = await ready(registry)
    await state(registry, NEXT_VILLAGE, "100")

    refused = await leave(registry, notice_id, NEXT_VILLAGE)

    assert (refused.status_code, refused.json()["code"]) == (409, "area-exit-notice")


async def test_only_the_countys_officer_lets_an_area_leave(registry: Harness) -> None:
    await state(registry, VILLAGE, "100")
    nothing = str(new_id())

    clerk = [
        await leave(registry, nothing, roles=[roles.CLERK]),
        await post_notice(registry, roles=[roles.CLERK]),
    ]
    other = [
        await leave(registry, nothing, on="2016-06-01", area=OTHER_TOWNSHIP),
        await post_notice(registry, area=OTHER_TOWNSHIP),
    ]
    tomorrow = [
        await leave(registry, nothing, on="2016-06-02"),
        await post_notice(registry, posted_on="2016-06-02"),
    ]

    assert [refused.status_code for refused in (*clerk, *other, *tomorrow)] == [403, 403, 404, 404, 422, 422]


async def test_what_an_exit_rested_on_cannot_be_rewritten(registry: Harness) -> None:
    await leave(registry, await ready(registry))
    unit = registry.unit(roles.OFFICER, area=COUNTY)

    with pytest.raises(Exception, match="permission denied"):
        async with unit:
            await unit.driver.execute("UPDATE area_exit SET exited_on = '2015-01-01'")


async def test_a_township_sees_the_exits_of_its_own_villages(registry: Harness) -> None:
    await leave(registry, await ready(registry))

    own = await get(registry, f"/areas/{TOWNSHIP}/exits", area=TOWNSHIP)
    other = await get(registry, f"/areas/{OTHER_TOWNSHIP}/exits", area=OTHER_TOWNSHIP)

    assert [one["area_code"] for one in own.json()["items"]] == [VILLAGE]
    assert other.json()["items"] == []
