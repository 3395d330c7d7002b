"""What this service keeps of a household, learned from the registry's events."""

from dataclasses import dataclass
from uuid import UUID

from contracts.events.registry import (
    HouseholdChanged,
    HouseholdClosed,
    HouseholdExited,
    HouseholdPreExited,
    HouseholdPreExitWithdrawn,
    HouseholdRegistered,
    HouseholdReturned,
    HouseholdVerified,
    HouseholdWithdrawn,
)
from contracts.values import (
    CLOSED,
    EXITED,
    ON_THE_REGISTER,
    PRE_EXIT,
    REGISTERED,
    RETURNED,
    VERIFIED,
    WITHDRAWN,
)

HouseholdEvent = (
    HouseholdRegistered
    | HouseholdVerified
    | HouseholdPreExited
    | HouseholdPreExitWithdrawn
    | HouseholdExited
    | HouseholdClosed
    | HouseholdReturned
    | HouseholdChanged
    | HouseholdWithdrawn
)
STATUS_AFTER: dict[type, str] = {
    HouseholdRegistered: REGISTERED,
    HouseholdVerified: VERIFIED,
    HouseholdPreExited: PRE_EXIT,
    HouseholdExited: EXITED,
    HouseholdClosed: CLOSED,
    HouseholdReturned: RETURNED,
    HouseholdWithdrawn: WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A household as last heard of."""

    id: UUID
    area_code: str
    persons: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdNews:
    """What one registry event says of a household; None where it says nothing."""

    household_id: UUID
    village_code: str | None
    persons: int | None
    status: str | None


def news_of(fact: HouseholdEvent) -> HouseholdNews:
    """Return what an event changes here."""
    status = fact.status if isinstance(fact, HouseholdPreExitWithdrawn) else STATUS_AFTER.get(type(fact))
    match fact:
        case HouseholdRegistered() | HouseholdVerified():
            profile: tuple[str | None, int | None] = (fact.village_code, fact.persons)
        case HouseholdChanged(after=after):
            profile = (after.village_code, after.persons)
        case _:
            profile = (None, None)
    village, persons = profile
    return HouseholdNews(household_id=fact.household_id, village_code=village, persons=persons, status=status)


def is_on_the_register(status: str) -> bool:
    """A household whose exit is only being noticed is still on the register; an exited or closed one is not."""
    return status in ON_THE_REGISTER
