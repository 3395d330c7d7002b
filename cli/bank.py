"""The sample county's bank: reads a pain.001.001.09 order and answers it with a pain.002.001.10 report.

It shares no code with the finance service, as a real bank would not, so that the two have to agree on the standard.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lxml import etree

_ORDER = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_REPORT = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
_NAMES = {"o": _ORDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedTransfer:
    """One transfer of the order, with its amount as the order writes it."""

    instruction_id: str
    end_to_end_id: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the bank reads from the order."""

    message_id: str
    payment_id: str
    count: str
    control_sum: str
    transfers: tuple[OrderedTransfer, ...]

    @property
    def is_consistent(self) -> bool:
        """The declared count and sum are those of the transfers."""
        total = sum((Decimal(transfer.amount) for transfer in self.transfers), Decimal(0))
        return int(self.count) == len(self.transfers) and Decimal(self.control_sum) == total


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDecision:
    """What the bank does: rejects some (end-to-end id to reason code), leaves some pending, pays the others.

    With `lists_lines` off a batch that was paid whole is answered by its status alone, as some banks do.
    """

    report_id: str
    decided_at: datetime
    rejected: Mapping[str, str] = field(default_factory=dict)
    pending: Collection[str] = ()
    lists_lines: bool = True


def read_order(document: bytes) -> Order:
    """Return the order of one payment information that the county sends."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(document, parser)
    return Order(
        message_id=_text(root, ".//o:GrpHdr/o:MsgId"),
        payment_id=_text(root, ".//o:PmtInf/o:PmtInfId"),
        count=_text(root, ".//o:GrpHdr/o:NbOfTxs"),
        control_sum=_text(root, ".//o:GrpHdr/o:CtrlSum"),
        transfers=tuple(
            OrderedTransfer(
                instruction_id=_text(transfer, "o:PmtId/o:InstrId"),
                end_to_end_id=_text(transfer, "o:PmtId/o:EndToEndId"),
                amount=_text(transfer, "o:Amt/o:InstdAmt"),
            )
            for transfer in root.iter(f"{{{_ORDER}}}CdtTrfTxInf")
        ),
    )


def answer_order(document: bytes, decision: BankDecision) -> bytes:
    """Return the bank's report on an order; an order whose sums do not close is rejected whole (AM10)."""
    order = read_order(document)
    statuses = _statuses(order, decision)
    batch_status = _batch_status(set(statuses.values()))
    root = etree.Element(f"{{{_REPORT}}}Document", nsmap={None: _REPORT})  # type: ignore[dict-item]  # the stubs forget the default namespace
    report = _add(root, "CstmrPmtStsRpt")
    header = _add(report, "GrpHdr")
    _add(header, "MsgId", decision.report_id)
    _add(header, "CreDtTm", decision.decided_at.isoformat(timespec="seconds"))
    group = _add(report, "OrgnlGrpInfAndSts")
    _add(group, "OrgnlMsgId", order.message_id)
    _add(group, "OrgnlMsgNmId", "pain.001.001.09")
    _add(group, "OrgnlNbOfTxs", order.count)
    _add(group, "OrgnlCtrlSum", order.control_sum)
    _add(group, "GrpSts", batch_status)
    payment = _add(report, "OrgnlPmtInfAndSts")
    _add(payment, "OrgnlPmtInfId", order.payment_id)
    _add(payment, "PmtInfSts", batch_status)
    if not order.is_consistent:
        _add_reason(payment, "AM10")
    elif decision.lists_lines or batch_status != "ACSC":
        for transfer in order.transfers:
            _add_transfer(payment, transfer, statuses[transfer.end_to_end_id], decision)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _statuses(order: Order, decision: BankDecision) -> dict[str, str]:
    known = {transfer.end_to_end_id for transfer in order.transfers}
    if not known.issuperset(decision.rejected) or not known.issuperset(decision.pending):
        raise ValueError("The bank cannot decide about a transfer that the order does not hold.")
    if not order.is_consistent:
        return dict.fromkeys(known, "RJCT")
    statuses = dict.fromkeys(known, "ACSC")
    statuses.update(dict.fromkeys(decision.pending, "PDNG"))
    statuses.update(dict.fromkeys(decision.rejected, "RJCT"))
    return statuses


def _batch_status(statuses: set[str]) -> str:
    return statuses.pop() if len(statuses) == 1 else "PART"


def _add_transfer(
    payment: etree._Element, transfer: OrderedTransfer, status: str, decision: BankDecision
) -> None:
    entry = _add(payment, "TxInfAndSts")
    _add(entry, "OrgnlInstrId", transfer.instruction_id)
    _add(entry, "OrgnlEndToEndId", transfer.end_to_end_id)
    _add(entry, "TxSts", status)
    if status == "RJCT":
        _add_reason(entry, decision.rejected[transfer.end_to_end_id])
    if status == "ACSC":
        _add(entry, "AccptncDtTm", decision.decided_at.isoformat(timespec="seconds"))
    _add(_add(_add(entry, "OrgnlTxRef"), "Amt"), "InstdAmt", transfer.amount).set("Ccy", "CNY")


def _add_reason(parent: etree._Element, code: str) -> None:
    _add(_add(_add(parent, "StsRsnInf"), "Rsn"), "Cd", code)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_REPORT}}}{name}")
    child.text = text
    return child


def _text(parent: etree._Element, path: str) -> str:
    found = parent.findall(path, _NAMES)
    if len(found) != 1:
        raise ValueError(f"The order must hold exactly one {path}.")
    return found[0].text or ""
