"""A programme is a row of data: what it pays for, at which rate, from when to when, and by which document."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.subsidy import ProgrammePublished
from services.subsidy.domain.errors import (
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
    """Return the one edition in force on a day."""
    for programme in editions:
        if is_within_period(programme, on):
            return programme
    raise ProgrammeNotInForce(pointer="/programme_code")


def publish(programme: Programme, editions: Iterable[Programme]) -> ProgrammePublished:
    """Accept a new edition beside those of the same code: on no day may two be in force."""
    if programme.effective_to is not None and programme.effective_to < programme.effective_from:
        raise ProgrammePeriodReversed(pointer="/effective_to")
    if any(_overlap(programme, edition) for edition in editions):
        raise ProgrammeEditionsOverlap(pointer="/effective_from")
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
    later_start = max(one.effective_from, other.effective_from)
    return is_within_period(one, later_start) and is_within_period(other, later_start)
