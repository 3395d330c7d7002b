"""The order of the procedure: each step follows the one before it, and a refusal names the rule and its document."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chassis.ids import new_id
from contracts.values import KEEP, SECOND_NOTICE
from services.registry.domain.errors.procedure import EntryDecided, StepDatedTooEarly, StepOutOfOrder
from services.registry.domain.procedure import (
    EFFECTIVE,
    LEFT,
    OPEN,
    OPENED,
    STEPS,
    TURNED_DOWN,
    Entry,
    is_behind,
    pass_step,
    turn_down,
)
from services.registry.rules import shipped_packs

DAY = date(2014, 6, 1)
PACK = shipped_packs()["national-2014"]
ENTRY = Entry(
    round_id=new_id(),
    household_id=new_id(),
    village_code="532930101201",
    proposal=KEEP,
    reason=None,
    step=OPENED,
    step_on=DAY,
    outcome=OPEN,
    opening_persons=3,
)


def test_an_entry_passes_every_step_in_its_order() -> None:
    entry = ENTRY

    for step in STEPS[1:]:
        entry = pass_step(entry, step, PACK, on=DAY)

    assert entry.step == STEPS[-1]


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("step", STEPS[1:])
def test_any_other_order_is_refused_with_rule_and_document(at: str, step: str) -> None:
    entry = replace(ENTRY, step=at)
    if STEPS.index(step) == STEPS.index(at) + 1:
        assert pass_step(entry, step, PACK, on=DAY).step == step
        return

    with pytest.raises(StepOutOfOrder) as refused:
        pass_step(entry, step, PACK, on=DAY)

    assert refused.value.rule
    assert refused.value.basis == PACK.basis(refused.value.rule)


@pytest.mark.parametrize("outcome", [EFFECTIVE, TURNED_DOWN, LEFT])
def test_a_decided_entry_goes_nowhere(outcome: str) -> None:
    decided = replace(ENTRY, outcome=outcome)

    with pytest.raises(EntryDecided):
        pass_step(decided, STEPS[1], PACK, on=DAY)
    with pytest.raises(EntryDecided):
        turn_down(decided, "votes-against")


def test_what_was_passed_lies_behind() -> None:
    entry = replace(ENTRY, step=SECOND_NOTICE)

    assert [step for step in STEPS if is_behind(entry, step)] == list(STEPS[: STEPS.index(SECOND_NOTICE) + 1])


def test_a_step_is_not_dated_before_the_last_one() -> None:
    step = STEPS[1]

    assert pass_step(ENTRY, step, PACK, on=DAY).step_on == DAY
    assert pass_step(ENTRY, step, PACK, on=DAY + timedelta(days=1)).step_on == DAY + timedelta(days=1)
    with pytest.raises(StepDatedTooEarly) as refused:
        pass_step(ENTRY, step, PACK, on=DAY - timedelta(days=1))
    assert refused.value.rule
    assert refused.value.basis
