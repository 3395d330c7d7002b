"""Determinations on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.values import DETERMINATIONS
from services.registry import fields
from services.registry.schemas.request import Request

MAX_TURNED_DOWN = 1_000


class TurnedDown(Request):
    """A household that the determining body does not agree to."""

    household_id: UUID
    reason: fields.ReasonCode


class DeterminationRequest(Request):
    """One of the four determinations over an area: every household there that stands before it passes."""

    determination: Annotated[str, Field(pattern=f"^({'|'.join(DETERMINATIONS)})$")]
    area: Annotated[
        str,
        Field(
            pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$",
            description="Division code of a county, township or village, or its beginning.",
        ),
    ]
    determined_on: fields.Day
    document: fields.OpenLine
    turned_down: Annotated[list[TurnedDown], Field(max_length=MAX_TURNED_DOWN, default_factory=list)]


class Determination(BaseModel):
    """A determination with what it did, in numbers. Those sent back wait for another proposal of the village."""

    id: UUID
    round_id: UUID
    determination: str
    area: str
    determined_on: date
    document: str
    confirmed: int
    turned_down: int
    sent_back: int
    actor_id: str
    recorded_at: datetime
