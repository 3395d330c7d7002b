"""What the registry publishes: which households are on the register, and what changed about them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts import topics
from contracts.values import RESTRICTED, Category, VillageCode


class HouseholdProfile(Struct, frozen=True, kw_only=True):
    """What other services may know of a household; people stay in the registry."""

    village_code: VillageCode
    persons: int
    category: Category


class HouseholdFact(Struct, frozen=True, kw_only=True):
    """Every fact about one household carries its id."""

    topic: ClassVar[str] = topics.HOUSEHOLD
    data_class: ClassVar[str] = RESTRICTED
    subject_kind: ClassVar[str] = "household"

    household_id: UUID

    def subject_id(self) -> str:
        """Return the household's id."""
        return str(self.household_id)


class HouseholdRegistered(HouseholdFact, frozen=True, kw_only=True):
    """A household was entered on the register, by import or by hand."""

    event_type: ClassVar[str] = "registry.household-registered.v1"

    village_code: VillageCode
    persons: int
    category: Category
    registered_on: date


class HouseholdVerified(HouseholdFact, frozen=True, kw_only=True):
    """A registered household was looked at and confirmed."""

    event_type: ClassVar[str] = "registry.household-verified.v1"

    village_code: VillageCode
    persons: int
    category: Category
    verified_on: date


class HouseholdExited(HouseholdFact, frozen=True, kw_only=True):
    """A household left the register."""

    event_type: ClassVar[str] = "registry.household-exited.v1"

    exited_on: date
    reason: str


class HouseholdReturned(HouseholdFact, frozen=True, kw_only=True):
    """A household that had left the register came back to it."""

    event_type: ClassVar[str] = "registry.household-returned.v1"

    returned_on: date
    reason: str


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
    HouseholdExited,
    HouseholdReturned,
    HouseholdChanged,
    HouseholdWithdrawn,
)
