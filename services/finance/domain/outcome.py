"""What a bank's report changes: open lines move on, and what is final never changes again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.finance import PaymentRejected, PaymentSettled
from services.finance.domain.errors import BankReportRefused
from services.finance.domain.payment import OPEN, Payment, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReport:
    """What a report says of one payment; it is silent where the bank said nothing final and did not name the line."""

    payment_id: UUID
    status: Status
    reason: str | None
    accepted_on: date | None
    is_silent: bool
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One payment that a report moves on."""

    payment: Payment
    status: Status
    on: date
    reason: str | None


def changes_of(
    lines: Sequence[LineReport], payments: Mapping[UUID, Payment], *, sent_on: date, today: date
) -> list[Change]:
    """Return what moves; refuse the whole report when it contradicts what is final."""
    changes = []
    for line in lines:
        payment = payments[line.payment_id]
        if payment.status not in OPEN:
            _refuse_other_end(payment, line)
            continue
        on = line.accepted_on or today
        if not sent_on <= on <= today:
            raise BankReportRefused(
                "The bank accepted the payment before it was sent, or in the future.",
                pointer=f"{line.place}/AccptncDtTm",
                rule="acceptance-date-impossible",
            )
        if line.status is not payment.status and not line.is_silent:
            changes.append(Change(payment=payment, status=line.status, on=on, reason=line.reason))
    return changes


def sums_by_day(changes: Sequence[Change]) -> dict[tuple[Status, date], int]:
    """Return the money that each day settled and rejected: a report may tell of days gone by."""
    sums: dict[tuple[Status, date], int] = {}
    for change in sorted(changes, key=lambda each: each.on):
        if change.status in {Status.SETTLED, Status.REJECTED}:
            key = (change.status, change.on)
            sums[key] = sums.get(key, 0) + change.payment.amount_fen
    return sums


def fact_of(change: Change, batch_id: UUID) -> PaymentSettled | PaymentRejected | None:
    """Return the fact of a final outcome; pending is no fact, since nothing happened yet."""
    payment = change.payment
    if change.status is Status.SETTLED:
        return PaymentSettled(
            payment_id=payment.id,
            amount_fen=payment.amount_fen,
            batch_id=batch_id,
            source_kind=payment.source_kind,
            source_id=payment.source_id,
            household_id=payment.household_id,
            programme_code=payment.programme_code,
            period=payment.period,
            # A report with another amount was refused before.
            bank_amount_fen=payment.amount_fen,
            paid_on=change.on,
            attempt=payment.attempt,
        )
    if change.status is Status.REJECTED:
        return PaymentRejected(
            payment_id=payment.id,
            amount_fen=payment.amount_fen,
            batch_id=batch_id,
            source_kind=payment.source_kind,
            source_id=payment.source_id,
            household_id=payment.household_id,
            reason=change.reason or "",
            rejected_on=change.on,
            attempt=payment.attempt,
        )
    return None


def _refuse_other_end(payment: Payment, line: LineReport) -> None:
    if line.status is not payment.status and not line.is_silent:
        raise BankReportRefused(
            "The bank has spoken finally of this line before, and otherwise.",
            pointer=f"{line.place}/TxSts",
            rule=f"line-already-{payment.status}",
        )
