"""Routes that look for households and people, show who may have been filed twice, and where somebody was."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit, RecordedQueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from services.registry import views_person as views
from services.registry.handlers import search as handlers
from services.registry.routes.household import Area
from services.registry.schemas.answer import ListedHousehold
from services.registry.schemas.change_answer import ChangeSummary
from services.registry.schemas.person import (
    Candidates,
    DuplicateGroup,
    DuplicateSearch,
    MergeRequest,
    PersonHistory,
    PersonShown,
    Search,
)

PersonId = Annotated[UUID, Path(description="The person's id.")]
Shared = Annotated[
    Literal["name-and-birth-date", "name-and-address"], Query(description="What the people of a group share.")
]

router = APIRouter(prefix="/registry/v1", tags=["registry"])


# Questions by POST: what they ask for is personal and belongs into no address. They are on record, and keep no answer.
@router.post("/search", response_model=Page[ListedHousehold])
async def search_households(body: Search, unit: RecordedQueryUnit) -> Response:
    """Find households by exact name, identity number, file number or address. That it was asked is on record."""
    return await handlers.search_households(body, unit)


@router.post("/persons/duplicates/search", response_model=Candidates)
async def search_duplicates(body: DuplicateSearch, unit: RecordedQueryUnit) -> Response:
    """Find who may be on the register already: a digit of the number wrong, or name, birth date, address and kin alike.

    Of another area it is told only that there is somebody. Who asked, and why, is on record.
    """
    return await handlers.search_duplicates(body, unit)


@router.post("/persons/merges", status_code=201, response_model=ChangeSummary)
async def propose_merge(body: MergeRequest, unit: CommandUnit) -> Response:
    """Ask that somebody who stands on the register twice is taken for one; becomes a change request."""
    return await handlers.propose_merge(body, unit)


@router.get("/duplicates")
async def list_duplicates(
    unit: QueryUnit,
    area: Area = None,
    shared: Shared = "name-and-birth-date",
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[DuplicateGroup]:
    """List people who share name and date of birth, or name and address. Names and numbers are masked."""
    unit.require(roles.CLERK, roles.OFFICER)
    async with unit:
        return await views.list_duplicates(unit, area=area, kind=shared, cursor=cursor, limit=limit)


@router.get("/persons/{person_id}", response_model=PersonShown)
async def show_person(person_id: PersonId, unit: QueryUnit) -> Response:
    """Show where somebody is on file, masked; a dropped duplicate says as whom they are kept."""
    unit.require(roles.CLERK, roles.OFFICER, roles.AUDITOR)
    async with unit:
        return unit.answer(await views.show_person(unit, person_id))


@router.get("/persons/{person_id}/history", response_model=PersonHistory)
async def show_history(person_id: PersonId, unit: QueryUnit) -> Response:
    """Show in which households somebody was, from when to when, as far as the caller's area goes."""
    unit.require(roles.CLERK, roles.OFFICER, roles.AUDITOR)
    async with unit:
        return unit.answer(await views.show_history(unit, person_id))
