"""A batch from its making to its release. Locks are taken batch first, then items, then funds."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from starlette.responses import Response

from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from contracts.events.finance import PaymentSent
from services.finance.access import require_county
from services.finance.commands import DraftBatch
from services.finance.document import check_document, seal
from services.finance.domain import batch as domain
from services.finance.domain import ledger
from services.finance.domain.batch import MAX_ITEMS, NO_ACCOUNT, Batch
from services.finance.domain.errors import PayeesChanged
from services.finance.domain.payment import Payment
from services.finance.payees import resolve_payees
from services.finance.schemas import answer
from services.finance.store import batch as store
from services.finance.store import journal
from services.finance.store import payment as payments
from services.finance.store.batch import Line, Payee
from services.finance.store.fund import lock_fund, require_fund


async def draft_batch(command: DraftBatch, unit: UnitOfWork) -> Response:
    """Make a batch: items bound, money reserved, payees frozen."""
    require_county(unit, roles.OFFICER)
    payees = await resolve_payees(unit, await _households(command, unit))
    async with unit:
        items = await _lock_items(command, unit)
        domain.check_items(items, command.declared)
        payable = _payable(command, items, payees)
        allocated = await journal.lock_allocations(unit, command.declared.programme_code, command.fund_id)
        fund_id = domain.choose_fund(allocated, command.declared.sum_fen)
        batch = await _freeze(command, items, payable, unit=unit, fund_id=fund_id)
        await payments.take_into_batch(unit, batch.id, [item.id for item in items])
        movement = ledger.reserve(fund_id, batch.programme_code, batch.sum_fen)
        await journal.append(unit, movement, batch_id=batch.id)
        return unit.answer(answer.batch_of(batch), status=201, location=f"/finance/v1/batches/{batch.id}")


async def approve_batch(batch_id: UUID, unit: UnitOfWork) -> Response:
    """Approve as the checker."""
    require_county(unit, roles.CHECKER)
    async with unit:
        batch = await store.lock_batch(unit, batch_id)
        approved, fact = domain.approve(batch, checker=unit.principal.actor_id, today=unit.today)
        await store.save_batch(unit, approved)
        unit.record(fact, sequence=approved.version, area=approved.area_code)
        return unit.answer(answer.batch_of(approved), status=201)


async def release_batch(batch_id: UUID, unit: UnitOfWork) -> Response:
    """Release as the payer: from here on the bank may pay, so nothing is taken back."""
    require_county(unit, roles.PAYER)
    async with unit:
        batch = await store.lock_batch(unit, batch_id)
        released, fact = domain.release(batch, payer=unit.principal.actor_id, today=unit.today)
        items = await payments.lock_of_batch(unit, batch_id)
        await store.save_batch(unit, released)
        await payments.send(unit, batch_id, unit.today, released.count)
        for item in items:
            sent = PaymentSent(
                payment_id=item.id,
                amount_fen=item.amount_fen,
                batch_id=batch_id,
                sent_on=unit.today,
                attempt=item.attempt,
            )
            unit.record(sent, sequence=item.version + 1, area=item.area_code)
        unit.record(fact, sequence=released.version, area=released.area_code)
        return unit.answer(answer.batch_of(released), status=201)


async def reject_batch(batch_id: UUID, unit: UnitOfWork) -> Response:
    """Stop a batch before it leaves: its items and its money are free again."""
    require_county(unit, roles.OFFICER, roles.CHECKER, roles.PAYER)
    async with unit:
        batch = await store.lock_batch(unit, batch_id)
        rejected = domain.reject(batch, actor=unit.principal.actor_id, today=unit.today)
        await payments.lock_of_batch(unit, batch_id)
        await lock_fund(unit, batch.fund_id)
        await payments.free_of_batch(unit, batch_id, batch.count)
        await store.save_batch(unit, rejected)
        movement = ledger.release(batch.fund_id, batch.programme_code, batch.sum_fen)
        await journal.append(unit, movement, batch_id=batch_id)
        return unit.answer(answer.batch_of(rejected), status=201)


async def _households(command: DraftBatch, unit: UnitOfWork) -> list[UUID]:
    reading = UnitOfWork(unit.runtime, unit.principal, read_only=True)
    async with reading:
        # Before anybody's account is asked for.
        if command.fund_id is not None:
            await require_fund(reading, command.fund_id)
        programme = command.declared.programme_code
        return await payments.list_households(reading, programme, command.payment_ids, MAX_ITEMS)


async def _lock_items(command: DraftBatch, unit: UnitOfWork) -> list[Payment]:
    if command.payment_ids is None:
        return await payments.lock_drafted(unit, command.declared.programme_code, MAX_ITEMS + 1)
    return await payments.lock_chosen(unit, command.payment_ids)


def _payable(
    command: DraftBatch, items: Sequence[Payment], payees: Mapping[UUID, Payee | None]
) -> dict[UUID, Payee]:
    if any(item.household_id not in payees for item in items):
        raise PayeesChanged(pointer="/payment_ids" if command.is_named else "/all")
    payable = {household: payee for household, payee in payees.items() if payee is not None}
    faults = {position: NO_ACCOUNT for position, item in enumerate(items) if item.household_id not in payable}
    domain.check_payees(items, faults, is_named=command.is_named)
    return payable


async def _freeze(
    command: DraftBatch,
    items: Sequence[Payment],
    payees: Mapping[UUID, Payee],
    *,
    unit: UnitOfWork,
    fund_id: UUID,
) -> Batch:
    fund, debtor = await lock_fund(unit, fund_id)
    batch = Batch(
        id=new_id(),
        area_code=fund.area_code,
        programme_code=command.declared.programme_code,
        fund_id=fund_id,
        count=command.declared.count,
        sum_fen=command.declared.sum_fen,
        maker_id=unit.principal.actor_id,
        drafted_on=unit.today,
        bank_client=fund.bank_client,
    )
    cipher, at = unit.cipher, unit.now

    def freeze() -> list[Line]:
        lines = [_line(item, seal(payees[item.household_id], cipher)) for item in items]
        faults = check_document(batch.id, debtor=debtor, lines=lines, cipher=cipher, at=at)
        domain.check_payees(items, faults, is_named=command.is_named)
        return lines

    lines = await asyncio.to_thread(freeze)
    await store.add_batch(unit, batch, debtor, lines)
    return batch


def _line(item: Payment, payee: bytes) -> Line:
    return Line(
        payment_id=item.id,
        instruction_id=new_id(),
        amount_fen=item.amount_fen,
        purpose=f"{item.programme_code} {item.period}",
        payee=payee,
    )
