"""A household on the register: its states, who may pass to which, and the fact that tells of it.

`TRANSITIONS` is the whole life cycle (capabilities P1.7); each way through it is one function here or in `leaving.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chassis.errors import Refusal
from contracts.events import registry as facts
from contracts.values import (
    CANDIDATE,
    CLOSED,
    EVALUATED,
    EXITED,
    NOTICED,
    ON_THE_REGISTER,
    PRE_EXIT,
    PROCEDURE,
    REGISTERED,
    RETURNED,
    TAKEOVER,
    VERIFIED,
    WITHDRAWN,
)
from services.registry.domain.errors.life_cycle import (
    HouseholdClosed,
    HouseholdInPreExit,
    HouseholdNotCandidate,
    HouseholdNotEvaluated,
    HouseholdNotNoticed,
    HouseholdStands,
)
from services.registry.domain.errors.register import (
    DateBeforeStanding,
    DateInFuture,
    HouseholdAlreadyRegistered,
    HouseholdAlreadyVerified,
    HouseholdNotExited,
    HouseholdNotOnRegister,
    HouseholdWithdrawn,
)

TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    CANDIDATE: frozenset({EVALUATED, REGISTERED, CLOSED, WITHDRAWN}),
    EVALUATED: frozenset({CANDIDATE, NOTICED, CLOSED}),
    NOTICED: frozenset({CANDIDATE, EVALUATED, REGISTERED, CLOSED}),
    REGISTERED: frozenset({VERIFIED, PRE_EXIT, EXITED, CLOSED, WITHDRAWN}),
    VERIFIED: frozenset({VERIFIED, PRE_EXIT, EXITED, CLOSED}),
    PRE_EXIT: frozenset({REGISTERED, VERIFIED, RETURNED, EXITED, CLOSED}),
    EXITED: frozenset({RETURNED, CLOSED}),
    CLOSED: frozenset({RETURNED}),
    RETURNED: frozenset({VERIFIED, PRE_EXIT, EXITED, CLOSED}),
    WITHDRAWN: frozenset(),
}
# On its way to the register: nobody outside is told of it yet.
NOT_YET_REGISTERED: Final = frozenset({CANDIDATE, EVALUATED, NOTICED})
LEFT_THE_REGISTER: Final = frozenset({EXITED, CLOSED})


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
    | facts.HouseholdPreExited
    | facts.HouseholdPreExitWithdrawn
    | facts.HouseholdExited
    | facts.HouseholdClosed
    | facts.HouseholdReturned
    | facts.HouseholdWithdrawn
)
Decision = tuple[Household, Fact]


def registered_fact(household: Household, round_id: UUID | None = None) -> facts.HouseholdRegistered:
    """Return the fact that a household was entered on the register: by a round, or else by taking it over."""
    return facts.HouseholdRegistered(
        household_id=household.id,
        village_code=household.village_code,
        persons=household.persons,
        category=household.category,
        registered_on=household.status_since,
        basis=PROCEDURE if round_id else TAKEOVER,
        round_id=round_id,
    )


def evaluate(household: Household, *, on: date, today: date) -> Household:
    """Let a candidate pass the three evaluations."""
    _refuse_withdrawn(household)
    if household.status != CANDIDATE:
        raise HouseholdNotCandidate
    return pass_to(household, EVALUATED, on=on, today=today, otherwise=HouseholdNotCandidate)


def notice(household: Household, *, on: date, today: date) -> Household:
    """Let an evaluated candidate pass both public notices."""
    return pass_to(household, NOTICED, on=on, today=today, otherwise=HouseholdNotEvaluated)


def fall_back(household: Household, status: str, *, on: date, today: date) -> Household:
    """Take a candidate back to an earlier state: its meeting or notice was found void, or it was turned down."""
    if household.status not in NOT_YET_REGISTERED or status not in NOT_YET_REGISTERED - {NOTICED}:
        raise HouseholdStands
    if (household.status, status) == (CANDIDATE, EVALUATED):
        raise HouseholdStands
    return pass_to(household, status, on=on, today=today, otherwise=HouseholdStands)


def register(household: Household, *, on: date, today: date, round_id: UUID | None = None) -> Decision:
    """Enter a household on the register: a candidate by taking it over, a noticed one by the round that announces it."""
    _refuse_withdrawn(household)
    if household.status not in NOT_YET_REGISTERED:
        raise HouseholdAlreadyRegistered
    if household.status != (NOTICED if round_id else CANDIDATE):
        raise HouseholdNotNoticed
    registered = pass_to(household, REGISTERED, on=on, today=today, otherwise=HouseholdNotNoticed)
    return registered, registered_fact(registered, round_id)


def verify(household: Household, *, on: date, today: date, round_id: UUID | None = None) -> Decision:
    """Confirm a household: by hand once after it was entered or came back, by each round that keeps it.

    A household that a round keeps is still poor, so the round ends a pre-exit, too.
    """
    if round_id is None and household.status == VERIFIED:
        raise HouseholdAlreadyVerified
    if round_id is None:
        refuse_pre_exit(household)
    verified = pass_to(household, VERIFIED, on=on, today=today, otherwise=HouseholdNotOnRegister)
    fact = facts.HouseholdVerified(
        household_id=verified.id,
        village_code=verified.village_code,
        persons=verified.persons,
        category=verified.category,
        verified_on=on,
        round_id=round_id,
    )
    return verified, fact


def exit_register(household: Household, *, reason: str, on: date, today: date) -> Decision:
    """Let a household on a register kept by hand leave it, with a reason code."""
    refuse_pre_exit(household)
    exited = pass_to(household, EXITED, on=on, today=today, otherwise=HouseholdNotOnRegister)
    return exited, facts.HouseholdExited(household_id=exited.id, exited_on=on, reason=reason)


def close(
    household: Household, *, reason: str, on: date, today: date, round_id: UUID | None = None
) -> Decision:
    """Close a household's file: removed by a round, merged into another, or at the end of its kept policies."""
    closed = pass_to(household, CLOSED, on=on, today=today, otherwise=HouseholdClosed)
    return closed, facts.HouseholdClosed(
        household_id=closed.id,
        closed_on=on,
        reason=reason,
        was_on_register=household.status in ON_THE_REGISTER,
        persons=household.persons,
        round_id=round_id,
    )


def return_to_register(
    household: Household, *, reason: str, on: date, today: date, round_id: UUID | None = None
) -> Decision:
    """Take a household back that fell into poverty again after it had left the register."""
    _refuse_withdrawn(household)
    if household.status not in LEFT_THE_REGISTER:
        raise HouseholdNotExited
    returned = pass_to(household, RETURNED, on=on, today=today, otherwise=HouseholdNotExited)
    return returned, facts.HouseholdReturned(
        household_id=returned.id, returned_on=on, reason=reason, round_id=round_id
    )


def withdraw(household: Household, *, reason: str, today: date) -> Decision:
    """Take back the entry itself: on no day did the household count."""
    _refuse_withdrawn(household)
    if WITHDRAWN not in TRANSITIONS[household.status]:
        raise HouseholdStands
    withdrawn = replace(household, status=WITHDRAWN, version=household.version + 1)
    return withdrawn, facts.HouseholdWithdrawn(household_id=household.id, withdrawn_on=today, reason=reason)


def is_untouched(household: Household, change_set_id: UUID) -> bool:
    """An entry may be undone only while nothing later rests on it."""
    return household.change_set_id == change_set_id and household.version == 1


def restate(
    before: Household, stated: Household, *, on: date, today: date, pointer: str = "/effective_on"
) -> Household:
    """Return the household with a new content of its file from a day on; the state stays.

    A move cannot be dated before the present state or village began: those days have been answered for elsewhere.
    """
    _refuse_withdrawn(before)
    if before.status == CLOSED:
        raise HouseholdClosed
    _refuse_future(on, today, pointer)
    moves = stated.village_code != before.village_code
    if on < before.village_since or (moves and on < before.status_since):
        raise DateBeforeStanding(pointer=pointer)
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
    if before.profile == after.profile or after.status in NOT_YET_REGISTERED:
        return None
    return facts.HouseholdChanged(
        household_id=after.id, changed_on=on, before=before.profile, after=after.profile
    )


def pass_to(
    household: Household, status: str, *, on: date, today: date, otherwise: type[Refusal]
) -> Household:
    """Return the household in its next state; the only way from state to state. `otherwise` refuses a wrong one."""
    _refuse_withdrawn(household)
    if status not in TRANSITIONS[household.status]:
        raise otherwise
    _refuse_future(on, today, "/on")
    if on < household.status_since:
        raise DateBeforeStanding(pointer="/on")
    return replace(household, status=status, status_since=on, version=household.version + 1)


def refuse_pre_exit(household: Household) -> None:
    """Refuse what a household cannot do while its exit is under way."""
    if household.status == PRE_EXIT:
        raise HouseholdInPreExit


def check_standing_day(household: Household, on: date) -> None:
    """Refuse a day before the household's present state began."""
    if on < household.status_since:
        raise DateBeforeStanding(pointer="/effective_on")


def check_day(on: date, today: date, pointer: str = "/on") -> None:
    """Refuse a day that has not come."""
    _refuse_future(on, today, pointer)


def _refuse_future(on: date, today: date, pointer: str = "/effective_on") -> None:
    if on > today:
        raise DateInFuture(pointer=pointer)


def _refuse_withdrawn(household: Household) -> None:
    if household.status == WITHDRAWN:
        raise HouseholdWithdrawn
