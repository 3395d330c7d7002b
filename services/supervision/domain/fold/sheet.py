"""What the registry says of rounds and of public notices."""

from collections.abc import Callable
from typing import Any, Final

from contracts.events import notice, procedure
from services.supervision.domain.heard import Heard
from services.supervision.domain.sheet import Closing, Hanging, Notice, Round


def _closed(round_: Round, fact: procedure.RoundClosed, heard: Heard) -> None:
    round_.closing = Closing(fact.closed_on, fact.counts, heard.event_id)


def _restated(round_: Round, fact: procedure.RoundRestated, heard: Heard) -> None:
    if round_.closing is not None:
        round_.closing = Closing(round_.closing.on, fact.after, heard.event_id)


def _taken_down(notice_: Notice, fact: notice.NoticeClosed, heard: Heard) -> None:
    notice_.closed = Hanging(fact.posted_on, fact.closed_on, fact.min_days, heard.event_id, fact.closes_on)


def _reopened(notice_: Notice, _fact: notice.NoticeReopened, _heard: Heard) -> None:
    notice_.closed = None


def _cut_short(notice_: Notice, fact: notice.NoticeCutShort, heard: Heard) -> None:
    notice_.cut = Hanging(fact.posted_on, fact.taken_down_on, fact.min_days, heard.event_id, fact.closes_on)


def _voided(notice_: Notice, _fact: notice.NoticeVoided, _heard: Heard) -> None:
    notice_.is_void = True


ROUND_FOLDS: Final[dict[Any, Callable[[Round, Any, Heard], None]]] = {
    procedure.RoundClosed: _closed,
    procedure.RoundRestated: _restated,
}
NOTICE_FOLDS: Final[dict[Any, Callable[[Notice, Any, Heard], None]]] = {
    notice.NoticeClosed: _taken_down,
    notice.NoticeReopened: _reopened,
    notice.NoticeCutShort: _cut_short,
    notice.NoticeVoided: _voided,
}
