"""Decide, from a bank's report and the batch that was sent, what became of each line; nothing is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.finance.iso20022.credit_transfer import CreditTransferBatch
from services.finance.iso20022.reason import RejectionReason, explain_reason
from services.finance.iso20022.refusal import ReportRefused
from services.finance.iso20022.status_report import REPORT, ReportedTransaction, StatusReport, Totals

_GROUP = f"{REPORT}/OrgnlGrpInfAndSts"
_PAYMENT = f"{REPORT}/OrgnlPmtInfAndSts"


class Outcome(StrEnum):
    """What became of a line."""

    SETTLED = "settled"
    PENDING = "pending"
    REJECTED = "rejected"


_OUTCOMES = {
    "ACSC": Outcome.SETTLED,
    "ACTC": Outcome.PENDING,
    "ACCP": Outcome.PENDING,
    "ACSP": Outcome.PENDING,
    "ACWC": Outcome.PENDING,
    "RCVD": Outcome.PENDING,
    "PDNG": Outcome.PENDING,
    "PEND": Outcome.PENDING,
    "RJCT": Outcome.REJECTED,
}
_PARTLY = "PART"
# Under these the bank has accepted every line, so some may have settled already, but none can be rejected.
_ACCEPTED_SO_FAR = frozenset({"ACTC", "ACCP", "ACSP", "ACWC"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLine:
    """A line as it went to the bank."""

    instruction_id: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBatch:
    """A batch as it went to the bank; `lines` by end-to-end id, `reports_read` the ids of reports already taken over."""

    message_id: str
    payment_id: str
    lines: Mapping[str, SentLine]
    reports_read: frozenset[str] = field(default_factory=frozenset)

    @property
    def control_sum_fen(self) -> int:
        """Return the sum of all lines."""
        return sum(line.amount_fen for line in self.lines.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutcome:
    """What became of one line; `is_inferred` when the bank did not list it and the batch's status speaks for it."""

    end_to_end_id: str
    outcome: Outcome
    status: str | None
    reason: RejectionReason | None
    amount_fen: int
    accepted_on: date | None
    is_inferred: bool


def sent_batch_of(batch: CreditTransferBatch) -> SentBatch:
    """Return what `match_report` needs to know of a batch that was written."""
    lines = {
        line.end_to_end_id: SentLine(instruction_id=line.instruction_id, amount_fen=line.amount_fen)
        for line in batch.lines
    }
    return SentBatch(message_id=batch.message_id, payment_id=batch.payment_id, lines=lines)


def match_report(report: StatusReport, batch: SentBatch) -> list[LineOutcome]:
    """Return one outcome for every line of the batch, in its order, or raise ReportRefused.

    Items that a report does not list are accepted when the batch is accepted: under ACSC they settled, under
    RJCT they were rejected with the batch's reason. Under PART, and under any status that is not final, the
    bank has said nothing about them and they stay pending.
    """
    _refuse_other_batch(report, batch)
    _refuse_other_totals(report.group_totals, batch, _GROUP)
    _refuse_other_totals(report.payment_totals, batch, _PAYMENT)
    status = _batch_status(report)
    listed: dict[str, LineOutcome] = {}
    for number, transaction in enumerate(report.transactions, start=1):
        pointer = f"{_PAYMENT}/TxInfAndSts[{number}]"
        if transaction.end_to_end_id in listed:
            raise ReportRefused(
                "line-repeated",
                f"{pointer}/OrgnlEndToEndId",
                "An earlier transaction is about the same line.",
            )
        _refuse_other_line(transaction, batch, pointer)
        listed[transaction.end_to_end_id] = _listed_outcome(transaction, batch, status, pointer)
    return [
        listed.get(line_id) or _inferred_outcome(line_id, batch, report, status) for line_id in batch.lines
    ]


def _refuse_other_batch(report: StatusReport, batch: SentBatch) -> None:
    if report.message_id in batch.reports_read:
        raise ReportRefused(
            "report-already-read", f"{REPORT}/GrpHdr/MsgId", "This report was taken over before."
        )
    if report.original_message_id != batch.message_id:
        raise ReportRefused("other-batch", f"{_GROUP}/OrgnlMsgId", "The report is about another batch.")
    if report.original_payment_id not in {None, batch.payment_id}:
        raise ReportRefused("other-batch", f"{_PAYMENT}/OrgnlPmtInfId", "The report is about another batch.")


def _refuse_other_totals(totals: Totals, batch: SentBatch, pointer: str) -> None:
    if totals.count not in {None, len(batch.lines)}:
        raise ReportRefused(
            "count-differs", f"{pointer}/OrgnlNbOfTxs", "The batch was sent with another number."
        )
    if totals.control_sum_fen not in {None, batch.control_sum_fen}:
        raise ReportRefused("sum-differs", f"{pointer}/OrgnlCtrlSum", "The batch was sent with another sum.")


def _batch_status(report: StatusReport) -> str | None:
    """Return the status of the batch: the payment information's, which is nearer to the lines, else the group's."""
    group, payment = report.group_status, report.payment_status
    _refuse_unknown_status(group, f"{_GROUP}/GrpSts", may_be_part=True)
    _refuse_unknown_status(payment, f"{_PAYMENT}/PmtInfSts", may_be_part=True)
    if group is None and payment is None and not report.transactions:
        raise ReportRefused("element-missing", f"{_GROUP}/GrpSts", "The report carries no status at all.")
    # A batch has one payment information. Only a group that is not final leaves the two room to differ.
    is_group_final = group is not None and _OUTCOMES.get(group) is not Outcome.PENDING
    if payment is not None and is_group_final and payment != group:
        raise ReportRefused(
            "status-contradicts-group", f"{_PAYMENT}/PmtInfSts", "The group has another final status."
        )
    return payment or group


def _refuse_unknown_status(status: str | None, pointer: str, *, may_be_part: bool) -> None:
    if status is None or status in _OUTCOMES or (may_be_part and status == _PARTLY):
        return
    raise ReportRefused("status-unknown", pointer, "The status is none that a payment can have here.")


def _refuse_other_line(transaction: ReportedTransaction, batch: SentBatch, pointer: str) -> None:
    sent = batch.lines.get(transaction.end_to_end_id)
    if sent is None:
        raise ReportRefused("line-unknown", f"{pointer}/OrgnlEndToEndId", "The batch holds no such line.")
    if transaction.instruction_id not in {None, sent.instruction_id}:
        raise ReportRefused("line-unknown", f"{pointer}/OrgnlInstrId", "The line was sent with another one.")
    if transaction.amount_fen not in {None, sent.amount_fen}:
        raise ReportRefused(
            "amount-differs", f"{pointer}/OrgnlTxRef/Amt/InstdAmt", "The line was sent with another amount."
        )
    if transaction.settlement_amount_fen not in {None, sent.amount_fen}:
        raise ReportRefused(
            "amount-differs", f"{pointer}/OrgnlTxRef/IntrBkSttlmAmt", "The line was sent with another amount."
        )


def _listed_outcome(
    transaction: ReportedTransaction, batch: SentBatch, batch_status: str | None, pointer: str
) -> LineOutcome:
    _refuse_unknown_status(transaction.status, f"{pointer}/TxSts", may_be_part=False)
    outcome = _OUTCOMES[transaction.status]
    if outcome not in _possible_outcomes(batch_status):
        raise ReportRefused(
            "status-contradicts-group", f"{pointer}/TxSts", "The batch's status rules this out."
        )
    return LineOutcome(
        end_to_end_id=transaction.end_to_end_id,
        outcome=outcome,
        status=transaction.status,
        reason=explain_reason(transaction.reason_code) if outcome is Outcome.REJECTED else None,
        amount_fen=batch.lines[transaction.end_to_end_id].amount_fen,
        accepted_on=transaction.accepted_on,
        is_inferred=False,
    )


def _possible_outcomes(batch_status: str | None) -> frozenset[Outcome]:
    """Return what a line can be under the batch's status."""
    if batch_status is None or batch_status == _PARTLY:
        return frozenset(Outcome)
    if batch_status in _ACCEPTED_SO_FAR:
        return frozenset({Outcome.PENDING, Outcome.SETTLED})
    return frozenset({_OUTCOMES[batch_status]})


def _inferred_outcome(
    line_id: str, batch: SentBatch, report: StatusReport, batch_status: str | None
) -> LineOutcome:
    outcome = _OUTCOMES.get(batch_status or _PARTLY, Outcome.PENDING)
    code = report.payment_reason_code or report.group_reason_code
    return LineOutcome(
        end_to_end_id=line_id,
        outcome=outcome,
        status=None,
        reason=explain_reason(code) if outcome is Outcome.REJECTED else None,
        amount_fen=batch.lines[line_id].amount_fen,
        accepted_on=None,
        is_inferred=True,
    )
