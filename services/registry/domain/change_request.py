"""A change request: written by one person against the files as they stood, decided by another, and taken back whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chassis.errors import FieldError, Forbidden
from contracts.roles import OFFICER
from services.registry.domain.errors.change import (
    ChangeRequestConflict,
    ChangeRequestDecided,
    ChangeRequestForeign,
    ChangeRequestNotApplied,
    ChangeRequestOvertaken,
    ChangeRequestOwn,
    ChangeRequestStale,
)
from services.registry.domain.household import Household

SUBMITTED: Final = "submitted"
APPROVED: Final = "approved"
REJECTED: Final = "rejected"
CANCELLED: Final = "cancelled"
UNDONE: Final = "undone"
STATES: Final = (SUBMITTED, APPROVED, REJECTED, CANCELLED, UNDONE)

BIRTH: Final = "birth"
DEATH: Final = "death"
MARRIAGE_IN: Final = "marriage-in"
MARRIAGE_OUT: Final = "marriage-out"
MOVE: Final = "move"
SPLIT: Final = "split"
MERGE: Final = "merge"
HEAD_CHANGE: Final = "head-change"
CORRECTION: Final = "correction"
DUPLICATE_MERGE: Final = "duplicate-merge"
KINDS: Final = (
    BIRTH,
    DEATH,
    MARRIAGE_IN,
    MARRIAGE_OUT,
    MOVE,
    SPLIT,
    MERGE,
    HEAD_CHANGE,
    CORRECTION,
    DUPLICATE_MERGE,
)
TOWNSHIP_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """One request; `sealed` is what it asks for, encrypted, `yields_to` the requests that it lets go first."""

    id: UUID
    village_code: str
    kind: str
    effective_on: date
    reason: str
    state: str
    sealed: bytes = field(repr=False)
    yields_to: Sequence[UUID]
    submitted_by: str
    submitted_on: date
    submitted_at: datetime
    decided_by: str | None = None
    decided_on: date | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    undone_by: str | None = None
    undone_on: date | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Who did something to a request, and when."""

    actor_id: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Another open request that touches a household or person of this one."""

    id: UUID
    village_code: str
    yields_to: Sequence[UUID]


def approve(request: ChangeRequest, mark: Mark, rivals: Iterable[Rival]) -> ChangeRequest:
    """Let a second person agree to a request that no other open one stands against."""
    _refuse_own(request, mark.actor_id)
    refuse_conflict(request.id, rivals)
    return _decided(request, APPROVED, mark, None)


def reject(request: ChangeRequest, mark: Mark, *, reason: str) -> ChangeRequest:
    """Let a second person turn a request down, with a reason code."""
    _refuse_own(request, mark.actor_id)
    return _decided(request, REJECTED, mark, reason)


def cancel(request: ChangeRequest, mark: Mark) -> ChangeRequest:
    """Let the submitter take a request back."""
    _refuse_foreign(request, mark.actor_id)
    return _decided(request, CANCELLED, mark, None)


def rebase(request: ChangeRequest, actor_id: str, rivals: Iterable[Rival]) -> ChangeRequest:
    """Let the submitter write the request anew against the files of now; it lets the open ones before it go first."""
    _refuse_foreign(request, actor_id)
    refuse_decided(request)
    return replace(request, yields_to=[rival.id for rival in rivals])


def undo(request: ChangeRequest, mark: Mark) -> ChangeRequest:
    """Let somebody else than the submitter take an approved request back."""
    if request.state != APPROVED:
        raise ChangeRequestNotApplied
    _refuse_own(request, mark.actor_id)
    return replace(request, state=UNDONE, undone_by=mark.actor_id, undone_on=mark.on, undone_at=mark.at)


def refuse_conflict(request_id: UUID, rivals: Iterable[Rival]) -> None:
    """Two open requests on the same household or person block each other, until one lets the other go first."""
    against = [rival for rival in rivals if request_id not in rival.yields_to]
    if against:
        raise ChangeRequestConflict(
            errors=[
                FieldError(f"/change-requests/{rival.id}", "change-request-conflict", "It is open, too.")
                for rival in against
            ]
        )


def refuse_stale(written_against: Mapping[UUID, int], now: Mapping[UUID, Household]) -> None:
    """A request is applied only to the very files that its submitter saw."""
    changed = [
        each for each, version in written_against.items() if each not in now or now[each].version != version
    ]
    if changed:
        raise ChangeRequestStale(errors=[_changed(each) for each in changed])


def refuse_overtaken(applied: Mapping[UUID, int], now: Mapping[UUID, Household]) -> None:
    """A change is taken back only while nothing was built on it."""
    changed = [each for each, version in applied.items() if each not in now or now[each].version != version]
    if changed:
        raise ChangeRequestOvertaken(errors=[_changed(each) for each in changed])


def refuse_decided(request: ChangeRequest) -> None:
    """Refuse a request that is not open."""
    if request.state != SUBMITTED:
        raise ChangeRequestDecided


def check_reviewer(kind: str, villages: Iterable[str], roles: Iterable[str]) -> None:
    """What passes from township to township, and who is a duplicate, is for the county to decide (our own)."""
    townships = {village[:TOWNSHIP_DIGITS] for village in villages}
    if (kind == DUPLICATE_MERGE or len(townships) > 1) and OFFICER not in roles:
        raise Forbidden("A county officer decides this change.")


def _decided(request: ChangeRequest, state: str, mark: Mark, reason: str | None) -> ChangeRequest:
    refuse_decided(request)
    return replace(
        request,
        state=state,
        decided_by=mark.actor_id,
        decided_on=mark.on,
        decided_at=mark.at,
        decision_reason=reason,
    )


def _refuse_own(request: ChangeRequest, actor_id: str) -> None:
    if request.submitted_by == actor_id:
        raise ChangeRequestOwn


def _refuse_foreign(request: ChangeRequest, actor_id: str) -> None:
    if request.submitted_by != actor_id:
        raise ChangeRequestForeign


def _changed(household_id: UUID) -> FieldError:
    return FieldError(f"/households/{household_id}", "household-changed", "It has changed since.")
