"""Notices that were recorded later than they were posted: their days count from the recording."""

from datetime import date

import msgspec
import pytest

from contracts.events.notice import NoticeClosed
from tests.kit import Harness
from tests.services.supervision.builders import day, findings, hear
from tests.services.supervision.rounds import Notice
from tests.services.supervision.test_round_findings import observed


async def test_a_notice_recorded_late_is_judged_by_its_days_from_the_recording(
    supervision: Harness,
) -> None:
    honest, short = Notice(closes_on=day(3, 18)), Notice(closes_on=day(3, 18))

    await hear(supervision, honest.posted(), honest.closed(day(3, 18)))
    await hear(supervision, short.posted(), short.cut_short(day(3, 13)))

    assert await findings(supervision) == [("notice-cut-short", f"notice/{short.id}")]
    assert await observed(supervision) == ["posted on 2016-03-01, down on 2016-03-13, after 2 days"]


@pytest.mark.parametrize("closes_on", [None, day(3, 2)])
async def test_a_notice_is_held_to_its_days_from_the_posting_whatever_it_says_itself(
    supervision: Harness, closes_on: date | None
) -> None:
    notice = Notice()
    closed = notice.closed(day(3, 7))
    assert isinstance(closed, NoticeClosed)

    await hear(supervision, notice.posted(), msgspec.structs.replace(closed, closes_on=closes_on))

    assert await findings(supervision) == [("notice-cut-short", f"notice/{notice.id}")]
