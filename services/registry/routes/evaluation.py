"""Routes of the three evaluations and the four determinations of a round."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from contracts.values import DETERMINATIONS, EVALUATIONS
from services.registry import views_determination, views_meeting
from services.registry.domain.errors.determination import AreaUnfit
from services.registry.domain.errors.evaluation import MeetingBeforeRound, NameTwice, RollTooLong
from services.registry.handlers import determination as determinations
from services.registry.handlers import meeting as meetings
from services.registry.routes.household import Village
from services.registry.routes.round import RoundId
from services.registry.schemas import determination as determination_schema
from services.registry.schemas import meeting as schema

READERS = (roles.VILLAGE_COMMITTEE, roles.WORK_TEAM, roles.CLERK, roles.OFFICER, roles.AUDITOR)
PROBLEMS: dict[type[Refusal], int] = {
    AreaUnfit: 422,
    MeetingBeforeRound: 422,
    NameTwice: 422,
    RollTooLong: 422,
}

MeetingId = Annotated[UUID, Path(description="The meeting's id.")]
Evaluation = Annotated[str | None, Query(pattern=f"^({'|'.join(EVALUATIONS)})$")]
Kind = Annotated[str | None, Query(pattern=f"^({'|'.join(DETERMINATIONS)})$")]

router = APIRouter(prefix="/registry/v1", tags=["evaluations"])


@router.post("/rounds/{round_id}/meetings", status_code=201, response_model=schema.MeetingHeld)
async def hold_meeting(round_id: RoundId, body: schema.MeetingRequest, unit: CommandUnit) -> Response:
    """Record one of the three evaluations with its roll, minutes and votes on up to 2,000 households: all or none.

    A household passes with the majority of the rule pack. Without it an addition is turned down, a removal becomes a
    keep that is evaluated again, and what was to be kept or corrected stays until the village proposes otherwise.
    """
    return await meetings.hold_meeting(round_id, body, unit)


@router.get("/rounds/{round_id}/meetings")
async def list_meetings(
    round_id: RoundId,
    unit: QueryUnit,
    village: Village = None,
    evaluation: Evaluation = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[schema.MeetingSummary]:
    """List the meetings of a round in the order they were recorded, annulled ones too."""
    unit.require(*READERS)
    async with unit:
        return await views_meeting.list_meetings(
            unit, round_id, village=village, evaluation=evaluation, cursor=cursor, limit=limit
        )


@router.get("/meetings/{meeting_id}")
async def show_meeting(meeting_id: MeetingId, unit: QueryUnit) -> schema.Meeting:
    """Show a meeting with its votes. Auditors read masked names, neither place nor minutes."""
    unit.require(*READERS)
    async with unit:
        return await views_meeting.show_meeting(unit, meeting_id)


@router.post("/meetings/{meeting_id}/annulments", status_code=201, response_model=schema.Annulment)
async def annul_meeting(meeting_id: MeetingId, body: schema.AnnulmentRequest, unit: CommandUnit) -> Response:
    """Annul a meeting that was void. Households that stand at its step go back; those that have gone on stay."""
    return await meetings.annul_meeting(meeting_id, body, unit)


@router.post(
    "/rounds/{round_id}/determinations", status_code=201, response_model=determination_schema.Determination
)
async def make_determination(
    round_id: RoundId, body: determination_schema.DeterminationRequest, unit: CommandUnit
) -> Response:
    """Record one of the four determinations: every household of the area that stands before it passes.

    Refused while one household of the area has not come so far. Which role makes it is the rule pack's to say, and no
    person makes two of the four over the same village in a round.
    """
    return await determinations.make_determination(round_id, body, unit)


@router.get("/rounds/{round_id}/determinations")
async def list_determinations(
    round_id: RoundId,
    unit: QueryUnit,
    determination: Kind = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[determination_schema.Determination]:
    """List the determinations of a round over the caller's area, in it, or around it."""
    unit.require(*READERS)
    async with unit:
        return await views_determination.list_determinations(
            unit, round_id, determination=determination, cursor=cursor, limit=limit
        )
