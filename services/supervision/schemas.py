"""Requests and answers of the supervision service."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["low", "medium", "high", "critical"]


class Explanation(BaseModel):
    """A sentence for people, in two languages; in a rule it may hold `$names` that a finding fills in."""

    model_config = ConfigDict(extra="forbid")

    zh: str = Field(min_length=1, max_length=500)
    en: str = Field(min_length=1, max_length=500)


class RuleRequest(BaseModel):
    """A version of a rule to publish; the code of a known rule makes its next version."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,49}$")
    kind: str = Field(max_length=50)
    parameters: dict[str, Any] = Field(description="The numbers of the rule; their names depend on its kind.")
    severity: Severity
    effective_from: date
    effective_to: date | None = None
    basis_document: str = Field(min_length=1, max_length=300)
    explanation: Explanation


class Rule(BaseModel):
    """A version of a rule; `is_adopted` once it takes part in judging."""

    code: str
    version: int
    kind: str
    parameters: dict[str, Any]
    severity: str
    effective_from: date
    effective_to: date | None
    basis_document: str
    explanation: Explanation
    is_adopted: bool


class RuleList(BaseModel):
    """Every version of every rule."""

    items: list[Rule]


class Finding(BaseModel):
    """What a rule holds, or held, against a subject."""

    id: UUID
    area_code: str
    rule: str
    rule_version: int
    kind: str
    severity: str
    state: Literal["open", "closed"]
    subject: str
    occurrence: str
    households: list[UUID]
    observed: str
    expected: str
    explanation: Explanation
    evidence: list[UUID] = Field(description="The events it rests on; all of them stand in the trail.")
    due_on: date | None
    opened_on: date
    opened_at: datetime
    opened_by: UUID | None = Field(description="The event that opened it; null when it was the clock.")
    closed_on: date | None
    closed_at: datetime | None
    closed_by: UUID | None
    reason: str | None = Field(description="What removed the cause.")


class EvidenceEvent(BaseModel):
    """One event of the trail that a finding rests on."""

    position: int
    recorded_at: datetime
    envelope: dict[str, Any]


class FindingInFull(Finding):
    """A finding with the events themselves."""

    events: list[EvidenceEvent]


class Clock(BaseModel):
    """How far supervision has looked: by the clock, and along the trail."""

    business_date: date
    deadlines_through: date | None
    events_through: int = Field(description="Position of the newest entry of the trail.")
    events_through_at: datetime | None


class Verification(BaseModel):
    """Whether the trail's chain holds."""

    is_whole: bool
    checked_through: int
    head_position: int
    head_hash: str
    first_broken: int | None
