"""Allocations, houses, their stages and their subsidy over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from services.relocation import views
from services.relocation.commands import (
    AdvanceHouse,
    AllocateHousehold,
    CorrectStage,
    InspectHouse,
    MoveIn,
    RequestSubsidy,
)
from services.relocation.domain.acceptance import CONDITIONS, Checklist
from services.relocation.fields import AnyStage
from services.relocation.handlers.allocation import allocate_household as allocate_one
from services.relocation.handlers.allocation import allocate_households as allocate_many
from services.relocation.handlers.house import decide_house, decide_houses
from services.relocation.routes.site import READERS
from services.relocation.schemas import answer, request

HouseId = Annotated[UUID, Path(description="The house's id.")]

router = APIRouter(prefix="/relocation/v1", tags=["relocation"])


@router.post("/allocations", status_code=201, response_model=answer.House)
async def allocate_household(body: request.AllocationRequest, unit: CommandUnit) -> Response:
    """Give a household on the register its one house at a site, designed within the area cap.

    Its persons and its cap are frozen with it. `household-unknown` right after a registration means: try again.
    """
    return await allocate_one(_allocation(body, unit), unit)


@router.post("/allocations/bulk", response_model=answer.BulkResult)
async def allocate_households(body: request.BulkAllocations, unit: CommandUnit) -> Response:
    """Allocate up to 1,000 households with a result for each; with `atomic` one refusal refuses all (422)."""
    commands = [_allocation(item, unit, item.reference_id) for item in body.items]
    return await allocate_many(commands, unit, atomic=body.atomic)


@router.get("/houses")
async def list_houses(
    unit: QueryUnit,
    household: UUID | None = None,
    site: UUID | None = None,
    stage: AnyStage | None = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.House]:
    """List houses in the order they were allocated."""
    unit.require(*READERS)
    async with unit:
        return await views.list_houses(
            unit, household=household, site=site, stage=stage, cursor=cursor, limit=limit
        )


@router.get("/houses/{house_id}", response_model=answer.HouseInFull)
async def show_house(house_id: HouseId, unit: QueryUnit) -> Response:
    """Show one house with its instalments and every step it took; the ETag is its version."""
    unit.require(*READERS)
    async with unit:
        house = await views.show_house(unit, house_id)
        return unit.answer(house, etag=house.version)


@router.post("/houses/{house_id}/stages", response_model=answer.DecidedHouse)
async def advance_house(house_id: HouseId, body: request.StageRequest, unit: CommandUnit) -> Response:
    """Record that a house was started, topped out or completed, one after the other; measured at completion."""
    return await decide_house(_stage(house_id, body, unit), unit)


@router.post("/stages/bulk", response_model=answer.BulkResult)
async def advance_houses(body: request.BulkStages, unit: CommandUnit) -> Response:
    """Record up to 1,000 stages in their order, with a result for each."""
    commands = [_stage(item.house_id, item, unit, item.reference_id) for item in body.items]
    return await decide_houses(commands, unit, atomic=body.atomic)


@router.post("/houses/{house_id}/acceptances", response_model=answer.DecidedHouse)
async def inspect_house(house_id: HouseId, body: request.AcceptanceRequest, unit: CommandUnit) -> Response:
    """Accept a completed house when every check holds; otherwise it is rejected with the codes that `failed`.

    A rejected house may be inspected again. County officers only.
    """
    return await decide_house(_inspection(house_id, body, unit), unit)


@router.post("/acceptances/bulk", response_model=answer.BulkResult)
async def inspect_houses(body: request.BulkAcceptances, unit: CommandUnit) -> Response:
    """Inspect up to 1,000 houses; a rejected house is done, with the codes that `failed`."""
    commands = [_inspection(item.house_id, item, unit, item.reference_id) for item in body.items]
    return await decide_houses(commands, unit, atomic=body.atomic)


@router.post("/houses/{house_id}/moves", response_model=answer.DecidedHouse)
async def move_in(house_id: HouseId, body: request.MoveRequest, unit: CommandUnit) -> Response:
    """Record that the household lives in its accepted house."""
    return await decide_house(MoveIn(house_id=house_id, on=body.on or unit.today), unit)


@router.post("/moves/bulk", response_model=answer.BulkResult)
async def move_in_many(body: request.BulkMoves, unit: CommandUnit) -> Response:
    """Record up to 1,000 moves with a result for each."""
    commands = [
        MoveIn(house_id=item.house_id, on=item.on or unit.today, reference_id=item.reference_id)
        for item in body.items
    ]
    return await decide_houses(commands, unit, atomic=body.atomic)


@router.post("/houses/{house_id}/stage-corrections", response_model=answer.DecidedHouse)
async def correct_stage(house_id: HouseId, body: request.CorrectionRequest, unit: CommandUnit) -> Response:
    """Correct the date of a reached stage; the order of stages must still hold, and the date before is kept."""
    command = CorrectStage(house_id=house_id, stage=body.stage, on=body.on, reason=body.reason)
    return await decide_house(command, unit)


@router.post("/subsidy-requests", response_model=answer.DecidedHouse)
async def request_subsidy(body: request.SubsidyRequest, unit: CommandUnit) -> Response:
    """Ask finance for the instalment of a reached stage, once for each house and stage. County officers only."""
    return await decide_house(RequestSubsidy(house_id=body.house_id, stage=body.stage), unit)


@router.post("/subsidy-requests/bulk", response_model=answer.BulkResult)
async def request_subsidies(body: request.BulkSubsidyRequests, unit: CommandUnit) -> Response:
    """Ask for up to 1,000 instalments with a result for each."""
    commands = [
        RequestSubsidy(house_id=item.house_id, stage=item.stage, reference_id=item.reference_id)
        for item in body.items
    ]
    return await decide_houses(commands, unit, atomic=body.atomic)


def _allocation(
    body: request.AllocationRequest, unit: CommandUnit, reference_id: str | None = None
) -> AllocateHousehold:
    return AllocateHousehold(
        household_id=body.household_id,
        site_id=body.site_id,
        floor_area_m2=body.floor_area_m2,
        on=body.on or unit.today,
        reference_id=reference_id,
    )


def _stage(
    house_id: UUID, body: request.StageRequest, unit: CommandUnit, reference_id: str | None = None
) -> AdvanceHouse:
    return AdvanceHouse(
        house_id=house_id,
        stage=body.stage,
        on=body.on or unit.today,
        floor_area_m2=body.floor_area_m2,
        reference_id=reference_id,
    )


def _inspection(
    house_id: UUID, body: request.AcceptanceRequest, unit: CommandUnit, reference_id: str | None = None
) -> InspectHouse:
    found = {name: getattr(body, name) for name in CONDITIONS}
    checklist = Checklist(**found, floor_area_m2=body.floor_area_m2)
    return InspectHouse(
        house_id=house_id, checklist=checklist, on=body.on or unit.today, reference_id=reference_id
    )
