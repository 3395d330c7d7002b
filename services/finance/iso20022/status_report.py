"""Read a bank's pain.002.001.10 answer; whatever is not exactly that message is refused by place and rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.finance.iso20022.amount import text_to_fen
from services.finance.iso20022.grammar import NAMESPACE, STATUS_REPORT, Element, day_in_china
from services.finance.iso20022.hardened import DocumentLimits, walk_document
from services.finance.iso20022.personal import holds_number
from services.finance.iso20022.refusal import ReportRefused

REPORT = "/Document/CstmrPmtStsRpt"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_PROPRIETARY_CODE = re.compile(r"[A-Za-z0-9._-]{1,35}", re.ASCII)
# No bank's code is so long a number; a date of birth already is.
_NUMBER_DIGITS = 8
# ISO 20022: "reason is provided as narrative information". The narrative itself may hold names, so it stays out.
_NARRATIVE = "NARR"
# The first reason given is the one that counts; a million of them need not be kept.
_KEPT_REPETITIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedTransaction:
    """What the bank says of one payment."""

    end_to_end_id: str
    instruction_id: str | None
    status: str
    reason_code: str | None
    amount_fen: int | None
    settlement_amount_fen: int | None
    accepted_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many payments, and of what sum, the bank says it was sent."""

    count: int | None
    control_sum_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """A pain.002.001.10 with the parts that decide about money."""

    message_id: str
    original_message_id: str
    group_status: str | None
    group_reason_code: str | None
    group_totals: Totals
    original_payment_id: str | None
    payment_status: str | None
    payment_reason_code: str | None
    payment_totals: Totals
    transactions: tuple[ReportedTransaction, ...]


def read_status_report(document: bytes, limits: DocumentLimits | None = None) -> StatusReport:
    """Return the report, or raise ReportRefused with the path of the first element that is at fault."""
    limits = limits or DocumentLimits()
    reader = _Reader(limits)
    walk_document(document, reader, limits)
    return _to_report(reader.document["Document"]["CstmrPmtStsRpt"], tuple(reader.transactions))


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    name: str
    element: Element
    values: dict[str, Any] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    last_place: int = -1


class _Reader:
    """Holds the open elements to the grammar and keeps only their values, one transaction at a time."""

    def __init__(self, limits: DocumentLimits) -> None:
        self._limits = limits
        self._open = [_Frame("", STATUS_REPORT)]
        self._unread = 0
        self.transactions: list[ReportedTransaction] = []

    @property
    def document(self) -> dict[str, Any]:
        return self._open[0].values

    def place(self) -> str:
        """Return the path of the open element; an element that may repeat carries its number, from 1."""
        steps = []
        for above, frame in zip(self._open, self._open[1:], strict=False):
            number = f"[{above.counts[frame.name]}]" if frame.element.repeats else ""
            steps.append(f"/{frame.name}{number}")
        return "".join(steps)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) + self._unread > self._limits.depth:
            raise ReportRefused(
                "document-too-deep", self.place(), f"Expected at most {self._limits.depth} levels."
            )
        if self._unread or self._open[-1].element.is_passed_over:
            self._unread += 1
            return
        name = self._checked_name(tag)
        self._open.append(_Frame(name, self._open[-1].element.children[name]))
        self._check_attributes(attributes)
        if name == "TxInfAndSts" and len(self.transactions) >= self._limits.transactions:
            raise ReportRefused(
                "too-many-transactions",
                self.place(),
                f"Expected at most {self._limits.transactions} transactions.",
            )

    def data(self, text: str) -> None:
        if self._unread == 0:
            self._open[-1].pieces.append(text)

    def end(self, _tag: str) -> None:
        if self._unread:
            self._unread -= 1
            return
        frame = self._open[-1]
        value = self._value(frame)
        self._open.pop()
        self._keep(frame, value)

    def close(self) -> None:
        """Nothing is left to do: the parser has seen that every element was closed."""

    def _checked_name(self, tag: str) -> str:
        above = self._open[-1]
        name = tag.removeprefix(f"{{{NAMESPACE}}}")
        if name == tag:
            raise ReportRefused(
                "namespace-unexpected", self.place() or "/", f"Expected the namespace {NAMESPACE}."
            )
        if name not in above.element.children:
            # The name comes from outside, so only the place above it is told.
            raise ReportRefused(
                "element-unexpected", self.place() or "/", "It holds an element that is not known here."
            )
        place = above.element.places[name]
        if place < above.last_place:
            raise ReportRefused(
                "element-out-of-order",
                f"{self.place()}/{name}",
                "The element comes too late in its sequence.",
            )
        above.last_place = place
        above.counts[name] = above.counts.get(name, 0) + 1
        if above.counts[name] > 1 and not above.element.children[name].repeats:
            raise ReportRefused(
                "element-repeated", f"{self.place()}/{name}", "The element may stand here only once."
            )
        return name

    def _check_attributes(self, attributes: Mapping[str, str]) -> None:
        wanted = self._open[-1].element.attributes
        for name, value in wanted.items():
            if attributes.get(name) != value:
                raise ReportRefused("attribute-unexpected", f"{self.place()}/@{name}", f"Expected {value}.")
        if attributes and any(name not in wanted and not name.startswith(_XSI) for name in attributes):
            raise ReportRefused(
                "attribute-unexpected", self.place(), "It has an attribute that is not known here."
            )

    def _value(self, frame: _Frame) -> Any:
        text = "".join(frame.pieces)
        rule = frame.element.text
        if rule is not None:
            if not rule.holds(text):
                raise ReportRefused(rule.code, self.place(), rule.message)
            return text
        if text.strip() and not frame.element.is_passed_over:
            raise ReportRefused("text-unexpected", self.place(), "Only elements may stand here, no text.")
        for name, element in frame.element.children.items():
            if element.required and name not in frame.counts:
                raise ReportRefused("element-missing", f"{self.place()}/{name}", "The element is required.")
        return frame.values

    def _keep(self, frame: _Frame, value: Any) -> None:
        above = self._open[-1]
        if frame.name == "TxInfAndSts":
            self.transactions.append(_to_transaction(value))
        elif frame.element.is_passed_over:
            return
        elif frame.element.repeats:
            kept = above.values.setdefault(frame.name, [])
            if len(kept) < _KEPT_REPETITIONS:
                kept.append(value)
        else:
            above.values[frame.name] = value


def _to_report(values: dict[str, Any], transactions: tuple[ReportedTransaction, ...]) -> StatusReport:
    group = values["OrgnlGrpInfAndSts"]
    payment = values.get("OrgnlPmtInfAndSts", {})
    return StatusReport(
        message_id=values["GrpHdr"]["MsgId"],
        original_message_id=group["OrgnlMsgId"],
        group_status=group.get("GrpSts"),
        group_reason_code=_reason_code(group),
        group_totals=_totals(group),
        original_payment_id=payment.get("OrgnlPmtInfId"),
        payment_status=payment.get("PmtInfSts"),
        payment_reason_code=_reason_code(payment),
        payment_totals=_totals(payment),
        transactions=transactions,
    )


def _to_transaction(values: dict[str, Any]) -> ReportedTransaction:
    original = values.get("OrgnlTxRef", {})
    return ReportedTransaction(
        end_to_end_id=values["OrgnlEndToEndId"],
        instruction_id=values.get("OrgnlInstrId"),
        status=values["TxSts"],
        reason_code=_reason_code(values),
        amount_fen=_fen(original.get("Amt", {}).get("InstdAmt")),
        settlement_amount_fen=_fen(original.get("IntrBkSttlmAmt")),
        accepted_on=_day(values.get("AccptncDtTm")),
    )


def _totals(values: dict[str, Any]) -> Totals:
    count = values.get("OrgnlNbOfTxs")
    return Totals(
        count=None if count is None else int(count), control_sum_fen=_fen(values.get("OrgnlCtrlSum"))
    )


def _reason_code(values: dict[str, Any]) -> str | None:
    for entry in values.get("StsRsnInf", []):
        reason = entry.get("Rsn", {})
        if "Cd" in reason:
            return str(reason["Cd"])
        if "Prtry" in reason:
            return _proprietary_code(str(reason["Prtry"]))
    return None


def _proprietary_code(text: str) -> str:
    """Return the bank's own code; words, and what may be somebody's number, stay out."""
    is_code = _PROPRIETARY_CODE.fullmatch(text) and not holds_number(text, _NUMBER_DIGITS)
    return text if is_code else _NARRATIVE


def _fen(text: str | None) -> int | None:
    return None if text is None else text_to_fen(text)


def _day(text: str | None) -> date | None:
    return None if text is None else day_in_china(text)
