"""Routes of what looks at households come to: income over time, stale records, causes."""

from fastapi import APIRouter
from starlette.responses import Response

from chassis.http import QueryUnit
from chassis.pagination import CursorParam, Limit
from services.registry import figures_cause, figures_freshness, views_income
from services.registry.figures_lineage import asked_of
from services.registry.routes.household import Area, AsOf, HouseholdId, RecordedBefore
from services.registry.routes.round import READERS
from services.registry.schemas import look as schema

router = APIRouter(prefix="/registry/v1", tags=["visits"])


@router.get("/households/{household_id}/income", response_model=schema.IncomeLedger)
async def show_income(household_id: HouseholdId, unit: QueryUnit) -> Response:
    """Show every look at a household's income against the line of its year, and whether it is stable by the rule pack."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(await views_income.show_income(unit, household_id))


@router.get("/stale-records")
async def list_stale_records(
    unit: QueryUnit,
    as_of: AsOf = None,
    recorded_before: RecordedBefore = None,
    area: Area = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> schema.StaleRecords:
    """List households on the register that nobody visited or confirmed for longer than the rule pack allows."""
    unit.require(*READERS)
    async with unit:
        asked = asked_of(unit, as_of=as_of, recorded_before=recorded_before, area=area)
        return await figures_freshness.stale_records(unit, asked, cursor=cursor, limit=limit)


@router.get("/causes")
async def count_causes(
    unit: QueryUnit, as_of: AsOf = None, recorded_before: RecordedBefore = None, area: Area = None
) -> schema.Causes:
    """Count households on the register by the cause of their poverty, as filed and as the last visit confirmed it."""
    unit.require(*READERS)
    async with unit:
        asked = asked_of(unit, as_of=as_of, recorded_before=recorded_before, area=area)
        return await figures_cause.causes(unit, asked)
