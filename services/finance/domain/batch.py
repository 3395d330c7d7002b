"""A batch of payments: made, checked and released by three people, its count and sum declared and exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from chassis.errors import FieldError
from contracts.events.finance import BatchApproved, BatchReleased
from services.finance.domain.errors import (
    AllocationExhausted,
    BatchAlreadyReleased,
    BatchEmpty,
    BatchNotApproved,
    BatchNotDrafted,
    BatchTooLarge,
    BatchTotalsDiffer,
    PayeeNotPayable,
    PaymentNotDrafted,
    PaymentNotInProgramme,
    SamePerson,
)
from services.finance.domain.payment import Payment, Status

MAX_ITEMS = 10_000
# As many as a maker can go through; the number of all is told.
MAX_ERRORS = 100


class BatchStatus(StrEnum):
    """Where a batch stands; it is closed when the bank has spoken finally of every line."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    RELEASED = "released"
    CLOSED = "closed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A frozen batch; `version` counts the facts published about it."""

    id: UUID
    area_code: str
    programme_code: str
    fund_id: UUID
    count: int
    sum_fen: int
    maker_id: str
    drafted_on: date
    status: BatchStatus = BatchStatus.DRAFTED
    version: int = 0
    checker_id: str | None = None
    approved_on: date | None = None
    payer_id: str | None = None
    released_on: date | None = None
    rejected_by: str | None = None
    rejected_on: date | None = None
    bank_client: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the maker says the batch is."""

    programme_code: str
    count: int
    sum_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeFault:
    """Why a household cannot be paid, without anything of its account."""

    rule: str
    message: str


NO_ACCOUNT = PayeeFault(rule="account-missing", message="The register has no complete account.")


def check_items(payments: Sequence[Payment], declared: Declaration) -> None:
    """Every item is free and of the programme, and the declared count and control sum are exactly theirs."""
    for position, payment in enumerate(payments):
        pointer = f"/payment_ids/{position}"
        if payment.programme_code != declared.programme_code:
            raise PaymentNotInProgramme(pointer=pointer)
        if payment.status is not Status.DRAFTED:
            raise PaymentNotDrafted(pointer=pointer)
    if not payments:
        raise BatchEmpty(pointer="/all")
    if len(payments) > MAX_ITEMS:
        raise BatchTooLarge(pointer="/all")
    if len(payments) != declared.count:
        raise BatchTotalsDiffer("The batch holds another number of items.", pointer="/declared_count")
    if sum(payment.amount_fen for payment in payments) != declared.sum_fen:
        raise BatchTotalsDiffer("The items have another sum.", pointer="/declared_sum")


def check_payees(payments: Sequence[Payment], faults: Mapping[int, PayeeFault], *, is_named: bool) -> None:
    """Every household can be paid; one that cannot is named with its first item, so that it can be mended."""
    errors: dict[UUID, FieldError] = {}
    for position, fault in sorted(faults.items()):
        item = payments[position]
        pointer = f"/payment_ids/{position}" if is_named else "/all"
        message = f"Payment {item.id} of household {item.household_id}: {fault.message}"
        errors.setdefault(item.household_id, FieldError(pointer, fault.rule, message))
    if errors:
        raise PayeeNotPayable(
            f"Households that cannot be paid: {len(errors)}. Each of the first {MAX_ERRORS} is named.",
            errors=list(errors.values())[:MAX_ERRORS],
        )


def choose_fund(allocated: Mapping[UUID, int], sum_fen: int) -> UUID:
    """A batch is paid from one fund: the first whose allocation to the programme covers all of it."""
    for fund_id, available in allocated.items():
        if available >= sum_fen:
            return fund_id
    raise AllocationExhausted(pointer="/declared_sum")


def approve(batch: Batch, *, checker: str, today: date) -> tuple[Batch, BatchApproved]:
    """The checker, who is not the maker, approves."""
    if batch.status is not BatchStatus.DRAFTED:
        raise BatchNotDrafted
    if checker == batch.maker_id:
        raise SamePerson
    approved = replace(
        batch,
        status=BatchStatus.APPROVED,
        checker_id=checker,
        approved_on=today,
        version=batch.version + 1,
    )
    fact = BatchApproved(batch_id=batch.id, count=batch.count, sum_fen=batch.sum_fen, approved_on=today)
    return approved, fact


def release(batch: Batch, *, payer: str, today: date) -> tuple[Batch, BatchReleased]:
    """The payer, who is neither maker nor checker, releases."""
    if batch.status is not BatchStatus.APPROVED:
        raise BatchNotApproved
    if payer in {batch.maker_id, batch.checker_id}:
        raise SamePerson
    released = replace(
        batch, status=BatchStatus.RELEASED, payer_id=payer, released_on=today, version=batch.version + 1
    )
    fact = BatchReleased(batch_id=batch.id, count=batch.count, sum_fen=batch.sum_fen, released_on=today)
    return released, fact


def is_for_bank(batch: Batch, actor: str) -> bool:
    """Where the fund names its bank, its batches are that bank's alone."""
    return batch.bank_client in {None, actor}


def reject(batch: Batch, *, actor: str, today: date) -> Batch:
    """Whoever may act on a batch may stop it, until it has left."""
    if batch.status not in {BatchStatus.DRAFTED, BatchStatus.APPROVED}:
        raise BatchAlreadyReleased
    return replace(batch, status=BatchStatus.REJECTED, rejected_by=actor, rejected_on=today)
