"""Routes of papers: PDF in Chinese, each on record before it is made."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from chassis.http import RecordedQueryUnit
from services.registry.handlers import prints as handlers
from services.registry.routes.household import HouseholdId
from services.registry.schemas import request

PDF = "application/pdf"
PAPER: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}, "description": "The paper."}}

router = APIRouter(prefix="/registry/v1", tags=["registry"])


def _paper(content: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, media_type=PDF, headers=headers)


@router.post("/households/{household_id}/prints", response_class=Response, responses=PAPER)
async def print_household(
    household_id: HouseholdId, body: request.Printing, unit: RecordedQueryUnit
) -> Response:
    """Print a household's card (明白卡, numbers masked) or the page of its handbook (扶贫手册, in full)."""
    return _paper(await handlers.print_household(household_id, body, unit), body.paper)
