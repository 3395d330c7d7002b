"""Areas on the wire: figures that their offices state, what is held against them before they leave, and the dashboard."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry import fields
from services.registry.domain.area import FIGURES
from services.registry.schemas.notice import Hung
from services.registry.schemas.request import Request
from services.registry.schemas.statistic import Counts, Lineage

FigureKind = Annotated[
    str,
    Field(
        pattern=f"^({'|'.join(FIGURES)})$",
        description="; ".join(f"{kind} is written as {unit}" for kind, unit in FIGURES.items()),
    ),
]


class FigureRequest(Request):
    """A figure of an area and year. A later one of the same kind and year corrects it; both stay."""

    kind: FigureKind
    year: Annotated[int, Field(ge=1949, le=2100)]
    value: Annotated[
        str, Field(pattern=r"^(-?\d{1,10}(\.\d{1,2})?|yes|no)$", examples=["280000", "12.5", "yes"])
    ]
    as_of: Annotated[fields.Day, Field(description="The day of which the figure speaks.")]
    basis_document: Annotated[fields.OpenLine, Field(description="The document that states it.")]


class Figure(BaseModel):
    """A stated figure."""

    id: UUID
    area_code: str
    kind: str
    year: int
    value: str
    as_of: date
    basis_document: str
    actor_id: str
    recorded_at: datetime


class Criterion(BaseModel):
    """One thing an area needs, what was observed of it, of whom, as of when, and from where."""

    code: str
    outcome: str = Field(description="holds, fails, or unknown while nobody stated its figure.")
    observed: str | None
    limit: str
    population: str
    as_of: date | None
    source: str | None
    basis: str


class Incidence(BaseModel):
    """Poor people on the register of the rural population."""

    poor_persons: int
    rural_population: int | None
    rural_population_as_of: date | None
    fraction: str | None = Field(examples=["15002/280000"])
    percent: str | None = Field(examples=["5.36"])
    source: str | None


class ExitAssessment(BaseModel):
    """An area held against the criteria of the rule pack in force on a day."""

    area_code: str
    name: str
    level: str
    as_of: date
    rule_pack: str
    rule_pack_version: int
    basis: str
    ready: bool
    incidence: Incidence
    criteria: list[Criterion]
    unmet: list[str]
    lineage: Lineage


class ExitNoticeRequest(Hung):
    """The notice that an area is to leave; what it says is computed."""

    posted_on: fields.Day
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


class ExitRequest(Request):
    """The exit of an area, after its notice hung."""

    on: fields.Day
    notice_id: UUID


class AreaExit(BaseModel):
    """An area that left, with the assessment as it was then."""

    id: UUID
    area_code: str
    level: str
    exited_on: date
    notice_id: UUID
    actor_id: str
    recorded_at: datetime
    assessment: ExitAssessment


class RoundProgress(BaseModel):
    """How far an open round has come in the area."""

    id: UUID
    kind: str
    number: int
    scope: str
    opened_on: date
    entries: int
    by_step: dict[str, int]
    by_outcome: dict[str, int]
    by_proposal: dict[str, int]


class Classification(BaseModel):
    """How a village, or how many of an area's villages, stand against the limit of key villages."""

    above_households: int
    basis: str
    is_key_village: bool | None = Field(description="Of a village; null of a larger area.")
    is_poor_village: bool | None = Field(
        description="Of a village, as its county states it; null of a larger area."
    )
    villages_with_households: int
    key_villages: int
    poor_villages: int = Field(description="None of them is a key village.")


class Area(BaseModel):
    """What a dashboard shows of an area on a day."""

    code: str
    name: str
    level: str
    parent_code: str | None
    as_of: date
    registered: Counts
    by_status: dict[str, Counts]
    categories: dict[str, Counts]
    incidence: Incidence
    key_village: Classification
    open_rounds: list[RoundProgress] = Field(
        description="Rounds that are open now and had been opened by the day; each as far as it has come now."
    )
    exited_on: date | None
    areas_exited: int = Field(description="Areas inside this one that left by the day.")
    lineage: Lineage
