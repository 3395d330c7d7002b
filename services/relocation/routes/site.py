"""Rules, sites and statistics over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit
from chassis.ids import new_id
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from services.relocation import figures, views
from services.relocation.domain.rule import (
    KINDS,
    AreaCap,
    HousingProgramme,
    InfrastructureStandard,
    Rule,
    Terms,
)
from services.relocation.domain.site import Plan
from services.relocation.fields import SiteKind, one_of
from services.relocation.handlers import site as handlers
from services.relocation.schemas import answer
from services.relocation.schemas.request import (
    AreaCapRule,
    HousingRule,
    InfrastructureRule,
    RuleRequest,
    SiteRequest,
)

READERS = (roles.CLERK, roles.OFFICER, roles.CHECKER, roles.PAYER, roles.AUDITOR, roles.SERVICE)

router = APIRouter(prefix="/relocation/v1", tags=["relocation"])


@router.post("/rules", status_code=201, response_model=answer.Rule)
async def publish_rule(request: Annotated[RuleRequest, Body()], unit: CommandUnit) -> Response:
    """Publish an edition of a rule: its numbers from a day on, with the document they rest on.

    Kinds: `area-cap` {m2_per_person}, `infrastructure-standard` {centralized, interspersed} (money for each
    household), `housing-subsidy` {programme_code, unit, instalments [{stage, amount}]}. New numbers are a new
    edition. It ends one without a last day on the day before it begins; it is refused where one with a last day is
    in force, or where something was decided by the edition before. County officers only.
    """
    rule = Rule(
        id=new_id(),
        kind=request.kind,
        terms=_terms(request),
        effective_from=request.effective_from,
        effective_to=request.effective_to,
        basis_document=request.basis_document,
    )
    return await handlers.publish_rule(rule, unit)


@router.get("/rules")
async def list_rules(
    unit: QueryUnit,
    kind: Annotated[str | None, Query(pattern=one_of(KINDS))] = None,
    on: Annotated[date | None, Query(description="Only editions in force on this day.")] = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.Rule]:
    """List rule editions by kind and first day."""
    unit.require(*READERS, roles.ADMINISTRATOR)
    async with unit:
        return await views.list_rules(unit, kind=kind, on=on, cursor=cursor, limit=limit)


@router.post("/sites", status_code=201, response_model=answer.Site)
async def register_site(request: SiteRequest, unit: CommandUnit) -> Response:
    """Register a site; its infrastructure budget is planned households times the standard in force today.

    County officers only.
    """
    plan = Plan(
        name=request.name,
        kind=request.kind,
        area_code=request.area_code,
        planned_households=request.planned_households,
        planned_persons=request.planned_persons,
    )
    return await handlers.register_site(plan, unit)


@router.get("/sites")
async def list_sites(
    unit: QueryUnit, kind: SiteKind | None = None, cursor: CursorParam = None, limit: Limit = 50
) -> Page[answer.Site]:
    """List sites in the order they were registered."""
    unit.require(*READERS)
    async with unit:
        return await views.list_sites(unit, kind=kind, cursor=cursor, limit=limit)


@router.get("/statistics")
async def statistics(
    unit: QueryUnit,
    as_of: date | None = None,
    area: Annotated[
        str | None,
        Query(pattern=r"^\d{2,12}$", description="Division code, or its beginning; the caller's if absent."),
    ] = None,
) -> answer.Statistics:
    """Count sites, households, houses by stage, and the housing subsidy asked for and paid, as of a day."""
    unit.require(*READERS)
    async with unit:
        return await figures.statistics(unit, as_of=as_of, area=area)


def _terms(request: AreaCapRule | InfrastructureRule | HousingRule) -> Terms:
    match request:
        case AreaCapRule(value=value):
            return AreaCap(m2_per_person=value.m2_per_person)
        case InfrastructureRule(value=standard):
            return InfrastructureStandard(
                per_household_fen={
                    "centralized": standard.centralized.fen,
                    "interspersed": standard.interspersed.fen,
                }
            )
        case HousingRule(value=programme):
            return HousingProgramme(
                programme_code=programme.programme_code,
                unit=programme.unit,
                instalments_fen={each.stage: each.amount.fen for each in programme.instalments},
            )
