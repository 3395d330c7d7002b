"""Every way from every state: the table of the life cycle is whole, and each function keeps to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from chassis.errors import Refusal
from contracts.events import registry as facts
from contracts.values import HOUSEHOLD_STATES, ON_THE_REGISTER
from services.registry.domain import household as domain
from services.registry.domain import leaving
from services.registry.domain.errors.life_cycle import HouseholdInPreExit, PoliciesKept
from services.registry.domain.household import TRANSITIONS, Household
from services.registry.rules import shipped_packs
from tests.services.registry.domain.test_household import SINCE, TODAY, household

PACK = shipped_packs()["national-2014"]
ROUND = UUID("0193a000-0000-7000-8000-000000000003")
ASSESSMENT = facts.ExitAssessment(
    visit_id=UUID("0193a000-0000-7000-8000-000000000004"),
    rule_pack="national-2014",
    per_capita_income_fen=400_000,
    line_fen=295_200,
    assurances_met=True,
    guarantees_met=True,
    signed=True,
)
DAYS: dict[str, Any] = {"on": TODAY, "today": TODAY}
Step = Callable[[Household], Household | domain.Decision]


def back_to(before: str) -> Step:
    """Return the step that takes a pre-exit back to a state."""
    return lambda h: leaving.take_back_pre_exit(h, before, reason="illness", **DAYS)


# Each way, the states that it starts from, and the state it leads to.
WAYS: dict[str, tuple[Step, set[str], str]] = {
    "evaluate": (lambda h: domain.evaluate(h, **DAYS), {"candidate"}, "evaluated"),
    "notice": (lambda h: domain.notice(h, **DAYS), {"evaluated"}, "noticed"),
    "fall back to candidate": (
        lambda h: domain.fall_back(h, "candidate", **DAYS),
        {"evaluated", "noticed"},
        "candidate",
    ),
    "fall back to evaluated": (lambda h: domain.fall_back(h, "evaluated", **DAYS), {"noticed"}, "evaluated"),
    "take over": (lambda h: domain.register(h, **DAYS), {"candidate"}, "registered"),
    "register": (lambda h: domain.register(h, round_id=ROUND, **DAYS), {"noticed"}, "registered"),
    "verify by hand": (lambda h: domain.verify(h, **DAYS), {"registered", "returned"}, "verified"),
    "keep": (
        lambda h: domain.verify(h, round_id=ROUND, **DAYS),
        {"registered", "verified", "pre-exit", "returned"},
        "verified",
    ),
    "pre-exit": (
        lambda h: leaving.pre_exit(h, ASSESSMENT, **DAYS),
        {"registered", "verified", "returned"},
        "pre-exit",
    ),
    **{
        f"back to {before}": (
            back_to(before),
            {"pre-exit"},
            before,
        )
        for before in ("registered", "verified", "returned")
    },
    "exit": (
        lambda h: leaving.exit_noticed(h, ASSESSMENT, reason="income-above-line", **DAYS),
        {"pre-exit"},
        "exited",
    ),
    "exit by hand": (
        lambda h: domain.exit_register(h, reason="other", **DAYS),
        {"registered", "verified", "returned"},
        "exited",
    ),
    "close": (
        lambda h: domain.close(h, reason="duplicate", **DAYS),
        set(HOUSEHOLD_STATES) - {"closed", "withdrawn"},
        "closed",
    ),
    "end": (
        lambda h: leaving.end_policies(h, kept_until=TODAY, pack=PACK, **DAYS),
        {"exited"},
        "closed",
    ),
    "return": (
        lambda h: domain.return_to_register(h, reason="illness", **DAYS),
        {"exited", "closed"},
        "returned",
    ),
    "withdraw": (
        lambda h: domain.withdraw(h, reason="import-undone", today=TODAY),
        {"candidate", "registered"},
        "withdrawn",
    ),
}


def passed(step: Step, before: Household) -> Household:
    """Return the household after a step, without the fact."""
    after = step(before)
    return after[0] if isinstance(after, tuple) else after


@pytest.mark.parametrize(("way", "state"), list(product(WAYS, HOUSEHOLD_STATES)))
def test_each_way_starts_where_it_may_and_nowhere_else(way: str, state: str) -> None:
    step, starts, end = WAYS[way]
    before = household(status=state)

    if state in starts:
        after = passed(step, before)
        assert (after.status, after.version) == (end, before.version + 1)
    else:
        with pytest.raises(Refusal):
            step(before)


def test_the_table_of_states_is_what_the_ways_do_together() -> None:
    walked = {(start, end) for _, starts, end in WAYS.values() for start in starts}

    assert walked == {(before, after) for before, later in TRANSITIONS.items() for after in later}
    assert set(TRANSITIONS) == set(HOUSEHOLD_STATES)


def test_nobody_falls_forward() -> None:
    for state, forward in (("candidate", "evaluated"), ("candidate", "noticed"), ("evaluated", "noticed")):
        with pytest.raises(Refusal):
            domain.fall_back(household(status=state), forward, **DAYS)


def test_a_pre_exit_is_taken_back_to_a_state_on_the_register_only() -> None:
    for state in set(HOUSEHOLD_STATES) - (ON_THE_REGISTER - {"pre-exit"}):
        with pytest.raises(Refusal):
            leaving.take_back_pre_exit(household(status="pre-exit"), state, reason="illness", **DAYS)


@pytest.mark.parametrize("way", ["verify by hand", "exit by hand", "pre-exit"])
def test_a_household_in_pre_exit_is_told_to_take_it_back_first(way: str) -> None:
    with pytest.raises(HouseholdInPreExit):
        WAYS[way][0](household(status="pre-exit"))


@pytest.mark.parametrize(("way", "state"), [(way, min(WAYS[way][1])) for way in WAYS if way != "withdraw"])
def test_no_way_is_dated_before_the_present_state_or_after_today(way: str, state: str) -> None:
    step = WAYS[way][0]

    with pytest.raises(Refusal):
        step(household(status=state, status_since=date(2016, 6, 2)))
    assert passed(step, household(status=state, status_since=TODAY)).status_since == TODAY


def test_a_round_that_keeps_a_household_says_so_each_time() -> None:
    verified, fact = domain.verify(household(status="verified"), round_id=ROUND, **DAYS)

    assert (verified.status_since, verified.version) == (TODAY, 2)
    assert isinstance(fact, facts.HouseholdVerified)
    assert fact.round_id == ROUND


def test_a_registration_says_by_which_way_it_came() -> None:
    _, taken_over = domain.register(household(status="candidate"), **DAYS)
    _, by_round = domain.register(household(status="noticed"), round_id=ROUND, **DAYS)

    assert isinstance(taken_over, facts.HouseholdRegistered)
    assert isinstance(by_round, facts.HouseholdRegistered)
    assert (taken_over.basis, taken_over.round_id) == ("takeover", None)
    assert (by_round.basis, by_round.round_id) == ("procedure", ROUND)


@pytest.mark.parametrize("state", sorted(set(HOUSEHOLD_STATES) - {"closed", "withdrawn"}))
def test_a_closing_says_whether_the_household_still_counted(state: str) -> None:
    _, fact = domain.close(household(status=state), reason="duplicate", round_id=ROUND, **DAYS)

    assert isinstance(fact, facts.HouseholdClosed)
    assert (fact.was_on_register, fact.persons, fact.round_id) == (state in ON_THE_REGISTER, 4, ROUND)


def test_kept_policies_end_on_their_day_and_no_day_earlier() -> None:
    exited = household(status="exited")

    closed, fact = leaving.end_policies(exited, kept_until=TODAY, pack=PACK, **DAYS)
    with pytest.raises(PoliciesKept) as refused:
        leaving.end_policies(exited, kept_until=TODAY, pack=PACK, on=date(2016, 5, 31), today=TODAY)

    assert closed.status == "closed"
    assert isinstance(fact, facts.HouseholdClosed)
    assert (fact.reason, fact.was_on_register) == ("policies-ended", False)
    assert refused.value.rule == "policies-kept-after-exit"
    assert refused.value.basis == PACK.basis("policies-kept-after-exit")


def test_a_closed_file_takes_no_changes() -> None:
    closed = household(status="closed")

    with pytest.raises(Refusal):
        domain.restate(closed, replace(closed, persons=5), on=SINCE, today=TODAY)


@pytest.mark.parametrize("state", ["candidate", "evaluated", "noticed"])
def test_a_change_on_the_way_to_the_register_is_nobodys_business(state: str) -> None:
    assert domain.changed_fact(household(), household(status=state, persons=5), on=TODAY) is None
