"""Routes of papers: PDF in Chinese, each on record before it is made."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from chassis.http import RecordedQueryUnit
from services.registry.handlers import prints as handlers
from services.registry.routes.evaluation import MeetingId
from services.registry.routes.household import HouseholdId
from services.registry.routes.notice import AnnouncementId, NoticeId
from services.registry.schemas import request

PDF = "application/pdf"
PAPER: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}, "description": "The paper."}}

router = APIRouter(prefix="/registry/v1", tags=["registry"])


def _paper(content: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, media_type=PDF, headers=headers)


@router.post("/households/{household_id}/prints", response_class=Response, responses=PAPER)
async def print_household(
    household_id: HouseholdId, body: request.HouseholdPrinting, unit: RecordedQueryUnit
) -> Response:
    """Print a household's card (明白卡, numbers masked) or the page of its handbook (扶贫手册, in full)."""
    return _paper(await handlers.print_household(household_id, body, unit), body.paper)


@router.post("/meetings/{meeting_id}/prints", response_class=Response, responses=PAPER)
async def print_minutes(meeting_id: MeetingId, body: request.Printing, unit: RecordedQueryUnit) -> Response:
    """Print the minutes of a meeting (会议记录) with roll, words and votes."""
    return _paper(await handlers.print_minutes(meeting_id, body.reason, unit), "minutes")


@router.post("/notices/{notice_id}/prints", response_class=Response, responses=PAPER)
async def print_notice(notice_id: NoticeId, body: request.Printing, unit: RecordedQueryUnit) -> Response:
    """Print a notice (公示): exactly its frozen masked list, with the hash at the foot."""
    return _paper(await handlers.print_notice(notice_id, body.reason, unit), "notice")


@router.post("/announcements/{announcement_id}/prints", response_class=Response, responses=PAPER)
async def print_announcement(
    announcement_id: AnnouncementId, body: request.Printing, unit: RecordedQueryUnit
) -> Response:
    """Print an announcement (公告): exactly its frozen masked list, with the hash at the foot."""
    return _paper(await handlers.print_announcement(announcement_id, body.reason, unit), "announcement")
