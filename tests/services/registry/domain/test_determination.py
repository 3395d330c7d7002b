"""The four determinations: in order, by their body, by another person each, and whom they turn down."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.errors import Forbidden
from chassis.ids import new_id
from contracts.values import (
    ADD,
    CORRECT,
    COUNTY_CONFIRMATION,
    DETERMINATIONS,
    KEEP,
    REMOVE,
    REPRESENTATIVES,
    VILLAGE_INITIAL,
)
from services.registry.domain.determination import (
    CONFIRMED,
    SENT_BACK,
    Determination,
    Objected,
    check_determination,
    determine,
    made_fact,
    refuse_ruled_out,
    refuse_same_person,
    to_be_added,
)
from services.registry.domain.errors.determination import (
    AreaUnfit,
    DeterminationTooEarly,
    NothingToDetermine,
    RuledOut,
    SamePersonDetermines,
)
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.procedure import (
    CHECKED,
    EFFECTIVE,
    LEFT,
    OPEN,
    STEPS,
    TURNED_DOWN,
    Entry,
    step_before,
)
from services.registry.rules import shipped_packs
from tests.services.registry.domain.test_evaluation import ENTRY

PACK = shipped_packs()["national-2014"]
DAY = ENTRY.step_on
LEVELS = {"county": "532930", "township": "532930101", "village": "532930101201"}
FITTING = {
    "village-initial": {"village"},
    "representatives": {"village"},
    "township-review": {"township", "village"},
    "county-confirmation": {"county", "township"},
}


def made(kind: str, **changes: Any) -> Determination:
    """Return a determination over the village or what is above it."""
    values: dict[str, Any] = {
        "id": new_id(),
        "round_id": ENTRY.round_id,
        "kind": kind,
        "area": LEVELS[max(FITTING[kind])],
        "determined_on": DAY,
        "actor_id": "somebody-1",
    }
    return Determination(**(values | changes))


def standing(kind: str, proposal: str = KEEP, **changes: Any) -> Entry:
    """Return another household that stands before a determination."""
    entry = replace(ENTRY, household_id=new_id(), proposal=proposal, step=step_before(kind))
    return replace(entry, **changes)


@pytest.mark.parametrize("kind", DETERMINATIONS)
@pytest.mark.parametrize("level", LEVELS)
def test_each_is_made_for_its_levels_of_area(kind: str, level: str) -> None:
    one = made(kind, area=LEVELS[level])
    role = PACK.determination(kind).role

    if level in FITTING[kind]:
        check_determination(one, PACK, roles={role}, today=DAY)
        return
    with pytest.raises(AreaUnfit):
        check_determination(one, PACK, roles={role}, today=DAY)


@pytest.mark.parametrize("kind", DETERMINATIONS)
def test_each_is_made_by_the_body_of_the_pack(kind: str) -> None:
    others = {rule.role for rule in PACK.determinations if rule.determination != kind}

    check_determination(made(kind), PACK, roles={PACK.determination(kind).role, "auditor"}, today=DAY)

    with pytest.raises(Forbidden) as refused:
        check_determination(made(kind), PACK, roles=others, today=DAY)
    assert refused.value.rule == "four-determinations-in-order"
    assert refused.value.basis


def test_none_is_made_of_a_day_to_come() -> None:
    with pytest.raises(DateInFuture):
        check_determination(
            made(VILLAGE_INITIAL, determined_on=DAY + timedelta(days=1)),
            PACK,
            roles={"village-committee"},
            today=DAY,
        )


@pytest.mark.parametrize("kind", DETERMINATIONS)
@pytest.mark.parametrize("step", STEPS)
def test_each_follows_the_step_before_it(kind: str, step: str) -> None:
    entry = replace(ENTRY, step=step)

    if step == step_before(kind):
        (passed,) = determine(made(kind), [entry], [], PACK)
        assert (passed.outcome, passed.after.step) == (CONFIRMED, kind)
        return
    is_early = STEPS.index(step) < STEPS.index(step_before(kind))
    with pytest.raises(DeterminationTooEarly if is_early else NothingToDetermine) as refused:
        determine(made(kind), [entry], [], PACK)
    assert refused.value.rule == "four-determinations-in-order"
    assert refused.value.basis


def test_those_who_have_gone_on_are_left_alone() -> None:
    before, beyond = standing(VILLAGE_INITIAL), standing(REPRESENTATIVES)

    determined = determine(made(VILLAGE_INITIAL), [before, beyond], [], PACK)

    assert [each.before for each in determined] == [before]


@pytest.mark.parametrize("outcome", [EFFECTIVE, LEFT, TURNED_DOWN])
def test_those_who_are_decided_hold_nobody_up(outcome: str) -> None:
    decided = standing(VILLAGE_INITIAL, step=CHECKED, outcome=outcome)

    assert len(determine(made(VILLAGE_INITIAL), [decided, standing(VILLAGE_INITIAL)], [], PACK)) == 1


@pytest.mark.parametrize("kind", DETERMINATIONS)
@pytest.mark.parametrize(
    ("proposal", "outcome"),
    [(ADD, TURNED_DOWN), (REMOVE, TURNED_DOWN), (KEEP, SENT_BACK), (CORRECT, SENT_BACK)],
)
def test_what_is_not_agreed_to_is_turned_down_or_sent_back(kind: str, proposal: str, outcome: str) -> None:
    entry = standing(kind, proposal)
    objected = [Objected(household_id=entry.household_id, reason="objection-upheld")]

    (done,) = determine(made(kind), [entry], objected, PACK)

    assert (done.outcome, done.reason) == (outcome, "objection-upheld")
    assert (done.after == entry) == (outcome == SENT_BACK)
    assert done.after.outcome == (TURNED_DOWN if proposal == ADD else OPEN)
    assert made_fact(made(kind), [done]).turned_down == (
        [entry.household_id] if outcome == TURNED_DOWN else []
    )


@pytest.mark.parametrize("kind", DETERMINATIONS)
@pytest.mark.parametrize("earlier", DETERMINATIONS)
def test_nobody_makes_two_different_ones_over_a_village(kind: str, earlier: str) -> None:
    before = {LEVELS["village"]: earlier}

    if kind == earlier:
        refuse_same_person(kind, before, PACK)
        return
    with pytest.raises(SamePersonDetermines) as refused:
        refuse_same_person(kind, before, PACK)
    assert refused.value.rule == "another-person-determines"
    assert refused.value.basis


def test_the_county_adds_nobody_who_is_ruled_out() -> None:
    kept, added, objected = (standing(COUNTY_CONFIRMATION, proposal) for proposal in (KEEP, ADD, ADD))
    turned_down = [Objected(household_id=objected.household_id, reason="on-payroll")]

    determined = determine(made(COUNTY_CONFIRMATION), [kept, added, objected], turned_down, PACK)

    assert to_be_added(determined) == [added.household_id]
    refuse_ruled_out([], PACK)
    with pytest.raises(RuledOut) as refused:
        refuse_ruled_out([added.household_id], PACK)
    assert (refused.value.rule, len(refused.value.errors)) == ("not-ruled-out", 1)
    assert refused.value.basis


def test_lists_of_other_offices_concern_the_county_only() -> None:
    determined = determine(made(VILLAGE_INITIAL), [standing(VILLAGE_INITIAL, ADD)], [], PACK)

    assert to_be_added(determined) == []


def test_today_is_a_day_like_any_before() -> None:
    check_determination(
        made(VILLAGE_INITIAL, determined_on=date(2016, 6, 1)), PACK, roles={"village-committee"}, today=DAY
    )
