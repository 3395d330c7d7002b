"""Requests and answers of cross-checks; a list names nobody, a match names the household and the person's id."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from services.registry import fields
from services.registry.schemas.request import Request


class MatchResolution(Request):
    """What became of a match."""

    outcome: Literal["explained", "confirmed"]
    reason: fields.ReasonCode


class Resolved(BaseModel):
    """What became of a match, by whom."""

    match_id: UUID
    outcome: str
    reason: str
    resolved_by: str
    resolved_on: date


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
    """Somebody of a household on a list; what the list says is shown to clerks and county officers."""

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
