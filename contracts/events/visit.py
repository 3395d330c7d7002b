"""What the registry publishes about looking at a household: visits, and finds on other offices' lists."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts.events.registry import HouseholdFact
from contracts.values import CrossCheckKind, Fen


class VisitFigures(Struct, frozen=True, kw_only=True):
    """What a visit found, as far as others compare it; no income while that check is not done."""

    checks_complete: bool
    persons: int
    per_capita_income_fen: Fen | None = None


class VisitRecorded(HouseholdFact, frozen=True, kw_only=True):
    """A team visited a household and recorded the five checks."""

    event_type: ClassVar[str] = "registry.visit-recorded.v1"

    visit_id: UUID
    visited_on: date
    found: VisitFigures
    round_id: UUID | None = None


class VisitCorrected(HouseholdFact, frozen=True, kw_only=True):
    """Figures of a recorded visit were corrected."""

    event_type: ClassVar[str] = "registry.visit-corrected.v1"

    visit_id: UUID
    corrected_on: date
    before: VisitFigures
    after: VisitFigures


class VisitAnnulled(HouseholdFact, frozen=True, kw_only=True):
    """A recorded visit was found not to have taken place as told; it counts for nothing."""

    event_type: ClassVar[str] = "registry.visit-annulled.v1"

    visit_id: UUID
    visited_on: date
    annulled_on: date
    reason: str


class CrossCheckMatched(HouseholdFact, frozen=True, kw_only=True):
    """Somebody of a household was found on another office's list."""

    event_type: ClassVar[str] = "registry.cross-check-matched.v1"

    match_id: UUID
    list_id: UUID
    list_kind: CrossCheckKind
    rules_out: bool
    matched_on: date


class CrossCheckResolved(HouseholdFact, frozen=True, kw_only=True):
    """A match was explained, or confirmed and acted upon; told again when that was corrected, and the last holds."""

    event_type: ClassVar[str] = "registry.cross-check-resolved.v1"

    match_id: UUID
    outcome: str
    resolved_on: date


EVENTS = (
    VisitRecorded,
    VisitCorrected,
    VisitAnnulled,
    CrossCheckMatched,
    CrossCheckResolved,
)
