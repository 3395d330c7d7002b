"""Routes of the two lines (两线合一), and of those whom a list and a line see differently."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from chassis.http import QueryUnit
from chassis.pagination import CursorParam, Limit
from contracts import roles
from services.registry import figures_line
from services.registry.figures_line import Comparison
from services.registry.routes.household import Area, AsOf, RecordedBefore
from services.registry.schemas import line as answer

READERS = (roles.CLERK, roles.OFFICER, roles.CHECKER, roles.AUDITOR, roles.SERVICE)
Year = Annotated[int | None, Query(ge=1949, le=9999, description="The year; today's if absent.")]
OnlyMismatched = Annotated[bool, Query(description="Only who is missing on one of the two lists.")]

router = APIRouter(prefix="/registry/v1", tags=["registry"])


@router.get("/lines", response_model=answer.Lines)
async def show_lines(unit: QueryUnit, year: Year = None, area: Area = None) -> Response:
    """Show the poverty line and the allowance's line of a year for an area, and whether they have become one.

    By the pack in force at the year's end, or today. A county states its own line by a version of a rule pack.
    """
    unit.require(*READERS)
    async with unit:
        where = unit.principal.area if area is None else area
        return unit.answer(await figures_line.show_lines(unit, year=year or unit.today.year, area=where))


@router.get("/line-mismatches", response_model=answer.LineMismatches)
async def list_mismatches(
    unit: QueryUnit,
    as_of: AsOf = None,
    recorded_before: RecordedBefore = None,
    area: Area = None,
    mismatched: OnlyMismatched = False,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Response:
    """Compare the register with the allowance's list: everybody by list and line, and who is below either line.

    By the income of the file as of a day. Closed files are left out.
    """
    unit.require(*READERS)
    async with unit:
        comparison = Comparison(
            area=unit.principal.area if area is None else area,
            as_of=as_of or unit.today,
            recorded_before=recorded_before,
            is_mismatched_only=mismatched,
        )
        return unit.answer(await figures_line.list_mismatches(unit, comparison, cursor=cursor, limit=limit))
