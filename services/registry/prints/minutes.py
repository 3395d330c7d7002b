"""The minutes of one of the three evaluations (会议记录): roll, words and votes as they were recorded."""

from msgspec import Struct

from services.registry.prints.household import NONE_GIVEN, Imprint
from services.registry.prints.words import (
    CHINESE_OF_EVALUATION,
    CHINESE_OF_PROPOSAL,
    CHINESE_OF_VOTE,
    chinese_day,
    chinese_reason,
)
from services.registry.schemas.meeting import Meeting, Vote


class PrintedVote(Struct, frozen=True, kw_only=True):
    """A row of the table of votes."""

    file_number: str
    head_name: str
    proposal: str
    votes_for: int
    votes_against: int
    abstentions: int
    outcome: str

    def __repr__(self) -> str:
        return "PrintedVote(...)"


class PrintedMinutes(Struct, frozen=True, kw_only=True):
    """What the paper says."""

    place: str
    evaluation: str
    held_on: str
    venue: str
    convenor: str
    eligible: int
    present: int
    team_member: str
    annulled: str
    roll: list[str]
    minutes: str
    minutes_sha256: str
    votes: list[PrintedVote]
    printed_at: str
    printed_by: str

    def __repr__(self) -> str:
        return "PrintedMinutes(...)"


def printed_minutes(meeting: Meeting, imprint: Imprint) -> PrintedMinutes:
    """Return the record of a meeting's minutes."""
    annulled = meeting.annulled_on
    return PrintedMinutes(
        place=imprint.place,
        evaluation=CHINESE_OF_EVALUATION[meeting.evaluation],
        held_on=chinese_day(meeting.held_on),
        venue=meeting.place or NONE_GIVEN,
        convenor=meeting.convenor,
        eligible=meeting.eligible,
        present=meeting.present,
        team_member="已列席" if meeting.team_member_present else "未列席",
        annulled="" if annulled is None else f"本次会议已于{chinese_day(annulled)}作废",
        roll=meeting.roll,
        minutes=meeting.minutes or NONE_GIVEN,
        minutes_sha256=meeting.minutes_sha256,
        votes=[_vote(vote) for vote in meeting.results],
        printed_at=imprint.printed_at,
        printed_by=imprint.printed_by,
    )


def _vote(vote: Vote) -> PrintedVote:
    proposal = CHINESE_OF_PROPOSAL[vote.proposal]
    because = chinese_reason(vote.proposal_reason)
    outcome, reason = CHINESE_OF_VOTE[vote.outcome], chinese_reason(vote.reason)
    return PrintedVote(
        file_number=vote.file_number or NONE_GIVEN,
        head_name=vote.head_name or NONE_GIVEN,
        proposal=f"{proposal}（{because}）" if because else proposal,
        votes_for=vote.votes_for,
        votes_against=vote.votes_against,
        abstentions=vote.abstentions,
        outcome=f"{outcome}（{reason}）" if reason else outcome,
    )
