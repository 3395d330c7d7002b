"""Notices, announcements and minutes on paper: the frozen list and nothing beside it, on record first."""

import hashlib
from typing import Any

import pytest

from contracts import roles
from contracts.values import SECOND_NOTICE
from services.registry.domain.procedure import CHECKED
from tests.kit import Harness
from tests.services.registry.announcing import confirmed
from tests.services.registry.builders import (
    CANARY_NAME,
    OTHER_TOWNSHIP,
    VILLAGE,
    filed,
    identity,
    member,
    post,
)
from tests.services.registry.evaluating import (
    CANARY_MINUTES,
    COMMITTEE,
    held,
    standing,
)
from tests.services.registry.noticing import announce, posted, show, standing_round
from tests.services.registry.test_area_exit import ready
from tests.services.registry.test_prints import text_of

WHY = {"reason": "hung in the village"}


async def hanging(registry: Harness, *numbers: int) -> dict[str, Any]:
    """Return a second notice that hangs."""
    for number in numbers or (1,):
        await filed(registry, number, members=[member(number * 2, name="欧阳建国")], candidate=True)
    round_id = await standing_round(registry, "township-review")
    await registry.sql("UPDATE registry.household SET status = 'evaluated'")
    return await posted(registry, round_id, SECOND_NOTICE)


async def test_a_notice_prints_its_frozen_list_masked_and_its_hash(registry: Harness) -> None:
    notice = await hanging(registry, 1, 2)
    frozen = (await show(registry, notice["id"]))["list"]

    printed = await post(registry, f"/notices/{notice['id']}/prints", json=WHY)

    assert printed.status_code == 200, printed.text
    text = text_of(printed.content)
    for shown in ("建档立卡第二次公示", "洱源县甲镇一村", "欧***", "新增", "上轮遗漏", "共2户", "不少于7天"):
        assert shown in text, shown
    assert hashlib.sha256(frozen.encode()).hexdigest() in text
    for hidden in ("欧阳建国", identity(2), "F-00001"):
        assert hidden not in text


async def test_a_paper_follows_the_frozen_list_and_not_what_became_of_the_household(
    registry: Harness,
) -> None:
    notice = await hanging(registry)
    before = text_of((await post(registry, f"/notices/{notice['id']}/prints", json=WHY)).content)
    await registry.sql("UPDATE registry.household SET persons = 9, status = 'closed'")

    after = text_of((await post(registry, f"/notices/{notice['id']}/prints", json=WHY)).content)

    assert after == before


async def test_a_voided_notice_says_so_on_paper(registry: Harness) -> None:
    notice = await hanging(registry)
    down = {"taken_down_on": "2016-06-01", "reason": "storm"}
    assert (await post(registry, f"/notices/{notice['id']}/takedowns", json=down)).status_code == 201

    printed = await post(registry, f"/notices/{notice['id']}/prints", json=WHY)

    assert "本公示已于2016年6月1日作废" in text_of(printed.content)


async def test_an_areas_notice_prints_its_criteria(registry: Harness) -> None:
    notice_id = await ready(registry)

    printed = await post(registry, f"/notices/{notice_id}/prints", json=WHY)

    text = text_of(printed.content)
    for shown in ("建档立卡退出公示", "退出指标完成情况", "贫困发生率", "2.00", "达标"):
        assert shown in text, shown


async def test_an_announcement_prints_what_was_announced(registry: Harness) -> None:
    await filed(registry, 1, members=[member(2, name="欧阳建国")], candidate=True)
    announced = (await announce(registry, await confirmed(registry), on="2016-06-08")).json()

    printed = await post(registry, f"/announcements/{announced['id']}/prints", json=WHY)

    text = text_of(printed.content)
    for shown in ("建档立卡公告", "经县级确认", "欧***", "新增", "共1户", announced["list_sha256"]):
        assert shown in text, shown


async def test_minutes_print_roll_words_and_votes_for_those_who_may_read_them(registry: Harness) -> None:
    round_id, ids = await standing(registry, CHECKED)
    meeting = await held(registry, round_id, *ids)
    path = f"/meetings/{meeting['id']}/prints"

    printed = await post(registry, path, json=WHY, **COMMITTEE)
    auditor = await post(registry, path, json=WHY, roles=[roles.AUDITOR])

    text = text_of(printed.content)
    for shown in (
        "内部评议会议记录",
        CANARY_NAME,
        "F-00001",
        "保留",
        "通过",
        "".join(CANARY_MINUTES.split()),
    ):
        assert shown in text, shown
    assert auditor.status_code == 403


async def test_public_papers_are_on_record_too(registry: Harness) -> None:
    notice = await hanging(registry)

    await post(registry, f"/notices/{notice['id']}/prints", json=WHY)

    (row,) = await registry.sql(
        "SELECT kind, subject_id::text, reason, asked_for, items, area_code FROM registry.disclosure"
    )
    assert tuple(row) == ("print", notice["id"], WHY["reason"], SECOND_NOTICE, 1, VILLAGE)


@pytest.mark.parametrize(("who", "status"), [({"roles": [roles.BANK]}, 403), ({"area": OTHER_TOWNSHIP}, 404)])
async def test_partners_and_other_areas_print_no_notice(
    registry: Harness, who: dict[str, Any], status: int
) -> None:
    notice = await hanging(registry)

    refused = await post(registry, f"/notices/{notice['id']}/prints", json=WHY, **who)

    assert refused.status_code == status
    assert await registry.sql("SELECT 1 FROM registry.disclosure") == []
