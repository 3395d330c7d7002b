"""A programme is a row of data: what it pays for, at which rate, from when to when, and by which document."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from contracts.events.subsidy import ProgrammePublished
from services.subsidy.domain.errors import (
    ProgrammeAlreadyApplied,
    ProgrammeEditionsOverlap,
    ProgrammeNotInForce,
    ProgrammePeriodReversed,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One edition of a programme; a new rate is a new edition, never a change of an old one."""

    id: UUID
    code: str
    kind: str
    unit: str
    rate_fen: int
    cap_fen: int | None
    floor_fen: int | None
    effective_from: date
    effective_to: date | None
    basis_document: str


def is_within_period(programme: Programme, on: date) -> bool:
    """An edition is in force from its first to its last day, both included; without a last day it stays in force."""
    return programme.effective_from <= on and (programme.effective_to is None or on <= programme.effective_to)


def edition_in_force(editions: Iterable[Programme], on: date) -> Programme:
    """Return the one edition in force on a day: the last one begun, if its own last day has not passed."""
    begun = (edition for edition in editions if edition.effective_from <= on)
    latest = max(begun, key=lambda edition: edition.effective_from, default=None)
    if latest is None or not is_within_period(latest, on):
        raise ProgrammeNotInForce(pointer="/programme_code")
    return latest


def next_start(programme: Programme, editions: Iterable[Programme]) -> date | None:
    """Return the day on which the edition after this one begins, if there is one."""
    starts = (edition.effective_from for edition in editions)
    return min((start for start in starts if start > programme.effective_from), default=None)


def ended_by_the_next(programme: Programme, editions: Iterable[Programme]) -> Programme:
    """An edition without a last day ends the day before the next one begins."""
    following = next_start(programme, editions)
    if programme.effective_to is not None or following is None:
        return programme
    return replace(programme, effective_to=following - timedelta(days=1))


def publish(
    programme: Programme, editions: Iterable[Programme], *, applied_on: date | None = None
) -> ProgrammePublished:
    """Accept a new edition beside those of the same code: on no day may two be in force.

    `applied_on` is the last day, among those it takes from the edition before, on which a claim was filed under that.
    """
    if programme.effective_to is not None and programme.effective_to < programme.effective_from:
        raise ProgrammePeriodReversed(pointer="/effective_to")
    if any(_overlap(programme, edition) for edition in editions):
        raise ProgrammeEditionsOverlap(pointer="/effective_from")
    if applied_on is not None:
        raise ProgrammeAlreadyApplied(
            f"Claims up to {applied_on} were filed under the edition in force then; a new one can begin only later.",
            pointer="/effective_from",
        )
    return ProgrammePublished(
        programme_id=programme.id,
        code=programme.code,
        kind=programme.kind,
        rate_fen=programme.rate_fen,
        unit=programme.unit,
        floor_fen=programme.floor_fen,
        effective_from=programme.effective_from,
        effective_to=programme.effective_to,
        basis_document=programme.basis_document,
    )


def _overlap(one: Programme, other: Programme) -> bool:
    # Whichever begins first gives way to the later one, unless it was said to last longer.
    first, second = sorted((one, other), key=lambda edition: edition.effective_from)
    if first.effective_from == second.effective_from:
        return True
    return first.effective_to is not None and is_within_period(first, second.effective_from)
