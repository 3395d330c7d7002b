"""Funds, allocations, the journal, balances and statistics over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from services.finance import figures, views
from services.finance.access import MONEY_READERS, require_county
from services.finance.commands import AllocateMoney, ReceiveMoney
from services.finance.handlers import fund as handlers
from services.finance.schemas import answer
from services.finance.schemas.request import AllocationRequest, FundRequest, ReceiptRequest, ReversalRequest
from services.finance.store.fund import DebtorAccount

router = APIRouter(prefix="/finance/v1", tags=["finance"])


@router.post("/funds", status_code=201, response_model=answer.Fund)
async def open_fund(request: FundRequest, unit: CommandUnit) -> Response:
    """Open a fund of one source, with the public account its money is kept in. County officers only.

    Where it names its bank's partner client, only that client sees, takes and reports on batches paid from it.
    """
    account = DebtorAccount(
        holder=request.account.holder, number=request.account.number, bank_code=request.account.bank_code
    )
    return await handlers.open_fund(
        request.source, request.name, account, unit, bank_client=request.bank_client
    )


@router.get("/funds")
async def list_funds(unit: QueryUnit, cursor: CursorParam = None, limit: Limit = 50) -> Page[answer.Fund]:
    """List funds with what they received, what is free, and what is still in the bank."""
    require_county(unit, *MONEY_READERS)
    async with unit:
        return await views.list_funds(unit, cursor=cursor, limit=limit)


@router.post("/funds/{fund_id}/receipts", status_code=201, response_model=answer.Transaction)
async def receive_money(fund_id: UUID, request: ReceiptRequest, unit: CommandUnit) -> Response:
    """Note that money of a fund arrived. County officers only."""
    command = ReceiveMoney(
        fund_id=fund_id,
        amount_fen=request.amount.fen,
        received_on=request.received_on,
        reference=request.reference,
    )
    return await handlers.receive_money(command, unit)


@router.post("/allocations", status_code=201, response_model=answer.Transaction)
async def allocate_money(request: AllocationRequest, unit: CommandUnit) -> Response:
    """Set free money of a fund aside for a programme; never more than is free. County officers only."""
    command = AllocateMoney(
        fund_id=request.fund_id,
        programme_code=request.programme_code,
        amount_fen=request.amount.fen,
        reference=request.reference,
    )
    return await handlers.allocate_money(command, unit)


@router.post("/journal/{transaction_id}/reversals", status_code=201, response_model=answer.Transaction)
async def reverse_transaction(transaction_id: UUID, request: ReversalRequest, unit: CommandUnit) -> Response:
    """Undo a wrong receipt or allocation by a mirrored movement; the first one stays. County officers only."""
    return await handlers.reverse_transaction(transaction_id, request.reason, unit)


@router.get("/journal")
async def list_journal(
    unit: QueryUnit, fund: UUID | None = None, cursor: CursorParam = None, limit: Limit = 50
) -> Page[answer.JournalTransaction]:
    """List the movements of money, each with entries that add up to zero."""
    require_county(unit, *MONEY_READERS)
    async with unit:
        return await views.list_journal(unit, fund=fund, cursor=cursor, limit=limit)


@router.get("/balances")
async def list_balances(
    unit: QueryUnit, cursor: CursorParam = None, limit: Limit = 50
) -> Page[answer.Balance]:
    """List what every account of every fund holds now."""
    require_county(unit, *MONEY_READERS)
    async with unit:
        return await views.list_balances(unit, cursor=cursor, limit=limit)


@router.get("/statistics")
async def statistics(
    unit: QueryUnit, as_of: Annotated[date | None, Query(description="Today when left out.")] = None
) -> answer.Statistics:
    """Tell what was received by source, and allocated, reserved and paid by programme."""
    require_county(unit, *MONEY_READERS)
    async with unit:
        return await figures.statistics(unit, as_of or unit.today)
