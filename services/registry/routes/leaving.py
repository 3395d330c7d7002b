"""Routes of a household's exit: pre-exit, taking it back, closing its file, and coming back."""

from fastapi import APIRouter
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit
from services.registry.domain.errors.leaving import VisitTooLate, VisitUnknown
from services.registry.handlers import leaving as handlers
from services.registry.handlers import returning
from services.registry.routes.household import HouseholdId
from services.registry.schemas import answer, request
from services.registry.schemas.leaving import EndRequest, PreExitRequest, ReturnRequest

PROBLEMS: dict[type[Refusal], int] = {VisitTooLate: 422, VisitUnknown: 422}

router = APIRouter(prefix="/registry/v1", tags=["exits"])


@router.post("/households/{household_id}/pre-exits", response_model=answer.HouseholdSummary)
async def pre_exit_household(household_id: HouseholdId, body: PreExitRequest, unit: CommandUnit) -> Response:
    """Propose a household's exit: refused with each criterion that fails, computed from the visit."""
    return await handlers.pre_exit_household(household_id, body, unit)


@router.post("/households/{household_id}/pre-exits/withdrawals", response_model=answer.HouseholdSummary)
async def take_back_pre_exit(
    household_id: HouseholdId, body: request.ReasonRequest, unit: CommandUnit
) -> Response:
    """Take a pre-exit back; the household stands as before, and an exit notice that lists it is void."""
    return await handlers.take_back_pre_exit(household_id, body, unit)


@router.post("/households/{household_id}/closures", response_model=answer.HouseholdSummary)
async def close_household(household_id: HouseholdId, body: EndRequest, unit: CommandUnit) -> Response:
    """Close the file of a household whose kept policies have ended."""
    return await handlers.close_household(household_id, body, unit)


@router.post("/households/{household_id}/returns", response_model=answer.HouseholdSummary)
async def return_household(household_id: HouseholdId, body: ReturnRequest, unit: CommandUnit) -> Response:
    """Take a household back that fell into poverty again; once a round covers the village, with the visit that shows it."""
    return await returning.return_household(household_id, body, unit)
