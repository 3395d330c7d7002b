"""What a round's decisions make of a household once they are announced in the village, and not before."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.errors import FieldError, Refusal
from contracts.values import ADD, REMOVE
from services.registry.domain import household as domain
from services.registry.domain.errors.notice import EffectsRefused
from services.registry.domain.errors.procedure import StepOutOfOrder
from services.registry.domain.errors.register import IdentityRegistered
from services.registry.domain.household import LEFT_THE_REGISTER, Decision, Household
from services.registry.domain.procedure import ANNOUNCED, OPEN, RULE_OF_STEP, Entry
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.village import MAX_ERRORS

CORRECTION_IS_FILED = "correction-is-filed"


def take_effect(household: Household, entry: Entry, pack: RulePack, *, on: date, today: date) -> Decision:
    """Return a household after the round: added or returned, removed, or kept, as its whole procedure decided.

    Nobody comes onto the register or leaves it by a round otherwise (国开办发〔2014〕24号, 两公示一公告).
    """
    if entry.step != ANNOUNCED or entry.outcome != OPEN:
        rule = RULE_OF_STEP[ANNOUNCED]
        raise StepOutOfOrder(rule=rule, basis=pack.basis(rule))
    reason = entry.reason or entry.proposal
    if entry.proposal == REMOVE:
        return domain.close(household, reason=reason, on=on, today=today, round_id=entry.round_id)
    if entry.proposal != ADD:
        return domain.verify(household, on=on, today=today, round_id=entry.round_id)
    if household.status in LEFT_THE_REGISTER:
        return domain.return_to_register(
            household, reason=reason, on=on, today=today, round_id=entry.round_id
        )
    return domain.register(household, on=on, today=today, round_id=entry.round_id)


def refuse_effects(refused: Sequence[tuple[UUID, Refusal]]) -> None:
    """Refuse an announcement as a whole, with each household for which it cannot take effect, and every reason.

    The rule named is that of the first household of which one was broken.
    """
    if not refused:
        return
    errors = [
        FieldError(f"/households/{household_id}{each.pointer}", each.code, each.message)
        for household_id, refusal in refused
        for each in refusal.errors or [FieldError("", refusal.code, refusal.message)]
    ]
    broken = next((refusal for _, refusal in refused if refusal.rule), refused[0][1])
    raise EffectsRefused(rule=broken.rule, basis=broken.basis, errors=errors[:MAX_ERRORS])


def refuse_registered(elsewhere: Sequence[UUID]) -> None:
    """Nobody comes back of whom somebody was filed elsewhere meanwhile: each such household is named (one file a person)."""
    if elsewhere:
        message = (
            "A person of this household is on file elsewhere by now; a change request there sets it right."
        )
        raise IdentityRegistered(
            errors=[
                FieldError(f"/households/{one}", IdentityRegistered.code, message)
                for one in elsewhere[:MAX_ERRORS]
            ]
        )
