"""What a round proposes for a household, and how long that may still be changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from contracts.values import (
    ADD,
    CLOSED,
    CORRECT,
    COUNTY_CONFIRMATION,
    KEEP,
    ON_THE_REGISTER,
    REMOVE,
    WITHDRAWN,
)
from services.registry.domain.errors.procedure import EntryDecided
from services.registry.domain.errors.register import HouseholdWithdrawn, NothingChanged
from services.registry.domain.errors.round import (
    HouseholdOutsideRound,
    ProposalConfirmed,
    ProposalReason,
    ProposalUnfit,
)
from services.registry.domain.household import Household
from services.registry.domain.leaving import refuse_emptied
from services.registry.domain.procedure import CHECKED, LEFT, OPEN, OPENED, RULE_OF_STEP, Entry, is_behind
from services.registry.domain.round import Round
from services.registry.domain.rule_pack import RulePack

REASON_NEEDED: Final = "reason-of-proposal"


def reasons_for(proposal: str, pack: RulePack) -> Sequence[str]:
    """Return the reason codes of a proposal; none is needed to keep a household."""
    return {ADD: pack.add_reasons, REMOVE: pack.remove_reasons, CORRECT: pack.correct_reasons}.get(
        proposal, ()
    )


def check_reason(proposal: str, reason: str | None, pack: RulePack) -> None:
    """Whoever proposes to add, remove or correct gives a reason of the pack's list (capabilities P1.2)."""
    known = reasons_for(proposal, pack)
    is_known = reason is None if proposal == KEEP else reason in known
    if not is_known:
        message = f"A proposal to {proposal} takes {'one of ' + ', '.join(known) if known else 'no reason'}."
        raise ProposalReason(message, pointer="/reason", rule=REASON_NEEDED, basis=pack.basis(REASON_NEEDED))


def enter(
    household: Household, one: Round, reason: str, pack: RulePack, *, closed_for: str | None = None
) -> Entry:
    """Return the entry of a household that a round may bring onto the register, or back to it."""
    if household.status == WITHDRAWN:
        raise HouseholdWithdrawn
    if not household.village_code.startswith(one.scope):
        raise HouseholdOutsideRound("The household lives outside the area of the round.")
    if household.status in ON_THE_REGISTER:
        raise ProposalUnfit
    refuse_emptied(closed_for, pack)
    check_reason(ADD, reason, pack)
    return Entry(
        round_id=one.id,
        household_id=household.id,
        village_code=household.village_code,
        proposal=ADD,
        reason=reason,
        step=OPENED,
        step_on=one.opened_on,
        outcome=OPEN,
        opening_persons=None,
    )


def propose(entry: Entry, proposal: str, reason: str | None, pack: RulePack, *, on: date) -> Entry:
    """Return the entry with another proposal; what was evaluated of the one before is void, and begins again."""
    if entry.outcome != OPEN:
        raise EntryDecided(f"Household {entry.household_id} is {entry.outcome} in this round.")
    if is_behind(entry, COUNTY_CONFIRMATION):
        rule = RULE_OF_STEP[COUNTY_CONFIRMATION]
        raise ProposalConfirmed(rule=rule, basis=pack.basis(rule))
    if (proposal == ADD) != (entry.opening_persons is None):
        raise ProposalUnfit(pointer="/proposal")
    check_reason(proposal, reason, pack)
    if (proposal, reason) == (entry.proposal, entry.reason):
        raise NothingChanged
    changed = replace(entry, proposal=proposal, reason=reason)
    begins_again = is_behind(entry, CHECKED) and entry.step != CHECKED
    return replace(changed, step=CHECKED, step_on=on) if begins_again else changed


def follow(entry: Entry, household: Household, scope: str, *, reopens: bool = False) -> Entry:
    """Return the entry where its household lives now; who is gone from the round's area leaves the round.

    The entry of one that left stays in the area that it left: there it is accounted for when the round closes.
    """
    is_there = household.status not in {CLOSED, WITHDRAWN} and household.village_code.startswith(scope)
    if not is_there:
        return replace(entry, outcome=LEFT)
    outcome = OPEN if reopens and entry.outcome == LEFT else entry.outcome
    return replace(entry, village_code=household.village_code, outcome=outcome)
