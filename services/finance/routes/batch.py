"""Batches over HTTP: made, approved, released or rejected by different people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from services.finance import views
from services.finance.access import MONEY_READERS, require_county
from services.finance.commands import DraftBatch
from services.finance.domain.batch import BatchStatus, Declaration
from services.finance.handlers import batch as handlers
from services.finance.schemas import answer
from services.finance.schemas.request import BatchRequest

router = APIRouter(prefix="/finance/v1/batches", tags=["finance"])


@router.post("", status_code=201, response_model=answer.Batch)
async def draft_batch(request: BatchRequest, unit: CommandUnit) -> Response:
    """Make a batch of up to 10,000 items. The declared count and sum must be exactly theirs.

    Payees are read from the register now and frozen; the sum is reserved from an allocation to the programme.
    County officers only; the maker can neither approve nor release it.
    """
    command = DraftBatch(
        declared=Declaration(
            programme_code=request.programme_code, count=request.declared_count, sum_fen=request.declared_sum
        ),
        payment_ids=None if request.payment_ids is None else tuple(request.payment_ids),
        fund_id=request.fund_id,
    )
    return await handlers.draft_batch(command, unit)


@router.get("")
async def list_batches(
    unit: QueryUnit,
    *,
    status: BatchStatus | None = None,
    programme: Annotated[str | None, Query(max_length=64)] = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.Batch]:
    """List batches in the order they were made."""
    require_county(unit, *MONEY_READERS)
    async with unit:
        return await views.list_batches(unit, status=status, programme=programme, cursor=cursor, limit=limit)


@router.get("/{batch_id}")
async def show_batch(batch_id: UUID, unit: QueryUnit) -> answer.Batch:
    """Show a batch, its signatures, and how many of its items stand where."""
    require_county(unit, *MONEY_READERS)
    async with unit:
        return await views.show_batch(unit, batch_id)


@router.post("/{batch_id}/approvals", status_code=201, response_model=answer.Batch)
async def approve_batch(batch_id: UUID, unit: CommandUnit) -> Response:
    """Approve a batch. Checkers only, never its maker."""
    return await handlers.approve_batch(batch_id, unit)


@router.post("/{batch_id}/releases", status_code=201, response_model=answer.Batch)
async def release_batch(batch_id: UUID, unit: CommandUnit) -> Response:
    """Release an approved batch to the bank. Payers only, never its maker or checker."""
    return await handlers.release_batch(batch_id, unit)


@router.post("/{batch_id}/rejections", status_code=201, response_model=answer.Batch)
async def reject_batch(batch_id: UUID, unit: CommandUnit) -> Response:
    """Stop a batch that has not left: its items and its money are free again. Officers, checkers and payers."""
    return await handlers.reject_batch(batch_id, unit)
