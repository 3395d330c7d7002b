"""Routes of households: filing, changing, passing from state to state, and looking back."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.http import CommandUnit, ExpectedVersion, QueryUnit
from chassis.moments import Moment
from chassis.pagination import CursorParam, Limit, Page
from chassis.quick import QuickRead
from contracts import roles
from contracts.values import HOUSEHOLD_STATES
from services.registry import fields, views
from services.registry.handlers import household as handlers
from services.registry.handlers import standing
from services.registry.handlers.standing import (
    ExitHousehold,
    RegisterHousehold,
    VerifyHousehold,
)
from services.registry.schemas import answer, request

READERS = (roles.CLERK, roles.OFFICER, roles.CHECKER, roles.PAYER, roles.AUDITOR, roles.SERVICE)
HouseholdId = Annotated[UUID, Path(description="The household's id.")]
Village = Annotated[str | None, Query(pattern=r"^[0-9]{12}$", description="Only this village.")]
Status = Annotated[str | None, Query(pattern=f"^({'|'.join(HOUSEHOLD_STATES)})$")]
AsOf = Annotated[date | None, Query(description="As it was on this business day; today if absent.")]
RecordedBefore = Annotated[Moment | None, Query(description="Only what was recorded before this moment.")]
Area = Annotated[
    str | None,
    Query(pattern=r"^\d{2,12}$", description="Division code, or its beginning; the caller's area if absent."),
]

router = APIRouter(prefix="/registry/v1", tags=["registry"])


@router.post("/households", status_code=201, response_model=answer.HouseholdSummary)
async def file_household(body: request.HouseholdRequest, unit: CommandUnit) -> Response:
    """File a household with its people. Nobody is filed twice, whatever the household or the township."""
    return await handlers.file_household(body, unit)


@router.get("/households")
async def list_households(
    unit: QueryUnit,
    village: Village = None,
    status: Status = None,
    file_number: fields.FileNumber | None = None,
    cause: fields.Cause | None = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.ListedHousehold]:
    """List households in the order they were filed. Names are masked for all but clerks and county officers."""
    unit.require(*READERS)
    async with unit:
        return await views.list_households(
            unit,
            village=village,
            status=status,
            file_number=file_number,
            cause=cause,
            cursor=cursor,
            limit=limit,
        )


@router.get("/households/{household_id}", response_model=answer.Household)
async def show_household(
    household_id: HouseholdId, unit: QueryUnit, as_of: AsOf = None, recorded_before: RecordedBefore = None
) -> Response:
    """Show a household's file now, or as of a day and as known before a moment. The ETag is its version."""
    unit.require(*READERS)
    async with unit:
        if as_of is None and recorded_before is None:
            household = await views.show_household(unit, household_id)
        else:
            household = await views.show_household_as_of(
                unit, household_id, as_of=as_of or unit.today, recorded_before=recorded_before
            )
        return unit.answer(household, etag=household.version)


# The counter's page is asked all day long.
CARD = QuickRead(
    route="/registry/v1/households/{household_id}",
    path=re.compile(r"/registry/v1/households/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"),
    work=lambda unit, found: show_household(UUID(found[1]), unit),
)


@router.put("/households/{household_id}", response_model=answer.HouseholdSummary)
async def change_household(
    household_id: HouseholdId, body: request.HouseholdChange, version: ExpectedVersion, unit: CommandUnit
) -> Response:
    """State the whole file anew from a day on, a past one too; the file before stays in the history.

    Where a round covers the village, who is in the household, its head and its village change by `/change-requests` only (409).
    """
    return await handlers.change_household(household_id, body, version, unit)


@router.get("/households/{household_id}/history", response_model=answer.History)
async def show_history(household_id: HouseholdId, unit: QueryUnit) -> Response:
    """Show every version of the file and every state, with day, moment of recording and author."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(await views.show_history(unit, household_id))


@router.post("/households/{household_id}/registrations", response_model=answer.HouseholdSummary)
async def register_household(
    household_id: HouseholdId, body: request.DayRequest, unit: CommandUnit
) -> Response:
    """Enter a candidate on the register."""
    return await standing.pass_household(RegisterHousehold(household_id=household_id, on=body.on), unit)


@router.post("/households/{household_id}/verifications", response_model=answer.HouseholdSummary)
async def verify_household(
    household_id: HouseholdId, body: request.DayRequest, unit: CommandUnit
) -> Response:
    """Confirm a household that was entered or came back."""
    return await standing.pass_household(VerifyHousehold(household_id=household_id, on=body.on), unit)


@router.post("/households/{household_id}/exits", response_model=answer.HouseholdSummary)
async def exit_household(
    household_id: HouseholdId, body: request.ReasonRequest, unit: CommandUnit
) -> Response:
    """Let a household leave the register, with a reason code."""
    command = ExitHousehold(household_id=household_id, on=body.on, reason=body.reason)
    return await standing.pass_household(command, unit)


@router.post("/verifications/bulk", response_model=answer.BulkResult)
async def verify_households(body: request.BulkVerification, unit: CommandUnit) -> Response:
    """Confirm up to 1,000 households with a result for each; with `atomic` one refusal refuses all (409)."""
    commands = [
        VerifyHousehold(household_id=item.household_id, on=item.on, reference_id=item.reference_id)
        for item in body.items
    ]
    return await standing.verify_households(commands, unit, atomic=body.atomic)
