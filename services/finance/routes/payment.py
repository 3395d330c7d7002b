"""Payment items over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from services.finance import views
from services.finance.access import PAYMENT_READERS
from services.finance.domain.payment import Status
from services.finance.handlers import payment as handlers
from services.finance.schemas import answer
from services.finance.schemas.request import WithdrawalRequest

router = APIRouter(prefix="/finance/v1/payments", tags=["finance"])

Code = Annotated[str | None, Query(max_length=64)]


@router.get("")
async def list_payments(
    unit: QueryUnit,
    *,
    status: Status | None = None,
    programme: Code = None,
    household: UUID | None = None,
    batch: UUID | None = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Page[answer.Payment]:
    """List payment items of the caller's area in the order they were drafted."""
    unit.require(*PAYMENT_READERS)
    async with unit:
        return await views.list_payments(
            unit,
            status=status,
            programme=programme,
            household=household,
            batch=batch,
            cursor=cursor,
            limit=limit,
        )


@router.get("/{payment_id}")
async def show_payment(payment_id: UUID, unit: QueryUnit) -> answer.Payment:
    """Show one payment item."""
    unit.require(*PAYMENT_READERS)
    async with unit:
        return await views.show_payment(unit, payment_id)


@router.post("/{payment_id}/reissues", status_code=201, response_model=answer.Payment)
async def reissue_payment(payment_id: UUID, unit: CommandUnit) -> Response:
    """Issue a payment again that the bank rejected: a new item linked to the first. County officers only."""
    return await handlers.reissue_payment(payment_id, unit)


@router.post("/{payment_id}/withdrawals", status_code=201, response_model=answer.Payment)
async def withdraw_payment(payment_id: UUID, request: WithdrawalRequest, unit: CommandUnit) -> Response:
    """Take back a payment that stands in no batch, for good: its claim is rejected. County officers only.

    One in a batch that has not left is free again once that is rejected; one that the bank refused, once reissued.
    """
    return await handlers.withdraw_payment(payment_id, request.reason, unit)
