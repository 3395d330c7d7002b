"""Pre-exit, the end of kept policies, and coming back, on the wire."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.registry import fields
from services.registry.schemas.request import DayRequest, ReasonRequest, Request

MAX_COMMITTEE = 1_000
Count = Annotated[int, Field(ge=0, le=MAX_COMMITTEE)]


class CommitteeEvaluation(Request):
    """The evaluation by the village's two committees."""

    held_on: fields.Day
    eligible: Annotated[int, Field(ge=1, le=MAX_COMMITTEE)]
    present: Count
    votes: Annotated[int, Field(ge=0, le=MAX_COMMITTEE, description="How many voted for the exit.")]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if not self.votes <= self.present <= self.eligible:
            raise ValueError("No more vote than are present, no more are present than entitled")
        return self


class PreExitRequest(Request):
    """A household that is to leave the register: the visit it rests on, the committees' vote, its own agreement."""

    visit_id: UUID
    on: fields.Day
    evaluation: CommitteeEvaluation
    signature_sha256: fields.Sha256 | None = Field(
        default=None, description="The household's signed agreement; the rule pack says whether it is needed."
    )


class ReturnRequest(ReasonRequest):
    """A household that comes back; where a round covers the village, with the visit that finds it poor again."""

    visit_id: UUID | None = None


class EndRequest(DayRequest):
    """The end of the policies that a household kept after its exit."""
