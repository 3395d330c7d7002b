"""A village takes a step together: who waits, who holds it up, and who went ahead."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.ids import new_id
from services.registry.domain.errors.procedure import StepDatedTooEarly, StepOutOfOrder
from services.registry.domain.procedure import OUTCOMES, STEPS
from services.registry.domain.village import waiting_for
from services.registry.rules import shipped_packs
from tests.services.registry.domain.test_objection import DAY, ENTRY

PACK = shipped_packs()["national-2014"]
STEP = "first-notice"
WAITING = replace(ENTRY, step_on=DAY)


@pytest.mark.parametrize("step", STEPS)
def test_only_who_stands_right_before_the_step_waits_for_it(step: str) -> None:
    other = replace(WAITING, household_id=new_id(), step=step)
    village = [WAITING, other]

    if STEPS.index(step) < STEPS.index("representatives"):
        with pytest.raises(StepOutOfOrder) as refused:
            waiting_for(village, STEP, PACK, on=DAY)
        assert [error.pointer for error in refused.value.errors] == [f"/households/{other.household_id}"]
    else:
        expected = village if step == "representatives" else [WAITING]
        assert waiting_for(village, STEP, PACK, on=DAY) == expected


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_who_is_decided_neither_waits_nor_holds_up(outcome: str) -> None:
    decided = replace(WAITING, step="opened", outcome=outcome)
    if outcome == "open":
        with pytest.raises(StepOutOfOrder):
            waiting_for([WAITING, decided], STEP, PACK, on=DAY)
    else:
        assert waiting_for([WAITING, decided], STEP, PACK, on=DAY) == [WAITING]


def test_a_village_where_all_went_ahead_takes_no_step_twice() -> None:
    with pytest.raises(StepOutOfOrder) as refused:
        waiting_for([replace(WAITING, step=STEP)], STEP, PACK, on=DAY)

    assert refused.value.rule == "two-notices-one-announcement"


def test_the_step_is_not_dated_before_the_last_of_the_village_was_ready() -> None:
    late = replace(WAITING, step_on=date(2016, 6, 2))

    assert waiting_for([WAITING, late], STEP, PACK, on=date(2016, 6, 2)) == [WAITING, late]
    with pytest.raises(StepDatedTooEarly):
        waiting_for([WAITING, late], STEP, PACK, on=DAY)


def test_a_village_without_anybody_undecided_waits_for_nothing() -> None:
    assert waiting_for([], STEP, PACK, on=DAY) == []
