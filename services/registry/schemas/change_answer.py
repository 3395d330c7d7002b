"""Answers about change requests: what identifies people is masked, others' requests are told by id only."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class TouchedHousehold(BaseModel):
    """A household of a request: the version it was written against, and the one it made."""

    household_id: UUID
    version: int
    applied_version: int | None


class ListedChange(BaseModel):
    """A change request in a list, without what it says of people."""

    id: UUID
    kind: str
    village_code: str
    effective_on: date
    reason: str
    state: str
    submitted_by: str
    submitted_on: date
    submitted_at: datetime
    decided_by: str | None
    decided_on: date | None
    decision_reason: str | None
    undone_by: str | None
    undone_on: date | None


class ChangeSummary(ListedChange):
    """Where a change request stands, and what stands in its way."""

    households: list[TouchedHousehold]
    is_stale: bool
    conflicts_with: list[UUID]
    conflicts_elsewhere: bool
    yields_to: list[UUID]


class ChangeShown(ChangeSummary):
    """A change request with what it asks for; identity numbers, accounts and telephones are masked."""

    asked: dict[str, Any]
