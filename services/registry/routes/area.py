"""Routes of areas: what their offices state, what is held against them before they leave, and the dashboard."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from services.registry import figures_area, rules, views_area
from services.registry.domain.area import FIGURES
from services.registry.domain.division import CODE_LENGTH
from services.registry.domain.errors.area import FigureInvalid
from services.registry.handlers import area as handlers
from services.registry.routes.household import AsOf, RecordedBefore
from services.registry.routes.round import READERS
from services.registry.schemas import area as schema
from services.registry.schemas import notice

PROBLEMS: dict[type[Refusal], int] = {FigureInvalid: 422}
Code = Annotated[
    str,
    Path(
        pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$",
        description="Division code of a county, township or village, or its beginning.",
    ),
]
Kind = Annotated[str | None, Query(pattern=f"^({'|'.join(FIGURES)})$", description="Only this kind.")]

router = APIRouter(prefix="/registry/v1", tags=["areas"])


def _full(code: str) -> str:
    return code.ljust(CODE_LENGTH, "0")


@router.get("/areas/{code}", response_model=schema.Area)
async def show_area(
    code: Code, unit: QueryUnit, as_of: AsOf = None, recorded_before: RecordedBefore = None
) -> Response:
    """Show an area: counts, incidence, class, how far an open round has come, and whether it left."""
    unit.require(*READERS)
    async with unit:
        division = await figures_area.load_area(unit, _full(code))
        asked = figures_area.asked_of(unit, division, as_of=as_of, recorded_before=recorded_before)
        return unit.answer(await figures_area.show_area(unit, division, asked))


@router.post("/areas/{code}/figures", status_code=201, response_model=schema.Figure)
async def state_figure(code: Code, body: schema.FigureRequest, unit: CommandUnit) -> Response:
    """State a figure of an area and year with its document. County officers; a correction is a later figure."""
    return await handlers.state_figure(_full(code), body, unit)


@router.get("/areas/{code}/figures")
async def list_figures(
    code: Code, unit: QueryUnit, kind: Kind = None, cursor: CursorParam = None, limit: Limit = 50
) -> Page[schema.Figure]:
    """List what was stated about an area, corrected figures too, the latest first."""
    unit.require(*READERS)
    async with unit:
        division = await figures_area.load_area(unit, _full(code))
        return await views_area.list_figures(unit, division, kind=kind, cursor=cursor, limit=limit)


@router.get("/areas/{code}/exit-assessment", response_model=schema.ExitAssessment)
async def assess_exit(
    code: Code, unit: QueryUnit, as_of: AsOf = None, recorded_before: RecordedBefore = None
) -> Response:
    """Hold an area against the criteria of exit of the rule pack in force: what holds, what fails, what is unknown."""
    unit.require(*READERS)
    async with unit:
        division = await figures_area.load_area(unit, _full(code))
        asked = figures_area.asked_of(unit, division, as_of=as_of, recorded_before=recorded_before)
        pack = await rules.pack_in_force(unit.driver, asked.as_of, area=division.code)
        _, shown = await figures_area.assess_area(unit, division, asked, pack)
        return unit.answer(shown)


@router.post("/areas/{code}/exit-notices", status_code=201, response_model=notice.Notice)
async def post_exit_notice(code: Code, body: schema.ExitNoticeRequest, unit: CommandUnit) -> Response:
    """Post that an area is to leave, with the criteria as they hold; refused while one fails. County officers."""
    return await handlers.post_exit_notice(_full(code), body, unit)


@router.post("/areas/{code}/exits", status_code=201, response_model=schema.AreaExit)
async def exit_area(code: Code, body: schema.ExitRequest, unit: CommandUnit) -> Response:
    """Let a village, township or county leave: refused while a criterion fails and until its notice hung its time."""
    return await handlers.exit_area(_full(code), body, unit)


@router.get("/areas/{code}/exits")
async def list_exits(
    code: Code, unit: QueryUnit, cursor: CursorParam = None, limit: Limit = 50
) -> Page[schema.AreaExit]:
    """List the exits of an area and of those inside it, each with its frozen assessment."""
    unit.require(*READERS)
    async with unit:
        division = await figures_area.load_area(unit, _full(code))
        return await views_area.list_exits(unit, division, cursor=cursor, limit=limit)
