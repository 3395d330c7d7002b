"""A public notice (两公示): its list frozen by hash, the days it must hang, the objections that block, and what voids it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from contracts.events import notice as facts
from contracts.values import AREA_EXIT_NOTICE, EXIT_NOTICE, FIRST_NOTICE, SECOND_NOTICE
from services.registry.domain.division import division_prefix
from services.registry.domain.errors.notice import (
    NoticeDayInvalid,
    NoticeHangsTooShort,
    NoticeNotClosed,
    NoticeNotOpen,
    NoticeTakenDownAlready,
    ObjectionOpen,
)
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.rule_pack import RulePack

OPEN: Final = "open"
CLOSED: Final = "closed"
VOIDED: Final = "voided"
NOTICE_STATES: Final = (OPEN, CLOSED, VOIDED)
OF_A_ROUND: Final = (FIRST_NOTICE, SECOND_NOTICE)
OF_A_VILLAGE: Final = (*OF_A_ROUND, EXIT_NOTICE)
EVERY_KIND: Final = (*OF_A_VILLAGE, AREA_EXIT_NOTICE)
EXIT: Final = "exit"

TAKEN_DOWN_EARLY: Final = "taken-down-early"
OBJECTION_FILED: Final = "objection-filed"
OBJECTION_UPHELD: Final = "objection-upheld"
CLOSED_FIRST: Final = "two-notices-one-announcement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One posted list. `version` counts what happened to it; `announced_on` is set when an exit took effect by it."""

    id: UUID
    kind: str
    area_code: str
    round_id: UUID | None
    rule_pack: str
    rule_pack_version: int
    state: str
    version: int
    posted_on: date
    min_days: int
    closes_on: date
    households: int
    list_sha256: str
    closed_on: date | None = None
    voided_on: date | None = None
    void_reason: str | None = None
    taken_down_on: date | None = None
    announced_on: date | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What a list says in public of one household: nothing that identifies beyond the masked name of its head."""

    household_id: UUID
    name: str
    persons: int
    proposal: str
    reason: str | None


def canonical_list(kind: str, area_code: str, round_id: UUID | None, items: Sequence[Any]) -> bytes:
    """Return a list as canonical JSON: UTF-8, keys sorted, no blanks, items in the order given (after RFC 8785)."""
    content = {"kind": kind, "area_code": area_code, "round_id": round_id, "items": items}
    # Structs keep the order of their fields unless everything is made plain first.
    return msgspec.json.encode(msgspec.to_builtins(content, order="sorted"), order="sorted")


def hash_list(canonical: bytes) -> str:
    """Return the SHA-256 under which a list is frozen."""
    return hashlib.sha256(canonical).hexdigest()


def last_day(posted_on: date, min_days: int, *, recorded_on: date) -> date:
    """Return the first day on which a notice may be closed: it hung so many whole days before (国开办发〔2014〕24号).

    They count from its recording where that came later: nobody can object at the office to a list it has not frozen yet.
    """
    return max(posted_on, recorded_on) + timedelta(days=min_days)


def posted_fact(notice: Notice) -> facts.NoticePosted:
    """Return the fact that a list hangs."""
    return facts.NoticePosted(
        notice_id=notice.id,
        area_code=division_prefix(notice.area_code),
        kind=notice.kind,
        round_id=notice.round_id,
        posted_on=notice.posted_on,
        min_days=notice.min_days,
        closes_on=notice.closes_on,
        households=notice.households,
        list_sha256=notice.list_sha256,
    )


def close(
    notice: Notice, pack: RulePack, *, on: date, today: date, open_objections: int
) -> tuple[Notice, facts.NoticeClosed]:
    """Close a notice that hung its minimum days, while no objection is open (国开办发〔2014〕24号)."""
    check_open(notice)
    _check_day(on, today)
    if on < notice.closes_on:
        raise NoticeHangsTooShort(
            f"The notice hangs {notice.min_days} days, until {notice.closes_on.isoformat()}.",
            pointer="/on",
            rule="notice-minimum-days",
            # Packs name the document of their days under the kind of number.
            basis=pack.basis("notice-days"),
        )
    if open_objections:
        raise ObjectionOpen(
            f"{open_objections} objections are not answered.",
            rule="no-open-objection",
            basis=pack.basis("no-open-objection"),
        )
    closed = replace(notice, state=CLOSED, closed_on=on, version=notice.version + 1)
    return closed, facts.NoticeClosed(
        notice_id=closed.id,
        area_code=division_prefix(closed.area_code),
        kind=closed.kind,
        posted_on=closed.posted_on,
        min_days=closed.min_days,
        closes_on=closed.closes_on,
        closed_on=on,
    )


def reopen(notice: Notice, *, on: date) -> tuple[Notice, facts.NoticeReopened]:
    """Undo the closing of a notice: it waits for the answer to an objection as if it hung."""
    if notice.state != CLOSED:
        raise NoticeNotOpen(f"The notice is {notice.state}.")
    reopened = replace(notice, state=OPEN, closed_on=None, version=notice.version + 1)
    return reopened, facts.NoticeReopened(
        notice_id=reopened.id, area_code=division_prefix(reopened.area_code), reopened_on=on
    )


def void(notice: Notice, *, on: date, reason: str) -> tuple[Notice, facts.NoticeVoided]:
    """Void a notice whose list is no longer what hangs there; it must be posted again."""
    if notice.state == VOIDED:
        raise NoticeNotOpen
    voided = replace(notice, state=VOIDED, voided_on=on, void_reason=reason, version=notice.version + 1)
    return voided, facts.NoticeVoided(
        notice_id=voided.id, area_code=division_prefix(voided.area_code), voided_on=on, reason=reason
    )


def take_down(
    notice: Notice, *, on: date, today: date, reason: str
) -> tuple[Notice, facts.NoticeCutShort | None]:
    """Record the day on which a notice was taken down; there is a fact when that was before its minimum days."""
    if notice.state == VOIDED:
        raise NoticeNotOpen
    if notice.taken_down_on is not None:
        raise NoticeTakenDownAlready
    _check_day(on, today, "/taken_down_on")
    check_not_before(notice, on, "/taken_down_on")
    taken_down = replace(notice, taken_down_on=on)
    if on >= notice.closes_on:
        return taken_down, None
    taken_down = replace(taken_down, version=notice.version + 1)
    return taken_down, facts.NoticeCutShort(
        notice_id=notice.id,
        area_code=division_prefix(notice.area_code),
        posted_on=notice.posted_on,
        taken_down_on=on,
        min_days=notice.min_days,
        closes_on=notice.closes_on,
        reason=reason,
    )


def announce(notice: Notice, pack: RulePack, *, on: date, today: date) -> Notice:
    """Let what a closed notice listed take effect: once, and not before it was closed."""
    basis = pack.basis(CLOSED_FIRST)
    if notice.state != CLOSED or notice.closed_on is None or notice.announced_on is not None:
        raise NoticeNotClosed(rule=CLOSED_FIRST, basis=basis)
    _check_day(on, today, "/published_on")
    if on < notice.closed_on:
        message = f"The notice was closed on {notice.closed_on.isoformat()}."
        raise NoticeNotClosed(message, pointer="/published_on", rule=CLOSED_FIRST, basis=basis)
    return replace(notice, announced_on=on)


def check_open(notice: Notice) -> None:
    """Refuse a notice that was closed or voided."""
    if notice.state != OPEN:
        raise NoticeNotOpen(f"The notice is {notice.state}.")


def check_not_before(notice: Notice, on: date, pointer: str) -> None:
    """Refuse a day before the notice hung."""
    if on < notice.posted_on:
        message = f"The notice was posted on {notice.posted_on.isoformat()}."
        raise NoticeDayInvalid(message, pointer=pointer)


def _check_day(on: date, today: date, pointer: str = "/on") -> None:
    if on > today:
        raise DateInFuture(pointer=pointer)
