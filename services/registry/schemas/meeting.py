"""Meetings on the wire: what is recorded of one, and what is shown of it."""

import re
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from contracts.values import EVALUATIONS
from services.registry import fields
from services.registry.domain.mask import holds_number
from services.registry.schemas.request import Request

MAX_RESULTS = 2_000
MAX_ROLL = 2_000
MAX_PHOTOS = 20
MAX_MINUTES = 20_000
MAX_ELIGIBLE = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _minutes(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("Minutes are text without control characters")
    if holds_number(text):
        raise ValueError("Minutes name people, never by an identity or account number")
    return text


Evaluation = Annotated[str, Field(pattern=f"^({'|'.join(EVALUATIONS)})$")]
Minutes = Annotated[str, Field(min_length=1, max_length=MAX_MINUTES), AfterValidator(_minutes)]
Votes = Annotated[int, Field(ge=0, le=MAX_ROLL)]


class Result(Request):
    """How those present voted on what is proposed for a household; together the votes are those present."""

    household_id: UUID
    votes_for: Votes
    votes_against: Votes
    abstentions: Votes
    reason: fields.ReasonCode | None = Field(
        default=None, description="Needed where an addition or removal is turned down, by the pack's list."
    )


class MeetingRequest(Request):
    """One of the three evaluations, as it was held."""

    evaluation: Evaluation
    village_code: fields.VillageCode
    held_on: fields.Day
    place: fields.Line
    convenor: fields.PersonReference
    eligible: Annotated[int, Field(ge=1, le=MAX_ELIGIBLE, description="How many were entitled to come.")]
    roll: Annotated[
        list[fields.Name],
        Field(
            min_length=1, max_length=MAX_ROLL, description="Who came, name by name; its length is who voted."
        ),
    ]
    team_member_present: bool = Field(description="Whether a member of the stationed team was there.")
    photos_sha256: Annotated[list[fields.Sha256], Field(max_length=MAX_PHOTOS)]
    minutes: Minutes
    minutes_sha256: fields.Sha256
    results: Annotated[list[Result], Field(min_length=1, max_length=MAX_RESULTS)]


class AnnulmentRequest(Request):
    """Why a meeting was void."""

    reason: fields.ReasonCode


class MeetingSummary(BaseModel):
    """A meeting with what it decided, in numbers."""

    id: UUID
    round_id: UUID
    evaluation: str
    village_code: str
    held_on: date
    eligible: int
    present: int
    passed: int
    turned_down: int
    not_carried: int
    annulled_on: date | None


class VoteOutcome(BaseModel):
    """What became of a household: passed, turned down, or not carried and still where it stood.

    `proposal` is what is proposed for it now: a removal that is turned down becomes a keep and is evaluated again.
    """

    household_id: UUID
    outcome: str
    proposal: str


class MeetingHeld(MeetingSummary):
    """A meeting that was recorded just now, household by household."""

    results: list[VoteOutcome]


class Vote(BaseModel):
    """A vote as it stands in the minutes."""

    household_id: UUID
    file_number: str | None
    head_name: str | None
    proposal: str
    proposal_reason: str | None
    votes_for: int
    votes_against: int
    abstentions: int
    outcome: str
    reason: str | None


class Meeting(MeetingSummary):
    """A meeting with its votes. Whoever may not see people reads masked names, no place and no minutes."""

    convenor: str
    team_member_present: bool
    photos_sha256: list[str]
    minutes_sha256: str
    place: str | None
    roll: list[str]
    minutes: str | None
    annulment_reason: str | None
    actor_id: str
    recorded_at: datetime
    results: list[Vote]


class Annulment(BaseModel):
    """A meeting that counts for nothing any more; households that had gone on stay where they are."""

    meeting_id: UUID
    reason: str
    annulled_on: date
    taken_back: list[UUID]
    gone_on: list[UUID]
