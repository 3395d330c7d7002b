"""What the registry publishes about rounds, the three evaluations and the four determinations; households appear by id only."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts import topics
from contracts.values import (
    INTERNAL,
    AreaCode,
    Determination,
    Evaluation,
    RoundKind,
    RulePackCode,
    VillageCode,
)


class RoundCounts(Struct, frozen=True, kw_only=True):
    """Households and persons on the register at both ends of a round, and what changed between."""

    opening_households: int
    opening_persons: int
    added_households: int
    added_persons: int
    removed_households: int
    removed_persons: int
    changed_persons: int
    closing_households: int
    closing_persons: int


class RoundFact(Struct, frozen=True, kw_only=True):
    """Every fact about one round carries its id and its scope."""

    topic: ClassVar[str] = topics.ROUND
    data_class: ClassVar[str] = INTERNAL
    subject_kind: ClassVar[str] = "round"

    round_id: UUID
    area_code: AreaCode

    def subject_id(self) -> str:
        """Return the round's id."""
        return str(self.round_id)


class RoundOpened(RoundFact, frozen=True, kw_only=True):
    """A round was opened: who was on the register then is its opening snapshot."""

    event_type: ClassVar[str] = "registry.round-opened.v1"

    number: int
    kind: RoundKind
    opened_on: date
    households: int
    persons: int
    rule_pack: RulePackCode


class RoundClosed(RoundFact, frozen=True, kw_only=True):
    """A round was signed off; its numbers close."""

    event_type: ClassVar[str] = "registry.round-closed.v1"

    number: int
    kind: RoundKind
    closed_on: date
    counts: RoundCounts
    kept_households: int
    corrected_households: int


class RoundRestated(RoundFact, frozen=True, kw_only=True):
    """The numbers of a closed round were stated anew, after something dated inside it became known later."""

    event_type: ClassVar[str] = "registry.round-restated.v1"

    restated_on: date
    before: RoundCounts
    after: RoundCounts
    reason: str


class EvaluationFact(Struct, frozen=True, kw_only=True):
    """Every fact about one meeting or determination carries its id."""

    topic: ClassVar[str] = topics.EVALUATION
    data_class: ClassVar[str] = INTERNAL
    subject_kind: ClassVar[str] = "evaluation"

    evaluation_id: UUID
    round_id: UUID

    def subject_id(self) -> str:
        """Return the meeting's or determination's id."""
        return str(self.evaluation_id)


class EvaluationHeld(EvaluationFact, frozen=True, kw_only=True):
    """One of the three evaluations was held with its quorum and voted on households."""

    event_type: ClassVar[str] = "registry.evaluation-held.v1"

    evaluation: Evaluation
    village_code: VillageCode
    held_on: date
    eligible: int
    present: int
    passed: list[UUID]
    turned_down: list[UUID]


class EvaluationAnnulled(EvaluationFact, frozen=True, kw_only=True):
    """A meeting was found void; its votes count for nothing."""

    event_type: ClassVar[str] = "registry.evaluation-annulled.v1"

    evaluation: Evaluation
    village_code: VillageCode
    annulled_on: date
    reason: str
    households: list[UUID]


class DeterminationMade(EvaluationFact, frozen=True, kw_only=True):
    """One of the four determinations was made for an area."""

    event_type: ClassVar[str] = "registry.determination-made.v1"

    determination: Determination
    area_code: AreaCode
    determined_on: date
    confirmed: int
    turned_down: list[UUID]


EVENTS = (
    RoundOpened,
    RoundClosed,
    RoundRestated,
    EvaluationHeld,
    EvaluationAnnulled,
    DeterminationMade,
)
