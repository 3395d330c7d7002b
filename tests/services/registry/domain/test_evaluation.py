"""A meeting's votes: at the quorum and the majority, below and above, and what each does to an entry."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.ids import new_id
from contracts.values import (
    ADD,
    CORRECT,
    EVALUATIONS,
    INTERNAL_MEETING,
    KEEP,
    PARTY_MEETING,
    REMOVE,
    VILLAGERS_MEETING,
)
from services.registry.domain.errors.evaluation import (
    HouseholdTwice,
    MeetingBeforeRound,
    MeetingNotQuorate,
    MeetingRefused,
    RollTooLong,
    TeamMemberMissing,
    TurnDownReason,
    VotesDoNotAddUp,
)
from services.registry.domain.errors.procedure import StepOutOfOrder
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.evaluation import (
    NOT_CARRIED,
    PASSED,
    Ballot,
    CastVote,
    Meeting,
    Vote,
    annul,
    check_meeting,
    vote,
    vote_on_all,
)
from services.registry.domain.procedure import CHECKED, OPEN, OPENED, TURNED_DOWN, Entry, step_before
from services.registry.rules import shipped_packs

PACK = shipped_packs()["national-2014"]
DAY = date(2016, 6, 1)
ENTRY = Entry(
    round_id=new_id(),
    household_id=new_id(),
    village_code="532930101201",
    proposal=KEEP,
    reason=None,
    step=CHECKED,
    step_on=DAY,
    outcome=OPEN,
    opening_persons=3,
)
REASONS = {KEEP: None, ADD: "missed-before", REMOVE: "moved-away", CORRECT: "persons-changed"}
AGAINST = "votes-against"


def meeting(evaluation: str = INTERNAL_MEETING, **changes: Any) -> Meeting:
    """Return a meeting to which six of nine came."""
    values: dict[str, Any] = {
        "id": new_id(),
        "round_id": ENTRY.round_id,
        "evaluation": evaluation,
        "village_code": ENTRY.village_code,
        "held_on": DAY,
        "eligible": 9,
        "present": 6,
    }
    return Meeting(**(values | changes))


def ballot(votes_for: int, reason: str | None = None, **changes: Any) -> Ballot:
    """Return how six people voted."""
    values: dict[str, Any] = {
        "household_id": ENTRY.household_id,
        "votes_for": votes_for,
        "votes_against": 6 - votes_for,
        "abstentions": 0,
        "reason": reason,
    }
    return Ballot(**(values | changes))


def proposing(proposal: str, evaluation: str = INTERNAL_MEETING) -> Entry:
    """Return an entry that stands before an evaluation."""
    return replace(ENTRY, proposal=proposal, reason=REASONS[proposal], step=step_before(evaluation))


def check(one: Meeting, *, today: date = DAY, opened_on: date = DAY, is_team_present: bool = True) -> None:
    """Check a meeting of a round that was opened that day."""
    check_meeting(one, PACK, opened_on=opened_on, today=today, is_team_present=is_team_present)


def on_record(cast: Vote) -> CastVote:
    """Return a vote as the database keeps it."""
    return CastVote(
        household_id=cast.before.household_id,
        outcome=cast.outcome,
        reason=cast.ballot.reason,
        proposal=cast.before.proposal,
        proposal_reason=cast.before.reason,
        stood_since=cast.before.step_on,
    )


@pytest.mark.parametrize("evaluation", EVALUATIONS)
@pytest.mark.parametrize("eligible", [1, 2, 3, 9, 10, 100, 301])
def test_a_meeting_at_its_quorum_counts_and_one_below_does_not(evaluation: str, eligible: int) -> None:
    two_thirds, half = -(-2 * eligible // 3), -(-eligible // 2)
    needed = two_thirds if evaluation == VILLAGERS_MEETING else half

    check(meeting(evaluation, eligible=eligible, present=needed))
    check(meeting(evaluation, eligible=eligible, present=eligible))

    with pytest.raises(MeetingNotQuorate) as refused:
        check(meeting(evaluation, eligible=eligible, present=needed - 1))
    assert (refused.value.rule, refused.value.basis) == ("evaluation-quorum", PACK.basis("evaluation-quorum"))


def test_nobody_comes_who_is_not_entitled() -> None:
    check(meeting(eligible=6, present=6))

    with pytest.raises(RollTooLong):
        check(meeting(eligible=6, present=7))


def test_the_team_attends_the_party_and_the_villagers_meeting() -> None:
    check(meeting(INTERNAL_MEETING), is_team_present=False)

    for evaluation in (PARTY_MEETING, VILLAGERS_MEETING):
        with pytest.raises(TeamMemberMissing) as refused:
            check(meeting(evaluation), is_team_present=False)
        assert refused.value.rule == "team-member-attends"
        assert refused.value.basis


def test_a_meeting_lies_between_the_opening_of_the_round_and_today() -> None:
    check(meeting(held_on=DAY), opened_on=DAY, today=DAY)

    with pytest.raises(MeetingBeforeRound):
        check(meeting(held_on=DAY - timedelta(days=1)), opened_on=DAY)
    with pytest.raises(DateInFuture):
        check(meeting(held_on=DAY + timedelta(days=1)), today=DAY)


@pytest.mark.parametrize("proposal", [KEEP, ADD, REMOVE, CORRECT])
@pytest.mark.parametrize("evaluation", EVALUATIONS)
def test_more_than_half_of_those_present_carry_a_proposal(evaluation: str, proposal: str) -> None:
    entry = proposing(proposal, evaluation)

    above = vote(ballot(4), entry, meeting(evaluation), PACK)
    at = vote(ballot(3, AGAINST), entry, meeting(evaluation), PACK)
    below = vote(ballot(2, AGAINST), entry, meeting(evaluation), PACK)

    assert (above.outcome, above.after.step) == (PASSED, evaluation)
    assert at.outcome == below.outcome != PASSED


def test_abstentions_count_among_those_present() -> None:
    abstained = ballot(3, AGAINST, votes_against=0, abstentions=3)

    assert vote(abstained, proposing(ADD), meeting(), PACK).outcome == TURNED_DOWN


@pytest.mark.parametrize("votes", [-1, 1])
def test_the_votes_are_those_present(votes: int) -> None:
    with pytest.raises(VotesDoNotAddUp):
        vote(ballot(6, abstentions=1) if votes > 0 else ballot(5, votes_against=0), ENTRY, meeting(), PACK)


def test_an_addition_without_majority_ends() -> None:
    after = vote(ballot(0, AGAINST), proposing(ADD), meeting(), PACK).after

    assert (after.outcome, after.reason, after.step) == (TURNED_DOWN, AGAINST, CHECKED)


def test_a_removal_without_majority_becomes_a_keep_from_the_first_meeting_on() -> None:
    held = meeting(VILLAGERS_MEETING, held_on=DAY + timedelta(days=1))

    cast = vote(ballot(0, AGAINST), proposing(REMOVE, VILLAGERS_MEETING), held, PACK)

    assert (cast.outcome, cast.after.proposal, cast.after.reason) == (TURNED_DOWN, KEEP, None)
    assert (cast.after.step, cast.after.step_on, cast.after.outcome) == (CHECKED, held.held_on, OPEN)


@pytest.mark.parametrize("proposal", [KEEP, CORRECT])
@pytest.mark.parametrize("reason", [None, AGAINST])
def test_what_is_kept_or_corrected_stays_without_majority(proposal: str, reason: str | None) -> None:
    entry = proposing(proposal)

    cast = vote(ballot(0, reason), entry, meeting(), PACK)

    assert (cast.outcome, cast.after) == (NOT_CARRIED, entry)


@pytest.mark.parametrize(
    ("proposal", "votes_for", "reason"),
    [(ADD, 0, None), (ADD, 0, "unheard-of"), (REMOVE, 0, None), (ADD, 6, AGAINST), (KEEP, 0, "unheard-of")],
)
def test_a_reason_of_the_pack_is_given_where_it_is_needed_and_only_there(
    proposal: str, votes_for: int, reason: str | None
) -> None:
    with pytest.raises(TurnDownReason) as refused:
        vote(ballot(votes_for, reason), proposing(proposal), meeting(), PACK)

    assert (refused.value.rule, refused.value.pointer) == ("reason-of-turning-down", "/reason")


def test_a_household_out_of_its_order_is_not_turned_down_either() -> None:
    with pytest.raises(StepOutOfOrder):
        vote(ballot(0, AGAINST), replace(proposing(ADD), step=OPENED), meeting(), PACK)


def test_a_household_is_voted_on_once_in_a_meeting() -> None:
    entries = {ENTRY.household_id: ENTRY}

    with pytest.raises(MeetingRefused) as refused:
        vote_on_all([ballot(6), ballot(6)], entries, meeting(), PACK)

    assert [(each.pointer, each.code) for each in refused.value.errors] == [
        ("/results/1", HouseholdTwice.code)
    ]


@pytest.mark.parametrize("proposal", [KEEP, ADD, REMOVE, CORRECT])
@pytest.mark.parametrize("evaluation", EVALUATIONS)
@pytest.mark.parametrize("votes_for", [0, 6])
def test_an_annulled_vote_leaves_the_entry_as_it_was(evaluation: str, proposal: str, votes_for: int) -> None:
    held = meeting(evaluation, held_on=DAY + timedelta(days=2))
    cast = vote(
        ballot(votes_for, None if votes_for else AGAINST), proposing(proposal, evaluation), held, PACK
    )

    taken_back = annul(cast.after, on_record(cast), held)

    assert taken_back == (None if cast.outcome == NOT_CARRIED else cast.before)


@pytest.mark.parametrize("votes_for", [0, 6])
def test_a_vote_that_was_built_upon_stays(votes_for: int) -> None:
    held = meeting()
    cast = vote(ballot(votes_for, None if votes_for else AGAINST), proposing(REMOVE), held, PACK)
    further = vote(
        ballot(6), cast.after, meeting(PARTY_MEETING if votes_for else INTERNAL_MEETING), PACK
    ).after

    assert annul(further, on_record(cast), held) is None
