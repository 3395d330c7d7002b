"""Money in: funds, receipts, allocations, and the reversal of a wrong one."""

from uuid import UUID

from starlette.responses import Response

from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from contracts.events.finance import FundAllocated, FundReceived
from services.finance.access import area_of, require_county
from services.finance.commands import AllocateMoney, ReceiveMoney
from services.finance.domain import ledger
from services.finance.domain.ledger import Account, Kind, Movement
from services.finance.schemas import answer
from services.finance.store import fund as store
from services.finance.store import journal
from services.finance.store.fund import DebtorAccount, Fund


async def open_fund(
    source: str, name: str, account: DebtorAccount, unit: UnitOfWork, *, bank_client: UUID | None
) -> Response:
    """Open a fund."""
    require_county(unit, roles.OFFICER)
    fund = Fund(
        id=new_id(),
        area_code=area_of(unit),
        source=source,
        name=name,
        opened_on=unit.today,
        bank_client=None if bank_client is None else str(bank_client),
    )
    async with unit:
        await store.add_fund(unit, fund, account)
        return unit.answer(answer.fund_of(fund, received_fen=0, unallocated_fen=0, cash_fen=0), status=201)


async def receive_money(command: ReceiveMoney, unit: UnitOfWork) -> Response:
    """Note a receipt."""
    require_county(unit, roles.OFFICER)
    received_on = ledger.day_of_receipt(command.received_on, unit.today)
    async with unit:
        fund, _ = await store.lock_fund(unit, command.fund_id)
        movement = ledger.receive(fund.id, command.amount_fen)
        transaction_id = await journal.append(unit, movement, on=received_on, reference=command.reference)
        fact = FundReceived(
            fund_id=fund.id,
            source=fund.source,
            amount_fen=command.amount_fen,
            received_on=received_on,
        )
        unit.record(fact, sequence=await store.next_version(unit, fund.id), area=fund.area_code)
        return unit.answer(answer.moved(transaction_id, movement), status=201)


async def allocate_money(command: AllocateMoney, unit: UnitOfWork) -> Response:
    """Set money aside."""
    require_county(unit, roles.OFFICER)
    async with unit:
        fund, _ = await store.lock_fund(unit, command.fund_id)
        movement = ledger.allocate(fund.id, command.programme_code, command.amount_fen)
        transaction_id = await journal.append(unit, movement, reference=command.reference)
        fact = FundAllocated(
            fund_id=fund.id,
            source=fund.source,
            amount_fen=command.amount_fen,
            allocation_id=transaction_id,
            programme_code=command.programme_code,
            allocated_on=unit.today,
        )
        unit.record(fact, sequence=await store.next_version(unit, fund.id), area=fund.area_code)
        return unit.answer(answer.moved(transaction_id, movement), status=201)


async def reverse_transaction(transaction_id: UUID, reason: str, unit: UnitOfWork) -> Response:
    """Undo a wrong receipt or allocation by its mirror image; the fact of it carries the sum below zero."""
    require_county(unit, roles.OFFICER)
    async with unit:
        fund, _ = await store.lock_fund(unit, await journal.find_fund_of(unit, transaction_id))
        movement = ledger.reverse(await journal.load_movement(unit, transaction_id))
        reversal_id = await journal.append(unit, movement, reverses=transaction_id, reference=reason)
        fact = _reversal_fact(fund, movement, transaction_id, unit)
        unit.record(fact, sequence=await store.next_version(unit, fund.id), area=fund.area_code)
        return unit.answer(answer.moved(reversal_id, movement), status=201)


def _reversal_fact(
    fund: Fund, movement: Movement, transaction_id: UUID, unit: UnitOfWork
) -> FundReceived | FundAllocated:
    amount = -abs(movement.entries[0].amount_fen)
    if movement.kind is Kind.RECEIPT_REVERSAL:
        return FundReceived(fund_id=fund.id, source=fund.source, amount_fen=amount, received_on=unit.today)
    programme = next(
        entry.place.programme_code for entry in movement.entries if entry.place.account is Account.ALLOCATED
    )
    return FundAllocated(
        fund_id=fund.id,
        source=fund.source,
        amount_fen=amount,
        allocation_id=transaction_id,
        programme_code=programme,
        allocated_on=unit.today,
    )
