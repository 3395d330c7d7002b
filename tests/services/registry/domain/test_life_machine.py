"""Any sequence of steps, in any order: nobody comes onto the register by the procedure who has not passed all of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.errors import Refusal
from chassis.ids import new_id
from contracts.events import registry as facts
from contracts.values import (
    ADD,
    EVALUATED,
    HOUSEHOLD_STATES,
    ON_THE_REGISTER,
    PROPOSALS,
    SECOND_NOTICE,
    VILLAGERS_MEETING,
)
from services.registry.domain import household as domain
from services.registry.domain import leaving
from services.registry.domain.effect import take_effect
from services.registry.domain.household import TRANSITIONS
from services.registry.domain.objection import uphold
from services.registry.domain.procedure import (
    ANNOUNCED,
    EFFECTIVE,
    OPEN,
    OPENED,
    STEPS,
    Entry,
    pass_step,
    turn_down,
)
from services.registry.rules import shipped_packs
from tests.services.registry.domain.test_household import household
from tests.services.registry.domain.test_life_cycle import ASSESSMENT

PACK = shipped_packs()["national-2014"]
START = date(2014, 6, 1)


class Life(RuleBasedStateMachine):
    """One household and its entries, with a naive record of the steps that the present entry passed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.today = START
        self.entry: Entry
        self.household: domain.Household
        self.passed: list[str] = []
        self.history: list[str] = []

    @initialize(proposal=st.sampled_from(PROPOSALS), status=st.sampled_from(["candidate", "registered"]))
    def begin(self, proposal: str, status: str) -> None:
        self.household = household(status=status, status_since=START)
        self.history = [status]
        self._open(ADD if status == "candidate" else proposal)

    @rule(days=st.integers(0, 40))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(step=st.sampled_from(STEPS[1:]))
    def a_step(self, step: str) -> None:
        entry = self._try(lambda: pass_step(self.entry, step, PACK, on=self.today))
        if entry is not None:
            self.entry = entry
            self.passed.append(step)

    @rule(steps=st.integers(1, len(STEPS)))
    def the_procedure_goes_on(self, steps: int) -> None:
        for following in STEPS[STEPS.index(self.entry.step) + 1 :][:steps]:
            self.a_step(following)
            if self.entry.step == VILLAGERS_MEETING and self.entry.proposal == ADD:
                self._pass(lambda: domain.evaluate(self.household, **self._days()))
            if self.entry.step == SECOND_NOTICE and self.entry.proposal == ADD:
                self._pass(lambda: domain.notice(self.household, **self._days()))

    @rule(at=st.sampled_from(STEPS[:-1]))
    def an_objection_is_upheld(self, at: str) -> None:
        if self.entry.outcome == OPEN and self.entry.step == at:
            self.entry = uphold(self.entry, on=self.today)
            if self.entry.outcome == OPEN:
                self.passed = self.passed[:1]
            self._pass(lambda: domain.fall_back(self.household, "candidate", **self._days()))

    @rule(at=st.sampled_from(STEPS))
    def it_is_turned_down(self, at: str) -> None:
        if self.entry.step == at:
            self.entry = self._try(lambda: turn_down(self.entry, "votes-against")) or self.entry

    @rule()
    def it_is_announced(self) -> None:
        before = self.household
        decision = self._try(lambda: take_effect(before, self.entry, PACK, **self._days()))
        if decision is None:
            return
        assert self.passed == list(STEPS[1:])
        after, fact = decision
        self._follow(after, fact)
        self.entry = replace(self.entry, outcome=EFFECTIVE)

    @rule(proposal=st.sampled_from(PROPOSALS))
    def another_round_opens(self, proposal: str) -> None:
        if self.entry.outcome != OPEN:
            self._open(proposal)

    @rule(
        way=st.sampled_from(
            ["pre-exit", "back", "exit", "end", "evaluate", "notice", "fall-back", "keep", "add"]
        )
    )
    def somebody_tries_a_way_alone(self, way: str) -> None:
        days = self._days()
        ways: dict[str, Any] = {
            "pre-exit": lambda: leaving.pre_exit(self.household, ASSESSMENT, **days),
            "back": lambda: leaving.take_back_pre_exit(self.household, "verified", reason="x", **days),
            "exit": lambda: leaving.exit_noticed(self.household, ASSESSMENT, reason="x", **days),
            "end": lambda: leaving.end_policies(self.household, kept_until=self.today, pack=PACK, **days),
            "evaluate": lambda: domain.evaluate(self.household, **days),
            "notice": lambda: domain.notice(self.household, **days),
            "fall-back": lambda: domain.fall_back(self.household, EVALUATED, **days),
            "keep": lambda: take_effect(self.household, replace(self.entry, proposal="keep"), PACK, **days),
            "add": lambda: take_effect(self.household, replace(self.entry, proposal="add"), PACK, **days),
        }
        if way in {"keep", "add"} and self.entry.step == ANNOUNCED:
            return
        outcome = self._try(ways[way])
        assert outcome is None or way not in {"keep", "add"}
        if outcome is not None:
            after, fact = outcome if isinstance(outcome, tuple) else (outcome, None)
            self._follow(after, fact)

    @invariant()
    def every_state_follows_the_one_before(self) -> None:
        for before, after in zip(self.history, self.history[1:], strict=False):
            assert after in TRANSITIONS[before]
        assert set(self.history) <= set(HOUSEHOLD_STATES)

    @invariant()
    def an_entry_stands_where_its_steps_led(self) -> None:
        if hasattr(self, "entry"):
            assert self.passed == list(STEPS[1 : STEPS.index(self.entry.step) + 1])

    def _follow(self, after: domain.Household, fact: object) -> None:
        is_new = self.household.status not in ON_THE_REGISTER and after.status in ON_THE_REGISTER
        if isinstance(fact, facts.HouseholdRegistered):
            assert fact.basis == "procedure"
        if is_new:
            assert self.passed == list(STEPS[1:]), "came onto the register without the whole procedure"
        self.household = after
        self.history.append(after.status)

    def _pass(self, way: Any) -> None:
        after = self._try(way)
        if after is not None:
            self._follow(after, None)

    def _open(self, proposal: str) -> None:
        self.entry = Entry(
            round_id=new_id(),
            household_id=self.household.id,
            village_code=self.household.village_code,
            proposal=proposal,
            reason=None if proposal == "keep" else "moved-away",
            step=OPENED,
            step_on=self.today,
            outcome=OPEN,
            opening_persons=4,
        )
        self.passed = []

    def _days(self) -> dict[str, Any]:
        return {"on": self.today, "today": self.today}

    @staticmethod
    def _try(way: Any) -> Any:
        try:
            return way()
        except Refusal:
            return None


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=120, stateful_step_count=30, deadline=None, database=None)
