"""A household on its way out: pre-exit, the exit that was noticed, and the end of the policies it keeps."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from contracts.events import registry as facts
from contracts.values import EXITED, ON_THE_REGISTER, PRE_EXIT
from services.registry.domain.change import DECEASED, MERGED
from services.registry.domain.errors.leaving import HouseholdEmptied
from services.registry.domain.errors.life_cycle import HouseholdNotInPreExit, PoliciesKept
from services.registry.domain.errors.register import HouseholdNotExited, HouseholdNotOnRegister
from services.registry.domain.household import Decision, Household, close, pass_to, refuse_pre_exit
from services.registry.domain.rule_pack import RulePack

POLICIES_ENDED = "policies-ended"
RETURN_NEEDS_PEOPLE: Final = "return-needs-people"
EMPTIED: Final[Mapping[str, str]] = {
    DECEASED: "Everybody of the household has died. Where that is wrong, undo the change that says so, or file it anew.",
    MERGED: "The household was merged into another one with all its people. Where that is wrong, undo the merge.",
}


def pre_exit(household: Household, assessment: facts.ExitAssessment, *, on: date, today: date) -> Decision:
    """Let a household that met the criteria of exit and agreed wait for its exit notice."""
    refuse_pre_exit(household)
    waiting = pass_to(household, PRE_EXIT, on=on, today=today, otherwise=HouseholdNotOnRegister)
    return waiting, facts.HouseholdPreExited(household_id=waiting.id, pre_exited_on=on, assessment=assessment)


def take_back_pre_exit(household: Household, status: str, *, reason: str, on: date, today: date) -> Decision:
    """Take a household back to the state it had before its pre-exit."""
    if household.status != PRE_EXIT or status not in ON_THE_REGISTER - {PRE_EXIT}:
        raise HouseholdNotInPreExit
    back = pass_to(household, status, on=on, today=today, otherwise=HouseholdNotInPreExit)
    return back, facts.HouseholdPreExitWithdrawn(
        household_id=back.id, withdrawn_on=on, reason=reason, status=status
    )


def exit_noticed(
    household: Household, assessment: facts.ExitAssessment, *, reason: str, on: date, today: date
) -> Decision:
    """Let a household leave the register once its exit was noticed and is announced (厅字〔2016〕16号)."""
    if household.status != PRE_EXIT:
        raise HouseholdNotInPreExit
    exited = pass_to(household, EXITED, on=on, today=today, otherwise=HouseholdNotInPreExit)
    return exited, facts.HouseholdExited(
        household_id=exited.id, exited_on=on, reason=reason, assessment=assessment
    )


def end_policies(
    household: Household, *, kept_until: date, pack: RulePack, on: date, today: date
) -> Decision:
    """Close the file of a household that left, from the day on which its kept policies end (脱贫不脱政策)."""
    if household.status != EXITED:
        raise HouseholdNotExited
    if on < kept_until:
        message = f"The policies are kept until {kept_until.isoformat()}."
        raise PoliciesKept(
            message,
            pointer="/on",
            rule="policies-kept-after-exit",
            basis=pack.basis("policies-kept-after-exit"),
        )
    return close(household, reason=POLICIES_ENDED, on=on, today=today)


def refuse_emptied(closed_for: str | None, pack: RulePack) -> None:
    """A file that was closed because everybody died or passed over to another file does not come back (销户, 并户)."""
    why = EMPTIED.get(closed_for or "")
    if why is not None:
        raise HouseholdEmptied(why, rule=RETURN_NEEDS_PEOPLE, basis=pack.basis(RETURN_NEEDS_PEOPLE))
