"""What this service keeps of a household, learned from the registry's events: its standing on any date."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.events.registry import (
    HouseholdChanged,
    HouseholdClosed,
    HouseholdExited,
    HouseholdPreExited,
    HouseholdPreExitWithdrawn,
    HouseholdProfile,
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
    UNKNOWN,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A household as last heard of; `sequence` is the registry's version of it."""

    id: UUID
    area_code: str
    persons: int | None
    category: str | None
    status: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A household's status from a date on, until a later standing."""

    household_id: UUID
    sequence: int
    since: date
    status: str


def hear(
    known: Household | None, fact: HouseholdEvent, *, sequence: int, area: str
) -> tuple[Household, Standing | None]:
    """Return the household after a registry event, and the standing that begins with it, if one does.

    A change of village, size or category begins none: a correction for a day in the past must not move
    today's status there.
    """
    before = known or Household(
        id=fact.household_id, area_code=area, persons=None, category=None, status=UNKNOWN, sequence=0
    )
    match fact:
        case HouseholdRegistered(registered_on=since):
            status = REGISTERED
        case HouseholdVerified(verified_on=since):
            status = VERIFIED
        case HouseholdPreExited(pre_exited_on=since):
            status = PRE_EXIT
        case HouseholdPreExitWithdrawn(withdrawn_on=since, status=status):
            pass
        case HouseholdExited(exited_on=since):
            status = EXITED
        case HouseholdClosed(closed_on=since):
            status = CLOSED
        case HouseholdReturned(returned_on=since):
            status = RETURNED
        case HouseholdWithdrawn(withdrawn_on=since):
            status = WITHDRAWN
        case _:
            return replace(_with_profile(before, fact.after), sequence=sequence), None
    if isinstance(fact, HouseholdRegistered | HouseholdVerified):
        before = _with_profile(before, fact)
    after = replace(before, status=status, sequence=sequence)
    return after, Standing(household_id=after.id, sequence=sequence, since=since, status=status)


def _with_profile(
    household: Household, said: HouseholdProfile | HouseholdRegistered | HouseholdVerified
) -> Household:
    return replace(household, area_code=said.village_code, persons=said.persons, category=said.category)


def status_at(standings: Iterable[Standing], on: date) -> str:
    """Return the status on a date; a withdrawn household never counted, on any date."""
    known = list(standings)
    if any(standing.status == WITHDRAWN for standing in known):
        return WITHDRAWN
    begun = [standing for standing in known if standing.since <= on]
    latest = max(begun, key=lambda standing: (standing.since, standing.sequence), default=None)
    return latest.status if latest else UNKNOWN


def is_on_the_register(status: str) -> bool:
    """A household whose exit is only being noticed is still on the register; an exited or closed one is not."""
    return status in ON_THE_REGISTER
