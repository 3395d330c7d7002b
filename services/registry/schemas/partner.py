"""What partners ask and learn, and what auditors see of it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry import fields
from services.registry.schemas.answer import YesOrNo
from services.registry.schemas.request import Reference, Request


class EligibilityItem(Request):
    """One person; a number that is none is refused alone."""

    identity_number: Annotated[str, Field(max_length=32, description="GB 11643.")]
    on: fields.Day | None = Field(default=None, description="The day to answer for; today if absent.")
    reference_id: Reference = None


class EligibilityBatch(Request):
    """Up to 1,000 people, and the one purpose they are asked for."""

    items: Annotated[list[EligibilityItem], Field(min_length=1, max_length=fields.MAX_ITEMS)]
    purpose: fields.Reason


class EligibilityOfItem(BaseModel):
    """Whether one person was on the register on the day, or why the question was refused."""

    index: int
    reference_id: str | None = None
    outcome: Literal["answered", "refused"]
    registered: YesOrNo | None = None
    category: str | None = None
    policies_kept: YesOrNo | None = Field(default=None, description="As of a single question.")
    valid_on: date | None = None
    code: str | None = None
    message: str | None = None
    pointer: str | None = None


class EligibilityResults(BaseModel):
    """The answers, in the order of the questions."""

    answered: int
    refused: int
    results: list[EligibilityOfItem]


class Disclosure(BaseModel):
    """Data of people that was shown: by whom, what kind, of whom or by which filter, how much, and why."""

    id: UUID
    kind: str
    area_code: str
    actor_id: str
    reason: str
    asked_for: str | None
    subject_id: UUID | None
    items: int
    recorded_at: datetime
