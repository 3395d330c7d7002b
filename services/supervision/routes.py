"""The HTTP face: parse, authorise, call a handler or a view; and which refusal has which status."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.errors import Forbidden, Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.moments import Moment
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from services.supervision import handlers, schemas, views

READERS = (
    roles.CLERK,
    roles.OFFICER,
    roles.CHECKER,
    roles.PAYER,
    roles.AUDITOR,
    roles.ADMINISTRATOR,
    roles.SERVICE,
)
# The trail holds restricted facts of every service: it is for those who audit.
TRAIL_READERS = (roles.AUDITOR, roles.SERVICE)
PUBLISHERS = (roles.OFFICER, roles.ADMINISTRATOR)
MAX_POSITION = 2**63 - 1

PROBLEMS: dict[type[Refusal], int] = {}

router = APIRouter(prefix="/supervision/v1", tags=["supervision"])


@router.get("/findings")
async def list_findings(
    unit: QueryUnit,
    state: Literal["open", "closed"] | None = None,
    rule: Annotated[str | None, Query(max_length=50)] = None,
    subject: Annotated[str | None, Query(max_length=100, description="Such as `claim/<id>`.")] = None,
    household: UUID | None = None,
    severity: schemas.Severity | None = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[schemas.Finding]:
    """List findings in the caller's area in the order in which they were opened."""
    unit.require(*READERS)
    wanted = views.Wanted(state=state, rule=rule, subject=subject, household=household, severity=severity)
    async with unit:
        return await views.list_findings(unit, wanted, cursor=cursor, limit=limit)


@router.get("/findings/{finding_id}", response_model=schemas.FindingInFull)
async def show_finding(
    finding_id: Annotated[UUID, Path(description="The finding's id.")], unit: QueryUnit
) -> Response:
    """Show one finding with the events it rests on, the one that opened it and the one that closed it."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(await views.show_finding(unit, finding_id))


@router.get("/rules", response_model=schemas.RuleList)
async def list_rules(unit: QueryUnit) -> Response:
    """List every version of every rule with its numbers and the document it rests on."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(await views.list_rules(unit))


@router.post("/rules", status_code=201, response_model=schemas.Rule)
async def publish_rule(request: schemas.RuleRequest, unit: CommandUnit) -> Response:
    """Publish a rule, or the next version of one; within a second it is asked about everything that is known.

    For what happened on a day, the highest version in force on that day holds. Officers and administrators.
    """
    unit.require(*PUBLISHERS)
    if not roles.is_of_county(unit.principal.area):
        raise Forbidden("Rules are published by a county or above it.")
    return await handlers.publish_rule(request, unit)


@router.get("/trail")
async def read_trail(
    unit: QueryUnit,
    after: Annotated[int, Query(ge=0, le=MAX_POSITION, description="Entries behind this position.")] = 0,
    type: Annotated[str | None, Query(max_length=100, description="One event type.")] = None,  # noqa: A002
    subject: Annotated[str | None, Query(max_length=100, description="Such as `household/<id>`.")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Recorded from then on.")] = None,
    limit: Limit = 50,
) -> Response:
    """Read the trail in order: every event that was heard, with its position. Auditors only."""
    unit.require(*TRAIL_READERS)
    moment: datetime | None = since
    looked = views.Looked(after=after, limit=limit, type=type, subject=subject, since=moment)
    async with unit:
        return unit.answer(await views.read_trail(unit, looked))


@router.get("/trail/verification", response_model=schemas.Verification)
async def verify_trail(unit: QueryUnit) -> Response:
    """Recompute the hash chain of the whole trail and name the first entry that breaks it. Auditors only."""
    unit.require(*TRAIL_READERS)
    async with unit:
        return unit.answer(await views.verify_trail(unit))


@router.get("/clock", response_model=schemas.Clock)
async def show_clock(unit: QueryUnit) -> Response:
    """Show the business date, up to which day deadlines were judged, and how far the trail reaches."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(await views.show_clock(unit))
