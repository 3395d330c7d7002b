"""What the registry publishes: which households are on the register, and what changed about them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts import topics
from contracts.values import (
    RESTRICTED,
    TAKEOVER,
    Category,
    Fen,
    HouseholdState,
    RegistrationBasis,
    RulePackCode,
    VillageCode,
)


class HouseholdProfile(Struct, frozen=True, kw_only=True):
    """What other services may know of a household; people stay in the registry."""

    village_code: VillageCode
    persons: int
    category: Category


class HouseholdFact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every fact about one household carries its id."""

    topic: ClassVar[str] = topics.HOUSEHOLD
    data_class: ClassVar[str] = RESTRICTED
    subject_kind: ClassVar[str] = "household"

    household_id: UUID

    def subject_id(self) -> str:
        """Return the household's id."""
        return str(self.household_id)


class HouseholdRegistered(HouseholdFact, frozen=True, kw_only=True):
    """A household was entered on the register, by the procedure of a round or taken over from an older register."""

    event_type: ClassVar[str] = "registry.household-registered.v1"

    village_code: VillageCode
    persons: int
    category: Category
    registered_on: date
    basis: RegistrationBasis = TAKEOVER
    round_id: UUID | None = None


class HouseholdVerified(HouseholdFact, frozen=True, kw_only=True):
    """A registered household was looked at and confirmed."""

    event_type: ClassVar[str] = "registry.household-verified.v1"

    village_code: VillageCode
    persons: int
    category: Category
    verified_on: date
    round_id: UUID | None = None


class ExitAssessment(Struct, frozen=True, kw_only=True):
    """What an exit rests on: one visit's figures, held against one rule pack."""

    visit_id: UUID
    rule_pack: RulePackCode
    per_capita_income_fen: Fen
    line_fen: Fen
    assurances_met: bool
    guarantees_met: bool
    signed: bool


class HouseholdPreExited(HouseholdFact, frozen=True, kw_only=True):
    """A household on the register met the criteria of exit and agreed; its exit is yet to be noticed."""

    event_type: ClassVar[str] = "registry.household-pre-exited.v1"

    pre_exited_on: date
    assessment: ExitAssessment


class HouseholdPreExitWithdrawn(HouseholdFact, frozen=True, kw_only=True):
    """A household's pre-exit was taken back; it stands on the register as before."""

    event_type: ClassVar[str] = "registry.household-pre-exit-withdrawn.v1"

    withdrawn_on: date
    reason: str
    status: HouseholdState


class HouseholdExited(HouseholdFact, frozen=True, kw_only=True):
    """A household left the register as no longer poor; the policies it enjoys stay for a while."""

    event_type: ClassVar[str] = "registry.household-exited.v1"

    exited_on: date
    reason: str
    assessment: ExitAssessment | None = None


class HouseholdClosed(HouseholdFact, frozen=True, kw_only=True):
    """A household's file was closed: removed by a round, merged into another, or at the end of its kept policies."""

    event_type: ClassVar[str] = "registry.household-closed.v1"

    closed_on: date
    reason: str
    was_on_register: bool
    persons: int
    round_id: UUID | None = None


class HouseholdReturned(HouseholdFact, frozen=True, kw_only=True):
    """A household that had left the register came back to it."""

    event_type: ClassVar[str] = "registry.household-returned.v1"

    returned_on: date
    reason: str
    round_id: UUID | None = None


class HouseholdChanged(HouseholdFact, frozen=True, kw_only=True):
    """The village, size or category of a household changed or was corrected."""

    event_type: ClassVar[str] = "registry.household-changed.v1"

    changed_on: date
    before: HouseholdProfile
    after: HouseholdProfile


class HouseholdWithdrawn(HouseholdFact, frozen=True, kw_only=True):
    """A household's entry was undone together with the import that made it; it never counted."""

    event_type: ClassVar[str] = "registry.household-withdrawn.v1"

    withdrawn_on: date
    reason: str


EVENTS = (
    HouseholdRegistered,
    HouseholdVerified,
    HouseholdPreExited,
    HouseholdPreExitWithdrawn,
    HouseholdExited,
    HouseholdClosed,
    HouseholdReturned,
    HouseholdChanged,
    HouseholdWithdrawn,
)
