"""The three evaluations (三评): who must be there, how a household is voted on, and what the vote does to its entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from chassis.errors import FieldError, Refusal
from contracts.events import procedure as facts
from contracts.values import CORRECT, KEEP, PARTY_MEETING, VILLAGERS_MEETING
from services.registry.domain.errors.evaluation import (
    HouseholdTwice,
    MeetingBeforeRound,
    MeetingNotQuorate,
    MeetingRefused,
    NameTwice,
    RollTooLong,
    TeamMemberMissing,
    TurnDownReason,
    VotesDoNotAddUp,
)
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.errors.round import HouseholdOutsideRound
from services.registry.domain.procedure import OPEN, TURNED_DOWN, Entry, decline, pass_step, step_before
from services.registry.domain.rule_pack import RulePack

QUORUM: Final = "evaluation-quorum"
TEAM_ATTENDS: Final = "team-member-attends"
TURNED_DOWN_FOR: Final = "reason-of-turning-down"
WITH_THE_TEAM: Final = frozenset({PARTY_MEETING, VILLAGERS_MEETING})
MAX_ERRORS: Final = 100

# What a vote did to an entry. One that was to be kept or corrected and found no majority stays at its step.
PASSED: Final = "passed"
NOT_CARRIED: Final = "not-carried"
VOTE_OUTCOMES: Final = (PASSED, TURNED_DOWN, NOT_CARRIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One of the three evaluations, held in a village."""

    id: UUID
    round_id: UUID
    evaluation: str
    village_code: str
    held_on: date
    eligible: int
    present: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """How those present voted on what is proposed for a household."""

    household_id: UUID
    votes_for: int
    votes_against: int
    abstentions: int
    reason: str | None = None

    @property
    def votes(self) -> int:
        """Everybody votes on everybody, or abstains."""
        return self.votes_for + self.votes_against + self.abstentions


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A ballot with its outcome, and the entry before and after it."""

    ballot: Ballot
    outcome: str
    before: Entry
    after: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """A vote as it is on record: enough of the entry before it to put that back."""

    household_id: UUID
    outcome: str
    reason: str | None
    proposal: str
    proposal_reason: str | None
    stood_since: date


def check_meeting(
    meeting: Meeting, pack: RulePack, *, opened_on: date, today: date, is_team_present: bool
) -> None:
    """Refuse a meeting that does not count, whatever was voted."""
    if meeting.held_on > today:
        raise DateInFuture(pointer="/held_on")
    if meeting.held_on < opened_on:
        raise MeetingBeforeRound(pointer="/held_on")
    if meeting.present > meeting.eligible:
        raise RollTooLong(pointer="/roll")
    _refuse_inquorate(meeting, pack)
    if not is_team_present:
        _refuse_without_team(meeting, pack)


def check_roll(roll: Sequence[str]) -> None:
    """Refuse a roll on which somebody stands twice: who came is counted by it."""
    seen: set[str] = set()
    for index, name in enumerate(roll):
        if name.casefold() in seen:
            raise NameTwice(pointer=f"/roll/{index}")
        seen.add(name.casefold())


def vote(ballot: Ballot, entry: Entry, meeting: Meeting, pack: RulePack) -> Vote:
    """Return what the meeting's vote does to a household's entry."""
    if ballot.votes != meeting.present:
        raise VotesDoNotAddUp
    # An entry out of its order is refused even where the vote goes against it.
    passed = pass_step(entry, meeting.evaluation, pack, on=meeting.held_on)
    is_carried = pack.evaluation(meeting.evaluation).is_carried(ballot.votes_for, meeting.present)
    outcome = _outcome(entry.proposal, is_carried=is_carried)
    check_turn_down(ballot.reason, pack, is_needed=outcome == TURNED_DOWN, is_allowed=not is_carried)
    if outcome == PASSED:
        return Vote(ballot=ballot, outcome=outcome, before=entry, after=passed)
    after = decline(entry, ballot.reason or "", on=meeting.held_on) if outcome == TURNED_DOWN else entry
    return Vote(ballot=ballot, outcome=outcome, before=entry, after=after)


def vote_on_all(
    ballots: Sequence[Ballot], entries: Mapping[UUID, Entry], meeting: Meeting, pack: RulePack
) -> list[Vote]:
    """Return every household's vote, or refuse the meeting with each household that could not be voted on."""
    votes: list[Vote] = []
    refused: list[tuple[int, Refusal]] = []
    seen: set[UUID] = set()
    for index, ballot in enumerate(ballots):
        try:
            votes.append(vote(ballot, _entry_of(ballot, entries, seen), meeting, pack))
        except Refusal as refusal:
            refused.append((index, refusal))
        seen.add(ballot.household_id)
    if refused:
        raise refuse_items(MeetingRefused, "/results", refused)
    return votes


def refuse_items(kind: type[Refusal], list_pointer: str, refused: Sequence[tuple[int, Refusal]]) -> Refusal:
    """Return the refusal of a whole list by its refused items; it names the first rule that was broken."""
    errors = [
        FieldError(f"{list_pointer}/{index}{refusal.pointer or ''}", refusal.code, refusal.message)
        for index, refusal in refused[:MAX_ERRORS]
    ]
    first = next((refusal for _, refusal in refused if refusal.rule), None)
    return kind(errors=errors, rule=first.rule if first else None, basis=first.basis if first else None)


def check_turn_down(reason: str | None, pack: RulePack, *, is_needed: bool, is_allowed: bool) -> None:
    """Whoever is turned down learns why, by a code of the pack (capabilities P1.1: reject reason mandatory)."""
    is_known = reason in pack.turn_down_reasons
    if (is_needed and not is_known) or (reason is not None and not (is_allowed and is_known)):
        basis = pack.basis(TURNED_DOWN_FOR)
        raise TurnDownReason(pointer="/reason", rule=TURNED_DOWN_FOR, basis=basis)


def annul(now: Entry, cast: CastVote, meeting: Meeting) -> Entry | None:
    """Return the entry as it stood before an annulled vote; None where something was built upon the vote since."""
    before = replace(
        now,
        proposal=cast.proposal,
        reason=cast.proposal_reason,
        step=step_before(meeting.evaluation),
        step_on=cast.stood_since,
        outcome=OPEN,
    )
    if cast.outcome == TURNED_DOWN:
        after = decline(before, cast.reason or "", on=meeting.held_on)
    else:
        after = replace(before, step=meeting.evaluation, step_on=meeting.held_on)
    return before if now == after and cast.outcome != NOT_CARRIED else None


def held_fact(meeting: Meeting, votes: Sequence[Vote]) -> facts.EvaluationHeld:
    """Return the fact that a meeting was held."""
    return facts.EvaluationHeld(
        evaluation_id=meeting.id,
        round_id=meeting.round_id,
        evaluation=meeting.evaluation,
        village_code=meeting.village_code,
        held_on=meeting.held_on,
        eligible=meeting.eligible,
        present=meeting.present,
        passed=[each.ballot.household_id for each in votes if each.outcome == PASSED],
        turned_down=[each.ballot.household_id for each in votes if each.outcome == TURNED_DOWN],
    )


def annulled_fact(
    meeting: Meeting, cast: Sequence[CastVote], *, on: date, reason: str
) -> facts.EvaluationAnnulled:
    """Return the fact that a meeting was annulled, with every household whose entry rested on its vote."""
    return facts.EvaluationAnnulled(
        evaluation_id=meeting.id,
        round_id=meeting.round_id,
        evaluation=meeting.evaluation,
        village_code=meeting.village_code,
        annulled_on=on,
        reason=reason,
        households=[each.household_id for each in cast if each.outcome != NOT_CARRIED],
    )


def _refuse_inquorate(meeting: Meeting, pack: RulePack) -> None:
    rule = pack.evaluation(meeting.evaluation)
    if not rule.is_quorate(meeting.present, meeting.eligible):
        message = f"{meeting.present} of {meeting.eligible} came; {rule.quorum} must be there."
        raise MeetingNotQuorate(message, pointer="/roll", rule=QUORUM, basis=pack.basis(QUORUM))


def _refuse_without_team(meeting: Meeting, pack: RulePack) -> None:
    """At least one stationed team member attends the party members' and the villagers' meeting (五查五看三评四定)."""
    if meeting.evaluation in WITH_THE_TEAM:
        basis = pack.basis(TEAM_ATTENDS)
        raise TeamMemberMissing(pointer="/team_member_present", rule=TEAM_ATTENDS, basis=basis)


def _entry_of(ballot: Ballot, entries: Mapping[UUID, Entry], seen: set[UUID]) -> Entry:
    if ballot.household_id in seen:
        raise HouseholdTwice
    entry = entries.get(ballot.household_id)
    if entry is None:
        raise HouseholdOutsideRound
    return entry


def _outcome(proposal: str, *, is_carried: bool) -> str:
    if is_carried:
        return PASSED
    return NOT_CARRIED if proposal in {KEEP, CORRECT} else TURNED_DOWN
