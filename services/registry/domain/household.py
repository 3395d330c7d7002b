"""A household on the register: its states, who may pass to which, and the fact that tells of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from contracts.events import registry as facts
from contracts.values import CANDIDATE, EXITED, ON_THE_REGISTER, REGISTERED, RETURNED, VERIFIED, WITHDRAWN
from services.registry.domain.errors.register import (
    DateBeforeStanding,
    DateInFuture,
    HouseholdAlreadyRegistered,
    HouseholdAlreadyVerified,
    HouseholdNotExited,
    HouseholdNotOnRegister,
    HouseholdWithdrawn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """What holds now of one household; its people and figures are in its versions."""

    id: UUID
    village_code: str
    file_number: str
    status: str
    status_since: date
    category: str
    persons: int
    version: int
    content_version: int
    village_since: date
    recorded_at: datetime
    change_set_id: UUID | None = None

    @property
    def profile(self) -> facts.HouseholdProfile:
        """What other services may know of it."""
        return facts.HouseholdProfile(
            village_code=self.village_code, persons=self.persons, category=self.category
        )


Fact = (
    facts.HouseholdRegistered
    | facts.HouseholdVerified
    | facts.HouseholdExited
    | facts.HouseholdReturned
    | facts.HouseholdWithdrawn
)
Decision = tuple[Household, Fact]


def registered_fact(household: Household) -> facts.HouseholdRegistered:
    """Return the fact that a household was entered on the register."""
    return facts.HouseholdRegistered(
        household_id=household.id,
        village_code=household.village_code,
        persons=household.persons,
        category=household.category,
        registered_on=household.status_since,
    )


def register(household: Household, *, on: date, today: date) -> Decision:
    """Enter a candidate on the register."""
    _refuse_withdrawn(household)
    if household.status != CANDIDATE:
        raise HouseholdAlreadyRegistered
    registered = _pass_to(household, REGISTERED, on=on, today=today)
    return registered, registered_fact(registered)


def verify(household: Household, *, on: date, today: date) -> Decision:
    """Confirm a household that was entered or came back, once."""
    _refuse_withdrawn(household)
    if household.status == VERIFIED:
        raise HouseholdAlreadyVerified
    if household.status not in ON_THE_REGISTER:
        raise HouseholdNotOnRegister
    verified = _pass_to(household, VERIFIED, on=on, today=today)
    fact = facts.HouseholdVerified(
        household_id=verified.id,
        village_code=verified.village_code,
        persons=verified.persons,
        category=verified.category,
        verified_on=on,
    )
    return verified, fact


def exit_register(household: Household, *, reason: str, on: date, today: date) -> Decision:
    """Let a household on the register leave it, with a reason code."""
    _refuse_withdrawn(household)
    if household.status not in ON_THE_REGISTER:
        raise HouseholdNotOnRegister
    exited = _pass_to(household, EXITED, on=on, today=today)
    return exited, facts.HouseholdExited(household_id=exited.id, exited_on=on, reason=reason)


def return_to_register(household: Household, *, reason: str, on: date, today: date) -> Decision:
    """Take a household back that fell into poverty again after its exit."""
    _refuse_withdrawn(household)
    if household.status != EXITED:
        raise HouseholdNotExited
    returned = _pass_to(household, RETURNED, on=on, today=today)
    return returned, facts.HouseholdReturned(household_id=returned.id, returned_on=on, reason=reason)


def withdraw(household: Household, *, reason: str, today: date) -> Decision:
    """Take back the entry itself: on no day did the household count."""
    _refuse_withdrawn(household)
    withdrawn = replace(household, status=WITHDRAWN, version=household.version + 1)
    return withdrawn, facts.HouseholdWithdrawn(household_id=household.id, withdrawn_on=today, reason=reason)


def is_untouched(household: Household, change_set_id: UUID) -> bool:
    """An entry may be undone only while nothing later rests on it."""
    return household.change_set_id == change_set_id and household.version == 1


def restate(before: Household, stated: Household, *, on: date, today: date) -> Household:
    """Return the household with a new content of its file from a day on; the state stays.

    A move cannot be dated before the present state or village began: those days have been answered for elsewhere.
    """
    _refuse_withdrawn(before)
    _refuse_future(on, today)
    moves = stated.village_code != before.village_code
    if on < before.village_since or (moves and on < before.status_since):
        raise DateBeforeStanding(pointer="/effective_on")
    return replace(
        before,
        village_code=stated.village_code,
        file_number=stated.file_number,
        category=stated.category,
        persons=stated.persons,
        version=before.version + 1,
        content_version=before.version + 1,
        village_since=on if moves else before.village_since,
    )


def changed_fact(before: Household, after: Household, *, on: date) -> facts.HouseholdChanged | None:
    """Return the fact of a change that others need to know; None when only the file's inside changed."""
    if before.profile == after.profile or after.status == CANDIDATE:
        return None
    return facts.HouseholdChanged(
        household_id=after.id, changed_on=on, before=before.profile, after=after.profile
    )


def check_day(on: date, today: date) -> None:
    """Refuse a day that has not come."""
    _refuse_future(on, today, "/on")


def _pass_to(household: Household, status: str, *, on: date, today: date) -> Household:
    _refuse_future(on, today, "/on")
    if on < household.status_since:
        raise DateBeforeStanding(pointer="/on")
    return replace(household, status=status, status_since=on, version=household.version + 1)


def _refuse_future(on: date, today: date, pointer: str = "/effective_on") -> None:
    if on > today:
        raise DateInFuture(pointer=pointer)


def _refuse_withdrawn(household: Household) -> None:
    if household.status == WITHDRAWN:
        raise HouseholdWithdrawn
