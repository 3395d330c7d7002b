"""Routes of categories: assigned from a day on by a document, and looked at as periods."""

from fastapi import APIRouter
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit
from services.registry import views_category
from services.registry.handlers import category as handlers
from services.registry.routes.household import READERS, HouseholdId, RecordedBefore
from services.registry.schemas import category as schema
from services.registry.schemas.answer import BulkResult, HouseholdSummary

router = APIRouter(prefix="/registry/v1", tags=["categories"])


@router.post("/households/{household_id}/categories", response_model=HouseholdSummary)
async def assign_category(
    household_id: HouseholdId, body: schema.CategoryRequest, unit: CommandUnit
) -> Response:
    """Give a household a category from a day on, a past one too; it ends the one before, the rest of the file stays."""
    return await handlers.assign_category(household_id, body, unit)


@router.get("/households/{household_id}/categories", response_model=schema.Categories)
async def show_categories(
    household_id: HouseholdId, unit: QueryUnit, recorded_before: RecordedBefore = None
) -> Response:
    """Show when a household had which category, and how many disabled people, as known now or before a moment."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(
            await views_category.show_categories(unit, household_id, recorded_before=recorded_before)
        )


@router.post("/categories/bulk", response_model=BulkResult)
async def assign_categories(body: schema.BulkCategories, unit: CommandUnit) -> Response:
    """Give up to 1,000 households a category with a result for each; with `atomic` one refusal refuses all (409)."""
    return await handlers.assign_categories(body, unit)
