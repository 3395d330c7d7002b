"""Answers: money as decimal strings with their currency; never a name or an account of a payee."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from chassis.money import Amount
from services.finance.domain import batch as batch_domain
from services.finance.domain.ledger import Movement
from services.finance.domain.payment import Payment as PaymentState
from services.finance.store.fund import Fund as FundState


class Fund(BaseModel):
    """Money of one source: what came in, what is free, and what is still in the bank."""

    id: UUID
    source: str
    name: str
    opened_on: date
    received: Amount
    unallocated: Amount
    cash: Amount
    bank_client: str | None = None


class Entry(BaseModel):
    """One side of a movement: debit above zero, credit below."""

    account: str
    programme_code: str | None
    amount: Amount


class Transaction(BaseModel):
    """One movement of the journal as it was just made."""

    id: UUID
    kind: str
    fund_id: UUID
    entries: list[Entry]


class JournalTransaction(Transaction):
    """One movement of the journal; its entries add up to zero."""

    occurred_on: date
    batch_id: UUID | None
    reverses: UUID | None
    reference: str | None
    actor_id: str
    recorded_at: datetime


class Payment(BaseModel):
    """A payment item. `sent` and `pending` both mean that the outcome is not known yet."""

    id: UUID
    household_id: UUID
    programme_code: str
    period: str
    source_kind: str
    source_id: UUID
    amount: Amount
    status: str
    attempt: int
    replaces: UUID | None
    batch_id: UUID | None
    drafted_on: date
    sent_on: date | None = None
    paid_on: date | None = None
    bank_amount: Amount | None = None
    rejected_on: date | None = None
    reason: str | None = None
    reason_text: str | None = None
    replaced_by: UUID | None = None
    withdrawn_on: date | None = None
    withdrawal_reason: str | None = None


class Batch(BaseModel):
    """A batch with its signatures; `bank_outcome` counts lines once it was released."""

    id: UUID
    programme_code: str
    fund_id: UUID
    count: int
    sum: Amount
    status: str
    maker_id: str
    drafted_on: date
    checker_id: str | None
    approved_on: date | None
    payer_id: str | None
    released_on: date | None
    rejected_by: str | None
    rejected_on: date | None
    bank_client: str | None = None
    payments: dict[str, int] | None = None


class BankBatch(BaseModel):
    """What the bank sees of a batch."""

    id: UUID
    message_id: str
    count: int
    sum: Amount
    released_on: date
    document: str


class Report(BaseModel):
    """What a bank's report came to; `pending` counts every line whose outcome is not known."""

    id: UUID
    batch_id: UUID
    status: str
    settled: int
    rejected: int
    pending: int


class Balance(BaseModel):
    """What one account of a fund holds now."""

    fund_id: UUID
    source: str
    account: str
    programme_code: str | None
    balance: Amount


class SourceFigures(BaseModel):
    """Receipts of one source."""

    source: str
    received: Amount


class ProgrammeFigures(BaseModel):
    """Money of one programme."""

    programme_code: str
    allocated: Amount
    reserved: Amount
    paid: Amount


class StatusFigures(BaseModel):
    """Payment items in one state."""

    programme_code: str
    status: str
    count: int
    sum: Amount


class Statistics(BaseModel):
    """Figures of the day named in `as_of`."""

    as_of: date
    source: str
    population: str
    received: list[SourceFigures]
    programmes: list[ProgrammeFigures]
    payments: list[StatusFigures]


def fund_of(fund: FundState, *, received_fen: int, unallocated_fen: int, cash_fen: int) -> Fund:
    """Return a fund as it is answered."""
    return Fund(
        id=fund.id,
        source=fund.source,
        name=fund.name,
        opened_on=fund.opened_on,
        received=Amount.of(received_fen),
        unallocated=Amount.of(unallocated_fen),
        cash=Amount.of(cash_fen),
        bank_client=fund.bank_client,
    )


def moved(transaction_id: UUID, movement: Movement) -> Transaction:
    """Return a movement as it is answered."""
    entries = [
        Entry(
            account=entry.place.account,
            programme_code=entry.place.programme_code or None,
            amount=Amount.of(entry.amount_fen),
        )
        for entry in movement.entries
    ]
    return Transaction(id=transaction_id, kind=movement.kind, fund_id=movement.fund_id, entries=entries)


def batch_of(batch: batch_domain.Batch, payments: dict[str, int] | None = None) -> Batch:
    """Return a batch as it is answered."""
    fields = asdict(batch)
    for name in ("area_code", "version"):
        del fields[name]
    return Batch(sum=Amount.of(fields.pop("sum_fen")), payments=payments, **fields)


def drafted_payment(payment: PaymentState) -> Payment:
    """Return a payment item that was just drafted."""
    fields = asdict(payment)
    for name in ("area_code", "version", "obligation_id"):
        del fields[name]
    return Payment(amount=Amount.of(fields.pop("amount_fen")), **fields)
