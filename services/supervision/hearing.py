"""From envelopes to what the desk understands, and from its findings to facts."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from chassis.unit_of_work import UnitOfWork
from contracts.events import subsidy
from contracts.events.supervision import FindingClosed, FindingOpened
from services.supervision.domain.finding import Change, Move
from services.supervision.domain.fold.every import EVALUATION_FOLDS, FOLDS, households_in
from services.supervision.domain.fold.sheet import NOTICE_FOLDS, ROUND_FOLDS
from services.supervision.domain.heard import Heard

AREA_DIGITS: Final = 12
_WANTED: Final = (*FOLDS, *EVALUATION_FOLDS, *ROUND_FOLDS, *NOTICE_FOLDS, subsidy.ProgrammePublished)
_DECODERS: Final = {kind.event_type: msgspec.json.Decoder(kind) for kind in _WANTED}

Recorder = Callable[[Sequence[Change]], None]


class Told(msgspec.Struct, frozen=True, gc=False):
    """The part of an envelope that a projection needs; the trail is read back by it."""

    id: UUID
    type: str
    areacode: str
    businessdate: date
    data: msgspec.Raw


_told = msgspec.json.Decoder(Told)


def area_of(code: str) -> str:
    """Return a division code in full length; what belongs to no division lies above all of them."""
    return code.ljust(AREA_DIGITS, "0")


def read_back(payload: bytes) -> Told:
    """Return what an entry of the trail told."""
    return _told.decode(payload)


def heard_of(told: Any, at: datetime) -> Heard | None:
    """Return an event with its data typed, or None when no projection wants it."""
    decoder = _DECODERS.get(told.type)
    if decoder is None:
        return None
    return Heard(
        event_id=told.id,
        event_type=told.type,
        fact=decoder.decode(told.data),
        area_code=area_of(told.areacode),
        on=told.businessdate,
        at=at,
    )


def households_of(heard: Iterable[Heard]) -> set[UUID]:
    """Return the households whose dossiers a batch changes."""
    return {household_id for each in heard for household_id in households_in(each.fact)}


def codes_of(heard: Iterable[Heard]) -> dict[str, str]:
    """Return the programmes that a batch publishes, with their kinds."""
    return {
        each.fact.code: each.fact.kind for each in heard if isinstance(each.fact, subsidy.ProgrammePublished)
    }


def record_changes(unit: UnitOfWork, changes: Sequence[Change]) -> None:
    """Publish findings that opened or closed."""
    for move, finding in changes:
        content: dict[str, Any] = {
            "finding_id": finding.id,
            "rule": finding.rule,
            "rule_version": finding.rule_version,
            "subject": finding.subject,
            "observed": finding.observed,
            "expected": finding.expected,
            "evidence": finding.evidence,
        }
        if move is Move.OPENED:
            opened = FindingOpened(**content, opened_on=finding.opened_on)
            unit.record(opened, sequence=1, area=finding.area_code)
        elif move is Move.CLOSED:
            evidence = (*finding.evidence, finding.closed_by) if finding.closed_by else finding.evidence
            closed = FindingClosed(
                **content | {"evidence": evidence},
                closed_on=finding.closed_on or finding.opened_on,
                reason=finding.reason or "",
            )
            unit.record(closed, sequence=2, area=finding.area_code)


def record_nothing(_changes: Sequence[Change]) -> None:
    """Publish nothing: in a rebuild every fact is already known."""
