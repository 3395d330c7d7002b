"""What a bank's report changes: open lines move on, and what is final never changes again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.finance import PaymentRejected, PaymentSettled
from services.finance.domain.errors import BankReportRefused
from services.finance.domain.payment import OPEN, Payment, Status
from services.finance.iso20022.reconcile import LineOutcome, Outcome

STATUS_OF = {
    Outcome.SETTLED: Status.SETTLED,
    Outcome.PENDING: Status.PENDING,
    Outcome.REJECTED: Status.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One payment that a report moves on."""

    payment: Payment
    status: Status
    on: date
    reason: str | None


def changes_of(
    outcomes: Sequence[LineOutcome],
    payments: Mapping[str, Payment],
    *,
    sent_on: date,
    today: date,
    places: Mapping[str, str],
) -> list[Change]:
    """Return what moves; refuse the whole report when it contradicts what is final."""
    changes = []
    for outcome in outcomes:
        payment = payments[outcome.end_to_end_id]
        place = places.get(outcome.end_to_end_id, "")
        if payment.status not in OPEN:
            _refuse_other_end(payment, outcome, place)
            continue
        on = outcome.accepted_on or today
        if not sent_on <= on <= today:
            raise BankReportRefused(
                "The bank accepted the payment before it was sent, or in the future.",
                pointer=f"{place}/AccptncDtTm",
                rule="acceptance-date-impossible",
            )
        status = STATUS_OF[outcome.outcome]
        if status is not payment.status:
            reason = outcome.reason.code if outcome.reason else None
            changes.append(Change(payment=payment, status=status, on=on, reason=reason))
    return changes


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


def _refuse_other_end(payment: Payment, outcome: LineOutcome, place: str) -> None:
    is_same = STATUS_OF[outcome.outcome] is payment.status
    is_silent = outcome.is_inferred and outcome.outcome is Outcome.PENDING
    if not (is_same or is_silent):
        raise BankReportRefused(
            "The bank has spoken finally of this line before, and otherwise.",
            pointer=f"{place}/TxSts",
            rule=f"line-already-{payment.status}",
        )
