"""Holding one of the three evaluations, and annulling one that was void."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER, VILLAGE_COMMITTEE, WORK_TEAM
from contracts.values import ADD, VILLAGERS_MEETING
from services.registry.domain import evaluation as domain
from services.registry.domain.errors.evaluation import MeetingAnnulledAlready
from services.registry.domain.evaluation import PASSED, Ballot, CastVote, Meeting, Vote
from services.registry.domain.procedure import TURNED_DOWN, Entry
from services.registry.handlers.candidate import mark_evaluated, turn_back
from services.registry.handlers.round import load_open_round
from services.registry.schemas import meeting as schema
from services.registry.store import entry as entries
from services.registry.store import meeting as store
from services.registry.store import round as rounds
from services.registry.store.meeting import Minutes
from services.registry.store.sealed import SealedMeeting, seal


async def hold_meeting(round_id: UUID, request: schema.MeetingRequest, unit: UnitOfWork) -> Answer:
    """Record a meeting with its votes: all of them count, or none."""
    unit.require(VILLAGE_COMMITTEE, WORK_TEAM, CLERK)
    unit.require_area(request.village_code)
    async with unit:
        one, pack = await load_open_round(unit, round_id)
        meeting = _meeting(round_id, request)
        domain.check_meeting(
            meeting,
            pack,
            opened_on=one.opened_on,
            today=unit.today,
            is_team_present=request.team_member_present,
        )
        domain.check_roll(request.roll)
        ballots = [Ballot(**result.model_dump()) for result in request.results]
        known = await entries.lock_some(
            unit.driver, round_id, (each.household_id for each in ballots), area=request.village_code
        )
        votes = domain.vote_on_all(ballots, known, meeting, pack)
        await entries.save_entries(unit.driver, round_id, [each.after for each in votes])
        await _move_candidates(unit, meeting, votes)
        await store.add_meeting(unit.driver, meeting, _minutes(request, unit), votes)
        unit.record(domain.held_fact(meeting, votes), sequence=1, area=meeting.village_code)
        location = f"/registry/v1/meetings/{meeting.id}"
        return unit.answer(_held(meeting, votes), status=201, location=location)


async def annul_meeting(meeting_id: UUID, request: schema.AnnulmentRequest, unit: UnitOfWork) -> Answer:
    """Take back the votes of a meeting that nothing was built upon; what has gone on stays, and is told of."""
    unit.require(OFFICER)
    async with unit:
        meeting, is_annulled = await store.find_meeting(unit.driver, meeting_id, area=unit.principal.area)
        if meeting is None:
            raise NotFound
        if is_annulled:
            raise MeetingAnnulledAlready
        cast, moved = await _take_back(unit, meeting)
        await store.add_annulment(
            unit.driver,
            meeting,
            reason=request.reason,
            on=unit.today,
            actor_id=unit.principal.actor_id,
            at=unit.now,
        )
        fact = domain.annulled_fact(meeting, cast, on=unit.today, reason=request.reason)
        unit.record(fact, sequence=2, area=meeting.village_code)
        back = {entry.household_id for entry in moved}
        answer = schema.Annulment(
            meeting_id=meeting_id,
            reason=request.reason,
            annulled_on=unit.today,
            taken_back=sorted(back),
            gone_on=sorted(set(fact.households) - back),
        )
        return unit.answer(answer, status=201)


async def _take_back(unit: UnitOfWork, meeting: Meeting) -> tuple[list[CastVote], list[Entry]]:
    one = await rounds.share_round(unit.driver, meeting.round_id, area=meeting.village_code)
    known = await entries.lock_area(unit.driver, meeting.round_id, meeting.village_code)
    cast = await store.list_resting(unit.driver, meeting)
    if one is None or not one.is_open:
        return cast, []
    by_id = {entry.household_id: entry for entry in known}
    found = [(by_id[each.household_id], each) for each in cast if each.household_id in by_id]
    moved = [before for now, each in found if (before := domain.annul(now, each, meeting)) is not None]
    await entries.save_entries(unit.driver, meeting.round_id, moved)
    if meeting.evaluation == VILLAGERS_MEETING:
        await turn_back(unit, [each.household_id for each in moved if each.proposal == ADD], on=unit.today)
    return cast, moved


async def _move_candidates(unit: UnitOfWork, meeting: Meeting, votes: Sequence[Vote]) -> None:
    additions = [each for each in votes if each.before.proposal == ADD]
    turned_down = [each.ballot.household_id for each in additions if each.outcome == TURNED_DOWN]
    await turn_back(unit, turned_down, on=meeting.held_on, pointer="/held_on")
    if meeting.evaluation == VILLAGERS_MEETING:
        passed = [each.ballot.household_id for each in additions if each.outcome == PASSED]
        await mark_evaluated(unit, passed, on=meeting.held_on, pointer="/held_on")


def _meeting(round_id: UUID, request: schema.MeetingRequest) -> Meeting:
    return Meeting(
        id=new_id(),
        round_id=round_id,
        evaluation=request.evaluation,
        village_code=request.village_code,
        held_on=request.held_on,
        eligible=request.eligible,
        present=len(request.roll),
    )


def _minutes(request: schema.MeetingRequest, unit: UnitOfWork) -> Minutes:
    sealed = SealedMeeting(place=request.place, roll=request.roll, minutes=request.minutes)
    return Minutes(
        convenor=request.convenor,
        is_team_present=request.team_member_present,
        photos_sha256=request.photos_sha256,
        minutes_sha256=request.minutes_sha256,
        sealed=seal(unit.cipher, sealed),
        actor_id=unit.principal.actor_id,
        recorded_at=unit.now,
    )


def _held(meeting: Meeting, votes: Sequence[Vote]) -> schema.MeetingHeld:
    counts = Counter(each.outcome for each in votes)
    return schema.MeetingHeld(
        id=meeting.id,
        round_id=meeting.round_id,
        evaluation=meeting.evaluation,
        village_code=meeting.village_code,
        held_on=meeting.held_on,
        eligible=meeting.eligible,
        present=meeting.present,
        passed=counts[PASSED],
        turned_down=counts[TURNED_DOWN],
        not_carried=counts[domain.NOT_CARRIED],
        annulled_on=None,
        results=[
            schema.VoteOutcome(
                household_id=each.ballot.household_id, outcome=each.outcome, proposal=each.after.proposal
            )
            for each in votes
        ],
    )
