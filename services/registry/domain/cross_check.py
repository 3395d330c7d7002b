"""Somebody of a household on another office's list: what that rules out, and how it is cleared up (数据比对)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contracts.values import CONFIRMED
from services.registry.domain.errors.cross_check import (
    MatchNotSoResolved,
    MatchReasonUnknown,
    MatchResolved,
    MatchSamePerson,
)
from services.registry.domain.errors.register import NothingChanged
from services.registry.domain.rule_pack import RulePack

NOT_RULED_OUT: Final = "not-ruled-out"
SECOND_PERSON: Final = "match-second-person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What became of a match. A match has one after the other; the last holds, and says what is wrong with the one before."""

    match_id: UUID
    area_code: str
    number: int
    outcome: str
    reason: str
    actor_id: str
    resolved_on: date
    recorded_at: datetime
    corrects: int | None = None
    corrects_actor_id: str | None = None
    correction_reason: str | None = None


def rules_out(kind: str, pack: RulePack) -> bool:
    """Tell whether being on a list of this kind keeps a household off the register (两评议两公示一比对一公告)."""
    return kind in pack.ruled_out_by


def check_reason(outcome: str, reason: str, pack: RulePack) -> None:
    """Refuse to confirm a match with a reason on which no round could act; an explanation has the office's own code."""
    if outcome == CONFIRMED and reason not in {*pack.remove_reasons, *pack.correct_reasons}:
        raise MatchReasonUnknown(pointer="/reason", rule=NOT_RULED_OUT, basis=pack.basis(NOT_RULED_OUT))


def check_correction(before: Resolution | None, after: Resolution, pack: RulePack) -> None:
    """A match is resolved once; that is corrected by another person, who names what is corrected and says why."""
    if before is not None and after.corrects is None:
        raise MatchResolved
    if after.corrects != (before.number if before else None):
        raise MatchNotSoResolved(pointer="/corrects/resolution")
    if before is None:
        return
    if after.actor_id == before.actor_id:
        raise MatchSamePerson(rule=SECOND_PERSON, basis=pack.basis(SECOND_PERSON))
    if (after.outcome, after.reason) == (before.outcome, before.reason):
        raise NothingChanged
