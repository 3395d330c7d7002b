"""Routes of visits and the five checks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from services.registry import views_visit
from services.registry.domain.errors.visit import PhotoTwice, TeamTooSmall, VisitBeforeRound, VisitInvalid
from services.registry.handlers import visit as handlers
from services.registry.handlers import visit_change
from services.registry.routes.household import HouseholdId
from services.registry.routes.round import READERS
from services.registry.schemas import visit as schema

PROBLEMS: dict[type[Refusal], int] = {
    PhotoTwice: 422,
    TeamTooSmall: 422,
    VisitBeforeRound: 422,
    VisitInvalid: 422,
}
VisitId = Annotated[UUID, Path(description="The visit's id.")]

router = APIRouter(prefix="/registry/v1", tags=["visits"])


@router.post("/households/{household_id}/visits", status_code=201, response_model=schema.VisitSummary)
async def record_visit(household_id: HouseholdId, body: schema.VisitRequest, unit: CommandUnit) -> Response:
    """Record a visit with the five checks; all complete, the household's entry in the round is ready for evaluation."""
    return await handlers.record_visit(household_id, body, unit)


@router.get("/households/{household_id}/visits")
async def list_visits(
    household_id: HouseholdId, unit: QueryUnit, cursor: CursorParam = None, limit: Limit = 50
) -> Page[schema.VisitSummary]:
    """List the visits to a household in the order they were recorded, those that were annulled too."""
    unit.require(*READERS)
    async with unit:
        return await views_visit.list_visits(unit, household_id, cursor=cursor, limit=limit)


@router.post("/visits/bulk", response_model=schema.BulkVisitsResult)
async def record_visits(body: schema.BulkVisits, unit: CommandUnit) -> Response:
    """Record up to 500 visits with a result for each; with `atomic` one refusal refuses all (409)."""
    return await handlers.record_visits(body, unit)


@router.get("/visits/{visit_id}", response_model=schema.Visit)
async def show_visit(visit_id: VisitId, unit: QueryUnit) -> Response:
    """Show a visit with its findings and every version of it. Who went and where is shown to clerks and officers."""
    unit.require(*READERS)
    async with unit:
        visit = await views_visit.show_visit(unit, visit_id)
        return unit.answer(visit, etag=visit.version)


@router.post("/visits/{visit_id}/corrections", response_model=schema.VisitSummary)
async def correct_visit(visit_id: VisitId, body: schema.VisitCorrection, unit: CommandUnit) -> Response:
    """State the whole content of a visit anew; the version before stays, and what was evaluated on it stands."""
    return await visit_change.correct_visit(visit_id, body, unit)


@router.post("/visits/{visit_id}/annulments", response_model=schema.VisitSummary)
async def annul_visit(visit_id: VisitId, body: schema.VisitAnnulment, unit: CommandUnit) -> Response:
    """Let a visit count for nothing, with a reason code. County officers only."""
    return await visit_change.annul_visit(visit_id, body, unit)
