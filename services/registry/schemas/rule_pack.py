"""Requests and answers of rule packs; a pack's content is the document itself, its amounts named in fen."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.money import YuanOut
from services.registry import fields
from services.registry.schemas.request import Request

PackCode = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z0-9]+)*$", max_length=40, examples=["national-2016"])]
PackVersion = Annotated[int, Field(ge=1, le=1_000_000)]


class BasedOn(Request):
    """The version that a proposal changes."""

    code: PackCode
    version: PackVersion


class PackProposal(Request):
    """A version of a pack to be reviewed: the whole content, or what differs from the version it is based on."""

    code: PackCode
    title: fields.Line
    document: fields.Line = Field(description="The document that the pack comes from.")
    based_on: BasedOn | None = None
    content: dict[str, Any] = Field(
        description="Lines, limits, periods, quorums and lists, as in the shown packs. `documents` is added to the "
        "base's, every other field replaces the base's."
    )


class PackActivation(Request):
    """From which day on a version is in force."""

    active_from: fields.Day


class Activation(BaseModel):
    """From which day on a version is in force, where, and who decided it."""

    id: UUID
    scope: str
    active_from: date
    activated_by: str
    activated_on: date


class ListedPack(BaseModel):
    """One version of a pack; `scope` is the beginning of the division code of where it was proposed."""

    code: str
    version: int
    title: str
    document: str
    state: str
    scope: str
    based_on: BasedOn | None
    proposed_by: str
    proposed_on: date | None
    reviewed_by: str | None
    reviewed_on: date | None
    adopted_from: date | None


class ShownPack(ListedPack):
    """One version of a pack with its content and the days from which it is in force."""

    activations: list[Activation]
    content: dict[str, Any]


class PackName(BaseModel):
    """Which version of which pack."""

    code: str
    version: int


class TrialCount(BaseModel):
    """How many households of an area were looked at, how many would change, and why."""

    area: str
    households: int
    changing: int
    falls_below_line: int
    rises_above_line: int
    ruled_out: int
    no_longer_ruled_out: int


class TriedHousehold(BaseModel):
    """A household that would change, and why."""

    household_id: UUID
    village_code: str
    reasons: list[str]
    per_capita_income: YuanOut
    from_visit: bool
    line_now: YuanOut | None
    line_tried: YuanOut | None
    lists: list[str]


class Trial(BaseModel):
    """Who on the register, or on the way to it, would stand differently under a pack than under the one in force."""

    as_of: date
    area: str
    population: str
    tried: PackName
    in_force: PackName
    counts: list[TrialCount]
    items: list[TriedHousehold]
    next: str | None
