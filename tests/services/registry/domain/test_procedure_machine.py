"""Commands in any order on one entry: it never passes a determination without its three evaluations."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from chassis.errors import Refusal
from contracts.values import (
    DETERMINATIONS,
    EVALUATIONS,
    FIRST_NOTICE,
    KEEP,
    REMOVE,
    SECOND_NOTICE,
    VILLAGE_INITIAL,
)
from services.registry.domain.determination import Objected, determine
from services.registry.domain.evaluation import PASSED, CastVote, Meeting, annul, vote
from services.registry.domain.procedure import (
    CHECKED,
    OPEN,
    OPENED,
    STEPS,
    TURNED_DOWN,
    Entry,
    is_behind,
    pass_step,
)
from services.registry.domain.proposal import propose
from tests.services.registry.domain.test_determination import made
from tests.services.registry.domain.test_evaluation import ENTRY, PACK, ballot, meeting, on_record

REASON = "votes-against"
PROPOSALS = st.sampled_from(
    [(KEEP, None), (REMOVE, "moved-away"), (REMOVE, "deceased"), ("correct", "persons-changed")]
)


@dataclass(frozen=True)
class Held:
    """A meeting with its one vote, and what the entry had behind it then."""

    meeting: Meeting
    cast: CastVote
    number: int
    behind: tuple[str, ...]


class OneEntry(RuleBasedStateMachine):
    """`behind` is what the commands say was passed; the entry must say the same."""

    meetings = Bundle("meetings")

    def __init__(self) -> None:
        super().__init__()
        self.entry: Entry = replace(ENTRY, step=OPENED)
        self.behind: tuple[str, ...] = (OPENED,)
        self.today = ENTRY.step_on
        self.last_of_kind: dict[str, int] = {}
        self.number = 0

    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(target=meetings)
    def go_on(self) -> Held | None:
        """Do what comes next, so that the whole way is walked often."""
        following = STEPS[min(STEPS.index(self.entry.step) + 1, len(STEPS) - 1)]
        if following in EVALUATIONS:
            return self.vote(following, 6)
        if following in DETERMINATIONS:
            self.determine(following, is_agreed=True)
        else:
            self.pass_by_others(following)
        return None

    @rule(step=st.sampled_from([CHECKED, FIRST_NOTICE, SECOND_NOTICE]))
    def pass_by_others(self, step: str) -> None:
        try:
            self.entry = pass_step(self.entry, step, PACK, on=self.today)
        except Refusal:
            return
        self.behind += (step,)

    @rule(target=meetings, evaluation=st.sampled_from(EVALUATIONS), votes_for=st.integers(0, 6))
    def hold(self, evaluation: str, votes_for: int) -> Held | None:
        return self.vote(evaluation, votes_for)

    def vote(self, evaluation: str, votes_for: int) -> Held | None:
        """Hold a meeting of six people on the entry, where that is allowed."""
        one = meeting(evaluation, held_on=self.today)
        paper = ballot(votes_for, REASON if votes_for <= 3 else None)
        try:
            cast = vote(paper, self.entry, one, PACK)
        except Refusal:
            return None
        self.number += 1
        held = Held(one, on_record(cast), self.number, self.behind)
        self.last_of_kind[evaluation] = self.number
        self.entry = cast.after
        if cast.outcome == PASSED:
            self.behind += (evaluation,)
        elif cast.after != cast.before:
            self.begin_again()
        return held

    @rule(held=consumes(meetings))
    def annul(self, held: Held | None) -> None:
        if held is None or self.last_of_kind[held.meeting.evaluation] != held.number:
            return
        before = annul(self.entry, held.cast, held.meeting)
        is_last = self.behind == (*held.behind, held.meeting.evaluation)
        if before is not None:
            assert is_last or (held.cast.outcome == TURNED_DOWN and self.behind == held.behind[:2])
            self.entry = before
            self.behind = held.behind
        elif held.cast.outcome == PASSED:
            assert not is_last or self.entry.proposal != held.cast.proposal

    @rule(kind=st.sampled_from(DETERMINATIONS), is_agreed=st.booleans())
    def determine(self, kind: str, *, is_agreed: bool) -> None:
        objected = [] if is_agreed else [Objected(household_id=self.entry.household_id, reason=REASON)]
        try:
            (done,) = determine(made(kind, determined_on=self.today), [self.entry], objected, PACK)
        except Refusal:
            return
        self.entry = done.after
        if is_agreed:
            assert set(EVALUATIONS) <= set(self.behind)
            self.behind += (kind,)
        elif done.after != done.before:
            self.begin_again()

    @rule(proposal=PROPOSALS)
    def propose(self, proposal: tuple[str, str | None]) -> None:
        before = self.entry
        try:
            self.entry = propose(self.entry, *proposal, PACK, on=self.today)
        except Refusal:
            return
        if self.entry.step != before.step:
            self.begin_again()

    def begin_again(self) -> None:
        """Forget what was evaluated and determined, as the entry does."""
        self.behind = self.behind[:2]

    @invariant()
    def stands_where_the_commands_brought_it(self) -> None:
        assert self.behind == STEPS[: len(self.behind)]
        assert self.entry.step == self.behind[-1]
        assert self.entry.outcome == OPEN

    @invariant()
    def has_its_three_evaluations_behind_every_determination(self) -> None:
        if is_behind(self.entry, VILLAGE_INITIAL):
            assert set(EVALUATIONS) <= set(self.behind)


OneEntry.TestCase.settings = settings(max_examples=200, stateful_step_count=60, deadline=None)
TestOneEntry = pytest.mark.timeout(120)(OneEntry.TestCase)


def test_the_machine_would_see_a_step_that_nobody_made() -> None:
    machine = OneEntry()
    machine.entry = replace(machine.entry, step=STEPS[2])

    try:
        machine.stands_where_the_commands_brought_it()
    except AssertionError:
        return
    raise AssertionError("A planted step was not seen.")
