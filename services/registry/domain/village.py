"""A village takes a step of the procedure together: nobody of it is left behind, and each household stands where it must."""

from collections.abc import Sequence
from datetime import date

from chassis.errors import FieldError
from services.registry.domain.errors.procedure import StepDatedTooEarly, StepOutOfOrder
from services.registry.domain.procedure import OPEN, RULE_OF_STEP, Entry, is_behind, step_before
from services.registry.domain.rule_pack import RulePack

MAX_ERRORS = 100


def waiting_for(entries: Sequence[Entry], step: str, pack: RulePack, *, on: date) -> list[Entry]:
    """Return a village's open entries that stand before a step; refused while another has not come so far.

    Who has passed the step already waits for nothing: a household that had to go back takes it later, alone.
    """
    before, rule = step_before(step), RULE_OF_STEP[step]
    still_open = [entry for entry in entries if entry.outcome == OPEN]
    late = [entry for entry in still_open if not is_behind(entry, before)]
    if late:
        message = f"{len(late)} households of the village have not passed {before}; {step} follows it."
        raise StepOutOfOrder(message, rule=rule, basis=pack.basis(rule), errors=_late(late, before))
    waiting = [entry for entry in still_open if entry.step == before]
    if not waiting and still_open:
        message = f"No household of the village stands at {before}, which {step} follows."
        raise StepOutOfOrder(message, rule=rule, basis=pack.basis(rule))
    latest = max((entry.step_on for entry in waiting), default=on)
    if on < latest:
        message = f"The village passed {before} on {latest.isoformat()}; {step} comes later."
        raise StepDatedTooEarly(message, rule=rule, basis=pack.basis(rule))
    return waiting


def _late(late: Sequence[Entry], before: str) -> list[FieldError]:
    return [
        FieldError(
            f"/households/{entry.household_id}",
            StepOutOfOrder.code,
            f"Household {entry.household_id} stands at {entry.step}, before {before}.",
        )
        for entry in late[:MAX_ERRORS]
    ]
