"""What finance publishes: money received and allocated, payments on their way, and batches with their signatures."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts import topics
from contracts.values import INTERNAL, PUBLIC, Fen, FundSource, Period, SourceKind


class FundFact(Struct, frozen=True, kw_only=True):
    """Every fact about one fund carries its id, its source and the sum moved."""

    topic: ClassVar[str] = topics.FUND
    data_class: ClassVar[str] = PUBLIC
    subject_kind: ClassVar[str] = "fund"

    fund_id: UUID
    source: FundSource
    amount_fen: Fen

    def subject_id(self) -> str:
        """Return the fund's id."""
        return str(self.fund_id)


class FundReceived(FundFact, frozen=True, kw_only=True):
    """Money of a fund arrived."""

    event_type: ClassVar[str] = "finance.fund-received.v1"

    received_on: date


class FundAllocated(FundFact, frozen=True, kw_only=True):
    """Received money of a fund was set aside for a programme."""

    event_type: ClassVar[str] = "finance.fund-allocated.v1"

    allocation_id: UUID
    programme_code: str
    allocated_on: date


class PaymentFact(Struct, frozen=True, kw_only=True):
    """Every fact about one payment item carries its id and its sum."""

    topic: ClassVar[str] = topics.PAYMENT
    data_class: ClassVar[str] = INTERNAL
    subject_kind: ClassVar[str] = "payment"

    payment_id: UUID
    amount_fen: Fen

    def subject_id(self) -> str:
        """Return the payment item's id."""
        return str(self.payment_id)


class PaymentDrafted(PaymentFact, frozen=True, kw_only=True):
    """An approved claim or a house stage was taken on as an obligation to pay."""

    event_type: ClassVar[str] = "finance.payment-drafted.v1"

    source_kind: SourceKind
    source_id: UUID
    household_id: UUID
    programme_code: str
    period: Period
    drafted_on: date


class PaymentSent(PaymentFact, frozen=True, kw_only=True):
    """A payment left for the bank inside a released batch."""

    event_type: ClassVar[str] = "finance.payment-sent.v1"

    batch_id: UUID
    sent_on: date
    attempt: int


class PaymentSettled(PaymentFact, frozen=True, kw_only=True):
    """The bank reported that the money was credited, and how much it credited."""

    event_type: ClassVar[str] = "finance.payment-settled.v1"

    batch_id: UUID
    source_kind: SourceKind
    source_id: UUID
    household_id: UUID
    programme_code: str
    period: Period
    bank_amount_fen: Fen
    paid_on: date
    attempt: int


class PaymentRejected(PaymentFact, frozen=True, kw_only=True):
    """The bank refused a payment, with its ISO 20022 reason code."""

    event_type: ClassVar[str] = "finance.payment-rejected.v1"

    batch_id: UUID
    source_kind: SourceKind
    source_id: UUID
    household_id: UUID
    reason: str
    rejected_on: date
    attempt: int


class PaymentReissued(PaymentFact, frozen=True, kw_only=True):
    """A refused payment was replaced by a new item that points to the first."""

    event_type: ClassVar[str] = "finance.payment-reissued.v1"

    replaces: UUID
    source_kind: SourceKind
    source_id: UUID
    household_id: UUID
    reissued_on: date


class PaymentWithdrawn(PaymentFact, frozen=True, kw_only=True):
    """The county took a payment back that stood in no batch; what it was for is not paid any more."""

    event_type: ClassVar[str] = "finance.payment-withdrawn.v1"

    source_kind: SourceKind
    source_id: UUID
    household_id: UUID
    reason: str
    withdrawn_on: date
    attempt: int


class BatchFact(Struct, frozen=True, kw_only=True):
    """Every fact about one batch carries its id, its count and its control sum."""

    topic: ClassVar[str] = topics.BATCH
    data_class: ClassVar[str] = INTERNAL
    subject_kind: ClassVar[str] = "batch"

    batch_id: UUID
    count: int
    sum_fen: Fen

    def subject_id(self) -> str:
        """Return the batch's id."""
        return str(self.batch_id)


class BatchApproved(BatchFact, frozen=True, kw_only=True):
    """The checker, who is not its maker, approved a batch."""

    event_type: ClassVar[str] = "finance.batch-approved.v1"

    approved_on: date


class BatchReleased(BatchFact, frozen=True, kw_only=True):
    """The payer, who is neither maker nor checker, released a batch to the bank."""

    event_type: ClassVar[str] = "finance.batch-released.v1"

    released_on: date


class BatchReported(BatchFact, frozen=True, kw_only=True):
    """The bank's report on a batch was taken in."""

    event_type: ClassVar[str] = "finance.batch-reported.v1"

    reported_on: date


EVENTS = (
    FundReceived,
    FundAllocated,
    PaymentDrafted,
    PaymentSent,
    PaymentSettled,
    PaymentRejected,
    PaymentReissued,
    PaymentWithdrawn,
    BatchApproved,
    BatchReleased,
    BatchReported,
)
