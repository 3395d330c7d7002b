"""The bank's own routes: it lists released batches, takes each as pain.001, and answers with pain.002."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit, RecordedQueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from services.finance import views
from services.finance.access import require_county
from services.finance.handlers import bank as handlers
from services.finance.schemas import answer

router = APIRouter(prefix="/finance/v1/bank", tags=["bank"])

XML_BODY = {"required": True, "content": {"application/xml": {"schema": {"type": "string"}}}}


@router.get("/batches")
async def list_released_batches(
    unit: QueryUnit,
    *,
    status: Literal["released"] = "released",  # noqa: ARG001 - the only one there is
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.BankBatch]:
    """List released batches that still have lines without a final outcome. The bank only.

    Where the fund names its bank, that bank only, and so with the document and the report.
    """
    require_county(unit, roles.BANK)
    async with unit:
        return await views.list_bank_batches(unit, cursor=cursor, limit=limit)


@router.get("/batches/{batch_id}/document", response_class=Response)
async def take_document(batch_id: UUID, unit: RecordedQueryUnit) -> Response:
    """Take a released batch as pain.001.001.09; the same bytes each time, and recorded each time. The bank only."""
    return await handlers.hand_out_document(batch_id, unit)


@router.post(
    "/reports", status_code=201, response_model=answer.Report, openapi_extra={"requestBody": XML_BODY}
)
async def report_batch(request: Request, unit: CommandUnit) -> Response:
    """Report on a batch by pain.002.001.10. It is taken over whole or, with place and rule named, not at all.

    Later reports, each with its own message id, may move pending lines on; a final line never changes. The bank only.
    """
    return await handlers.take_report(await request.body(), unit)
