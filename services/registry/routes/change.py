"""Routes of change requests: what happens to people and households, asked for by one person and decided by another."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from services.registry import views_change as views
from services.registry.domain.change_request import STATES
from services.registry.domain.errors.change import (
    BornAfter,
    DateBeforeMembership,
    NobodyRemains,
    PersonNotInHousehold,
    SameHousehold,
)
from services.registry.handlers import change_request as handlers
from services.registry.schemas.change import ChangeBody, Review
from services.registry.schemas.change_answer import ChangeShown, ChangeSummary, ListedChange

PROBLEMS: dict[type[Refusal], int] = {
    BornAfter: 422,
    DateBeforeMembership: 422,
    NobodyRemains: 422,
    PersonNotInHousehold: 422,
    SameHousehold: 422,
}
RequestId = Annotated[UUID, Path(description="The change request's id.")]
State = Annotated[
    str | None, Query(pattern=f"^({'|'.join(STATES)})$", description="Only those in this state.")
]
OfHousehold = Annotated[UUID | None, Query(description="Only those that touch this household.")]

router = APIRouter(prefix="/registry/v1", tags=["registry"])


@router.post("/change-requests", status_code=201, response_model=ChangeSummary)
async def submit_change(body: ChangeBody, unit: CommandUnit) -> Response:
    """Ask for a change of people or households. It is tried against the files, and applied when a second person agrees.

    `conflicts_with` names other open requests on the same households or people: each blocks the other.
    """
    return await handlers.submit(body, unit)


@router.get("/change-requests")
async def list_changes(
    unit: QueryUnit,
    state: State = None,
    household_id: OfHousehold = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[ListedChange]:
    """List change requests in the order of their submission."""
    unit.require(roles.CLERK, roles.OFFICER, roles.AUDITOR)
    async with unit:
        return await views.list_changes(
            unit, state=state, household_id=household_id, cursor=cursor, limit=limit
        )


@router.get("/change-requests/{request_id}", response_model=ChangeShown)
async def show_change(request_id: RequestId, unit: QueryUnit) -> Response:
    """Show a change request with what it asks for, and what stands in its way."""
    unit.require(roles.CLERK, roles.OFFICER)
    async with unit:
        return unit.answer(await views.show_change(unit, request_id))


@router.post("/change-requests/{request_id}/reviews", response_model=ChangeSummary)
async def review_change(request_id: RequestId, body: Review, unit: CommandUnit) -> Response:
    """Agree to a change request, which applies it at once, or turn it down. Never one's own.

    Refused while the files have changed since (`change-request-stale`) or another open request touches the same
    (`change-request-conflict`). What passes between townships, and duplicates, the county's officer decides.
    """
    return await handlers.review(request_id, body, unit)


@router.post("/change-requests/{request_id}/cancellations", response_model=ChangeSummary)
async def cancel_change(request_id: RequestId, unit: CommandUnit) -> Response:
    """Take one's own change request back."""
    return await handlers.cancel(request_id, unit)


@router.post("/change-requests/{request_id}/rebasings", response_model=ChangeSummary)
async def rebase_change(request_id: RequestId, unit: CommandUnit) -> Response:
    """Write one's own change request anew against the files as they are now; open ones that touch the same go first."""
    return await handlers.rebase(request_id, unit)


@router.post("/change-requests/{request_id}/undo", response_model=ChangeSummary)
async def undo_change(request_id: RequestId, unit: CommandUnit) -> Response:
    """Take an approved change back whole, as long as nothing was built on it (`change-request-overtaken`)."""
    return await handlers.undo(request_id, unit)
