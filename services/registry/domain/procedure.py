"""The county procedure of one household in one round (五查五看、三评四定、两公示一公告), step by step.

An entry stands at the last step it has passed. Each step may only follow the one before it, and there is one function
that moves an entry: `pass_step`.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.values import (
    ADD,
    COUNTY_CONFIRMATION,
    FIRST_NOTICE,
    INTERNAL_MEETING,
    KEEP,
    PARTY_MEETING,
    REMOVE,
    REPRESENTATIVES,
    SECOND_NOTICE,
    TOWNSHIP_REVIEW,
    VILLAGE_INITIAL,
    VILLAGERS_MEETING,
)
from services.registry.domain.errors.procedure import EntryDecided, StepDatedTooEarly, StepOutOfOrder
from services.registry.domain.rule_pack import RulePack

OPENED: Final = "opened"
CHECKED: Final = "checked"
ANNOUNCED: Final = "announced"
# A household is visited and its five checks completed; three evaluations; the village's two determinations; the
# first notice; the township's; the second notice; the county's; the announcement, with which decisions take effect
# (三评四定 and 国开办发〔2014〕24号, 两公示一公告).
STEPS: Final = (
    OPENED,
    CHECKED,
    INTERNAL_MEETING,
    PARTY_MEETING,
    VILLAGERS_MEETING,
    VILLAGE_INITIAL,
    REPRESENTATIVES,
    FIRST_NOTICE,
    TOWNSHIP_REVIEW,
    SECOND_NOTICE,
    COUNTY_CONFIRMATION,
    ANNOUNCED,
)
# Which rule of a pack stands behind a step; its document is asked from the pack.
RULE_OF_STEP: Final = {
    CHECKED: "five-checks-complete",
    INTERNAL_MEETING: "three-evaluations-in-order",
    PARTY_MEETING: "three-evaluations-in-order",
    VILLAGERS_MEETING: "three-evaluations-in-order",
    VILLAGE_INITIAL: "four-determinations-in-order",
    REPRESENTATIVES: "four-determinations-in-order",
    FIRST_NOTICE: "two-notices-one-announcement",
    TOWNSHIP_REVIEW: "four-determinations-in-order",
    SECOND_NOTICE: "two-notices-one-announcement",
    COUNTY_CONFIRMATION: "four-determinations-in-order",
    ANNOUNCED: "two-notices-one-announcement",
}

# What became of an entry.
OPEN: Final = "open"
EFFECTIVE: Final = "effective"
TURNED_DOWN: Final = "turned-down"
LEFT: Final = "left"
OUTCOMES: Final = (OPEN, EFFECTIVE, TURNED_DOWN, LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One household in one round: what is proposed for it, and how far the procedure has come.

    `opening_persons` is None for a household that was not on the register when the round was opened. `step_on` is the
    business day of the last step: the round's opening day at first.
    """

    round_id: UUID
    household_id: UUID
    village_code: str
    proposal: str
    reason: str | None
    step: str
    step_on: date
    outcome: str
    opening_persons: int | None
    visit_id: UUID | None = None


def step_before(step: str) -> str:
    """Return the step that must be done before this one."""
    return STEPS[STEPS.index(step) - 1]


def step_after(step: str) -> str | None:
    """Return the step that comes next; None after the last."""
    following = STEPS.index(step) + 1
    return STEPS[following] if following < len(STEPS) else None


def pass_step(entry: Entry, step: str, pack: RulePack, *, on: date) -> Entry:
    """Return the entry one step further, or refuse a step out of its order or dated before the last one."""
    if entry.outcome != OPEN:
        raise EntryDecided(f"Household {entry.household_id} is {entry.outcome} in this round.")
    rule = RULE_OF_STEP[step]
    if entry.step != step_before(step):
        message = (
            f"Household {entry.household_id} stands at {entry.step}; {step} follows {step_before(step)}."
        )
        raise StepOutOfOrder(message, rule=rule, basis=pack.basis(rule))
    if on < entry.step_on:
        message = (
            f"Household {entry.household_id} passed {entry.step} on {entry.step_on}; {step} comes later."
        )
        raise StepDatedTooEarly(message, rule=rule, basis=pack.basis(rule))
    return replace(entry, step=step, step_on=on)


def turn_down(entry: Entry, reason: str) -> Entry:
    """Return the entry as one whose proposal was not agreed to."""
    if entry.outcome != OPEN:
        raise EntryDecided(f"Household {entry.household_id} is {entry.outcome} in this round.")
    return replace(entry, outcome=TURNED_DOWN, reason=reason)


def decline(entry: Entry, reason: str, *, on: date) -> Entry:
    """Return the entry after its proposal was not agreed to.

    An addition ends. A removal becomes a keep, evaluated again from the first meeting on: the household stays on the
    register. What was to be kept or corrected stays where it stands, until the village proposes something else.
    """
    if entry.proposal == ADD:
        return turn_down(entry, reason)
    if entry.proposal == REMOVE:
        return replace(entry, proposal=KEEP, reason=None, step=CHECKED, step_on=on)
    return entry


def is_behind(entry: Entry, step: str) -> bool:
    """Tell whether an entry has passed a step."""
    return STEPS.index(entry.step) >= STEPS.index(step)
