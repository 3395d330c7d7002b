"""Routes of public notices: posting, closing, taking down, objecting, announcing."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from contracts.values import NOTICE_KINDS
from services.registry import views_notice
from services.registry.domain.errors.notice import NoticeDayInvalid, ObjectionHouseholdUnknown
from services.registry.handlers import announcement, exit_announcement, objection, posting
from services.registry.handlers import notice as handlers
from services.registry.routes.household import Village
from services.registry.routes.round import RoundId
from services.registry.schemas import notice as schema

# What hangs in public may be read by every office; partners outside have no business with it.
READERS = tuple(sorted(roles.ALL_ROLES - {roles.BANK, roles.INSURER}))
PROBLEMS: dict[type[Refusal], int] = {NoticeDayInvalid: 422, ObjectionHouseholdUnknown: 422}

NoticeId = Annotated[UUID, Path(description="The notice's id.")]
ObjectionId = Annotated[UUID, Path(description="The objection's id.")]
AnnouncementId = Annotated[UUID, Path(description="The announcement's id.")]
Kind = Annotated[str | None, Query(pattern=f"^({'|'.join(NOTICE_KINDS)})$")]
OfRound = Annotated[UUID | None, Query(description="Only of this round.")]

router = APIRouter(prefix="/registry/v1", tags=["notices"])


@router.post("/rounds/{round_id}/notices", status_code=201, response_model=schema.Notice)
async def post_notice(round_id: RoundId, body: schema.NoticeRequest, unit: CommandUnit) -> Response:
    """Post the first or second notice of a village: the masked list of everybody who stands before it, frozen by hash."""
    return await posting.post_notice(round_id, body, unit)


@router.get("/rounds/{round_id}/notices")
async def list_notices_of_round(
    round_id: RoundId,
    unit: QueryUnit,
    village: Village = None,
    kind: Kind = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[schema.Notice]:
    """List the notices of a round in the order they were posted, voided ones too."""
    unit.require(*READERS)
    async with unit:
        return await views_notice.list_notices(
            unit, round_id=round_id, village=village, kind=kind, cursor=cursor, limit=limit
        )


@router.post("/exit-notices", status_code=201, response_model=schema.Notice)
async def post_exit_notice(body: schema.Posted, unit: CommandUnit) -> Response:
    """Post the exit notice of a village: every household in pre-exit that no exit notice lists yet."""
    return await posting.post_exit_notice(body, unit)


@router.get("/notices")
async def list_notices(
    unit: QueryUnit,
    round_id: OfRound = None,
    village: Village = None,
    kind: Kind = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[schema.Notice]:
    """List notices in the order they were posted."""
    unit.require(*READERS)
    async with unit:
        return await views_notice.list_notices(
            unit, round_id=round_id, village=village, kind=kind, cursor=cursor, limit=limit
        )


@router.get("/notices/{notice_id}", response_model=schema.NoticeWithList)
async def show_notice(notice_id: NoticeId, unit: QueryUnit) -> Response:
    """Show a notice with its masked list, exactly as it was hashed."""
    unit.require(*READERS)
    async with unit:
        shown = await views_notice.show_notice(unit, notice_id)
        return unit.answer(shown, etag=shown.version)


@router.post("/notices/{notice_id}/closures", status_code=201, response_model=schema.Notice)
async def close_notice(notice_id: NoticeId, body: schema.ClosureRequest, unit: CommandUnit) -> Response:
    """Close a notice that hung its minimum days, while no objection is open; whom it lists passes the step."""
    return await handlers.close_notice(notice_id, body, unit)


@router.post("/notices/{notice_id}/takedowns", status_code=201, response_model=schema.Notice)
async def take_down_notice(notice_id: NoticeId, body: schema.TakedownRequest, unit: CommandUnit) -> Response:
    """Record when a notice was taken down. Too early, and not used yet: it is void. Used already: the history stands."""
    return await handlers.take_down_notice(notice_id, body, unit)


@router.post("/notices/{notice_id}/objections", status_code=201, response_model=schema.Objection)
async def file_objection(notice_id: NoticeId, body: schema.ObjectionRequest, unit: CommandUnit) -> Response:
    """File an objection while the notice hangs; it cannot be closed before the answer.

    Filed in time and entered after the closing, it undoes the closing until the procedure has gone on from the notice.
    """
    return await objection.file_objection(notice_id, body, unit)


@router.get("/notices/{notice_id}/objections")
async def list_objections(
    notice_id: NoticeId, unit: QueryUnit, cursor: CursorParam = None, limit: Limit = 50
) -> Page[schema.ObjectionWithWords]:
    """List the objections to a notice; words are shown to clerks and county officers only."""
    unit.require(*READERS)
    async with unit:
        return await views_notice.list_objections(unit, notice_id, cursor=cursor, limit=limit)


@router.post("/objections/{objection_id}/decisions", status_code=201, response_model=schema.Objection)
async def decide_objection(
    objection_id: ObjectionId, body: schema.DecisionRequest, unit: CommandUnit
) -> Response:
    """Answer an objection that somebody else recorded. One that is upheld voids the notice."""
    return await objection.decide_objection(objection_id, body, unit)


@router.post("/rounds/{round_id}/announcements", status_code=201, response_model=schema.Announcement)
async def announce_round(
    round_id: RoundId, body: schema.RoundAnnouncementRequest, unit: CommandUnit
) -> Response:
    """Announce the county's result in a village: every household is registered, kept, corrected or removed with it."""
    return await announcement.announce_round(round_id, body, unit)


@router.get("/rounds/{round_id}/announcements")
async def list_announcements(
    round_id: RoundId, unit: QueryUnit, cursor: CursorParam = None, limit: Limit = 50
) -> Page[schema.Announcement]:
    """List what was announced of a round."""
    unit.require(*READERS)
    async with unit:
        return await views_notice.list_announcements(unit, round_id, cursor=cursor, limit=limit)


@router.post("/notices/{notice_id}/announcements", status_code=201, response_model=schema.Announcement)
async def announce_exit(notice_id: NoticeId, body: schema.AnnouncementRequest, unit: CommandUnit) -> Response:
    """Announce the exits of a closed exit notice: the households leave the register and keep their policies for a while.

    Refused while a visit that a pre-exit rests on, as it stands now, does not carry it: take that pre-exit back first.
    """
    return await exit_announcement.announce_exit(notice_id, body, unit)


@router.get("/announcements/{announcement_id}", response_model=schema.AnnouncementWithList)
async def show_announcement(announcement_id: AnnouncementId, unit: QueryUnit) -> Response:
    """Show an announcement with its masked list, exactly as it was hashed."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(await views_notice.show_announcement(unit, announcement_id))
