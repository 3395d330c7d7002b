"""Requests and answers of cross-checks; a list names nobody, a match names the household and the person's id."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry import fields
from services.registry.schemas.request import Request


class Correction(Request):
    """Which resolution was wrong, by its number, and why."""

    resolution: int = Field(ge=1, le=1000)
    reason: fields.ReasonCode


class MatchResolution(Request):
    """What became of a match; of a resolved one with what is wrong about that."""

    outcome: Literal["explained", "confirmed"]
    reason: fields.ReasonCode
    corrects: Correction | None = None


class Resolved(BaseModel):
    """What became of a match, by whom; and why it was resolved otherwise than before."""

    match_id: UUID
    number: int
    outcome: str
    reason: str
    resolved_by: str
    resolved_on: date
    correction_reason: str | None


class CrossCheckList(BaseModel):
    """A list of another office: how many it names, and how many of them are on file."""

    id: UUID
    area: str
    kind: str
    office: str
    as_of: date
    document_sha256: str
    rows: int
    persons: int
    matches: int
    households: int
    open: int
    actor_id: str
    imported_on: date
    recorded_at: datetime


class Matching(BaseModel):
    """Who was found when a list was matched again."""

    list_id: UUID
    matched: int
    households: int


class Match(BaseModel):
    """Somebody of a household on a list; what the list says is shown to clerks and county officers.

    Of the resolutions in `history` the last holds.
    """

    id: UUID
    list_id: UUID
    kind: str
    household_id: UUID
    person_id: UUID
    village_code: str
    rules_out: bool
    detail: str | None
    matched_on: date
    state: Literal["open", "explained", "confirmed"]
    reason: str | None
    resolved_by: str | None
    resolved_on: date | None
    history: list[Resolved]
