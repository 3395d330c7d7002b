"""A payment item: one attempt to pay one obligation. An unknown outcome is a state of its own, never a failure."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.events.finance import PaymentDrafted, PaymentReissued, PaymentWithdrawn
from services.finance.domain.errors import PaymentNotDrafted, PaymentNotRejected


class Status(StrEnum):
    """Where an item stands; sent and pending both mean that only the bank knows."""

    DRAFTED = "drafted"
    BATCHED = "batched"
    SENT = "sent"
    PENDING = "pending"
    SETTLED = "settled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({Status.SENT, Status.PENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One attempt; `version` counts the facts published about it."""

    id: UUID
    area_code: str
    obligation_id: UUID
    attempt: int
    replaces: UUID | None
    source_kind: str
    source_id: UUID
    household_id: UUID
    programme_code: str
    period: str
    amount_fen: int
    drafted_on: date
    status: Status
    batch_id: UUID | None
    version: int


def drafted_fact(payment: Payment) -> PaymentDrafted:
    """Return the fact that an obligation was taken on."""
    return PaymentDrafted(
        payment_id=payment.id,
        amount_fen=payment.amount_fen,
        source_kind=payment.source_kind,
        source_id=payment.source_id,
        household_id=payment.household_id,
        programme_code=payment.programme_code,
        period=payment.period,
        drafted_on=payment.drafted_on,
    )


def reissue(payment: Payment, *, new_id: UUID, today: date) -> tuple[Payment, PaymentReissued]:
    """Return a new attempt linked to the one the bank rejected."""
    if payment.status is not Status.REJECTED:
        raise PaymentNotRejected(pointer="/id")
    attempt = replace(
        payment,
        id=new_id,
        attempt=payment.attempt + 1,
        replaces=payment.id,
        drafted_on=today,
        status=Status.DRAFTED,
        batch_id=None,
        version=1,
    )
    fact = PaymentReissued(
        payment_id=new_id,
        amount_fen=payment.amount_fen,
        replaces=payment.id,
        source_kind=payment.source_kind,
        source_id=payment.source_id,
        household_id=payment.household_id,
        reissued_on=today,
    )
    return attempt, fact


def withdraw(payment: Payment, reason: str, *, today: date) -> tuple[Payment, PaymentWithdrawn]:
    """Take back an item that stands in no batch: what it was for is owed no longer, and never again."""
    if payment.status is not Status.DRAFTED:
        raise PaymentNotDrafted(f"The payment item is {payment.status}.", pointer="/id")
    withdrawn = replace(payment, status=Status.WITHDRAWN, version=payment.version + 1)
    fact = PaymentWithdrawn(
        payment_id=payment.id,
        amount_fen=payment.amount_fen,
        source_kind=payment.source_kind,
        source_id=payment.source_id,
        household_id=payment.household_id,
        reason=reason,
        withdrawn_on=today,
        attempt=payment.attempt,
    )
    return withdrawn, fact
