"""Write a batch of payments as a pain.001.001.09 credit transfer, the order that the county gives to its bank."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any, Literal

from lxml import etree

from services.finance.iso20022.amount import MAX_FEN, fen_to_text
from services.finance.iso20022.refusal import BatchNotWritable

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
MESSAGE_NAME = "pain.001.001.09"

_CHINA = timezone(timedelta(hours=8))
_MAX_TEXT = 140
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,34}", re.ASCII)
_ACCOUNT = re.compile(r"[A-Za-z0-9-]{1,34}", re.ASCII)
_BANK_CODE = re.compile(r"[0-9]{12}", re.ASCII)
# Everything XML 1.0 forbids, and the control characters it allows but no bank's screen can show.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTransferLine:
    """One payment to one account; `end_to_end_id` is the payment item's id without hyphens."""

    instruction_id: str
    end_to_end_id: str
    amount_fen: int
    creditor_name: str
    creditor_account: str
    creditor_bank_code: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTransferBatch:
    """What is paid from one account on one day."""

    message_id: str
    created_at: datetime
    initiator_name: str
    payment_id: str
    execution_date: date
    debtor_name: str
    debtor_account: str
    debtor_bank_code: str
    lines: tuple[CreditTransferLine, ...]
    category_purpose: Literal["GOVT", "SSBE"] = "GOVT"

    @property
    def control_sum_fen(self) -> int:
        """Return the sum of all lines."""
        return sum(line.amount_fen for line in self.lines)


def write_credit_transfer(batch: CreditTransferBatch) -> bytes:
    """Return the batch as pain.001.001.09 in UTF-8; the same batch always gives the same bytes."""
    _check_batch(batch)
    output = BytesIO()
    with etree.xmlfile(output, encoding="UTF-8") as stream:
        stream.write_declaration()
        # Only the outermost element names the namespace. Its descendants are made without one and inherit
        # it when read: lxml would otherwise repeat the declaration on each of 100,000 lines.
        with (
            stream.element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE}),
            stream.element("CstmrCdtTrfInitn"),
        ):
            stream.write(_group_header(batch))
            with stream.element("PmtInf"):
                _write_payment(stream, batch)
    return output.getvalue()


def faults_of_lines(lines: Sequence[CreditTransferLine]) -> Iterator[tuple[int, BatchNotWritable]]:
    """Yield the place of each line that no bank could read, and what is wrong with it."""
    for position, line in enumerate(lines):
        try:
            _check_line(f"lines/{position}", line)
        except BatchNotWritable as fault:
            yield position, fault


def _write_payment(stream: Any, batch: CreditTransferBatch) -> None:
    for part in _payment_information(batch):
        stream.write(part)
    for line in batch.lines:
        stream.write(_transaction(line))


def _group_header(batch: CreditTransferBatch) -> etree._Element:
    header = etree.Element("GrpHdr")
    _add(header, "MsgId", batch.message_id)
    _add(header, "CreDtTm", batch.created_at.astimezone(_CHINA).isoformat(timespec="seconds"))
    _add_totals(header, batch)
    _add(header, "InitgPty/Nm", batch.initiator_name)
    return header


def _payment_information(batch: CreditTransferBatch) -> list[etree._Element]:
    payment = etree.Element("PmtInf")
    _add(payment, "PmtInfId", batch.payment_id)
    _add(payment, "PmtMtd", "TRF")
    _add(payment, "BtchBookg", "true")
    _add_totals(payment, batch)
    _add(payment, "PmtTpInf/CtgyPurp/Cd", batch.category_purpose)
    _add(payment, "ReqdExctnDt/Dt", batch.execution_date.isoformat())
    _add(payment, "Dbtr/Nm", batch.debtor_name)
    _add(payment, "DbtrAcct/Id/Othr/Id", batch.debtor_account)
    _add_bank(payment, "DbtrAgt", batch.debtor_bank_code)
    return list(payment)


def _transaction(line: CreditTransferLine) -> etree._Element:
    transaction = etree.Element("CdtTrfTxInf")
    identification = etree.SubElement(transaction, "PmtId")
    _add(identification, "InstrId", line.instruction_id)
    _add(identification, "EndToEndId", line.end_to_end_id)
    _add(transaction, "Amt/InstdAmt", fen_to_text(line.amount_fen)).set("Ccy", "CNY")
    _add_bank(transaction, "CdtrAgt", line.creditor_bank_code)
    _add(transaction, "Cdtr/Nm", line.creditor_name)
    _add(transaction, "CdtrAcct/Id/Othr/Id", line.creditor_account)
    _add(transaction, "RmtInf/Ustrd", line.purpose)
    return transaction


def _add(parent: etree._Element, path: str, text: str) -> etree._Element:
    for name in path.split("/"):
        parent = etree.SubElement(parent, name)
    parent.text = text
    return parent


def _add_totals(parent: etree._Element, batch: CreditTransferBatch) -> None:
    _add(parent, "NbOfTxs", str(len(batch.lines)))
    _add(parent, "CtrlSum", fen_to_text(batch.control_sum_fen))


def _add_bank(parent: etree._Element, name: str, bank_code: str) -> None:
    agent = etree.SubElement(etree.SubElement(parent, name), "FinInstnId")
    member = etree.SubElement(agent, "ClrSysMmbId")
    _add(member, "ClrSysId/Cd", "CNAPS")
    _add(member, "MmbId", bank_code)


def _check_batch(batch: CreditTransferBatch) -> None:
    _check_id("message_id", batch.message_id)
    _check_id("payment_id", batch.payment_id)
    if batch.created_at.tzinfo is None:
        raise BatchNotWritable("time-without-zone", "created_at", "The time must carry its zone.")
    _check_text("initiator_name", batch.initiator_name)
    _check_text("debtor_name", batch.debtor_name)
    _check_account("debtor_account", batch.debtor_account)
    _check_bank_code("debtor_bank_code", batch.debtor_bank_code)
    if not batch.lines:
        raise BatchNotWritable("batch-empty", "lines", "A batch pays at least one line.")
    for position, line in enumerate(batch.lines):
        _check_line(f"lines/{position}", line)
    _check_no_repetition("end_to_end_id", (line.end_to_end_id for line in batch.lines))
    _check_no_repetition("instruction_id", (line.instruction_id for line in batch.lines))
    if batch.control_sum_fen > MAX_FEN:
        raise BatchNotWritable("sum-too-large", "lines", "The sum of the lines has more than 18 digits.")


def _check_line(pointer: str, line: CreditTransferLine) -> None:
    _check_id(f"{pointer}/instruction_id", line.instruction_id)
    _check_id(f"{pointer}/end_to_end_id", line.end_to_end_id)
    _check_amount(f"{pointer}/amount_fen", line.amount_fen)
    _check_text(f"{pointer}/creditor_name", line.creditor_name)
    _check_account(f"{pointer}/creditor_account", line.creditor_account)
    _check_bank_code(f"{pointer}/creditor_bank_code", line.creditor_bank_code)
    _check_text(f"{pointer}/purpose", line.purpose)


def _check_no_repetition(field: str, values: Iterator[str]) -> None:
    seen: set[str] = set()
    for position, value in enumerate(values):
        if value in seen:
            raise BatchNotWritable(
                "line-repeated", f"lines/{position}/{field}", "An earlier line of the batch has the same one."
            )
        seen.add(value)


def _check_id(pointer: str, value: str) -> None:
    if _ID.fullmatch(value) is None:
        raise BatchNotWritable(
            "id-malformed",
            pointer,
            "Expected 1 to 35 letters, digits, dots, slashes, hyphens or underscores.",
        )


def _check_account(pointer: str, value: str) -> None:
    if _ACCOUNT.fullmatch(value) is None:
        raise BatchNotWritable("account-malformed", pointer, "Expected 1 to 34 letters, digits or hyphens.")


def _check_bank_code(pointer: str, value: str) -> None:
    if _BANK_CODE.fullmatch(value) is None:
        raise BatchNotWritable("bank-code-malformed", pointer, "Expected a CNAPS bank code of 12 digits.")


def _check_amount(pointer: str, value: int) -> None:
    if type(value) is not int or not 0 < value <= MAX_FEN:
        raise BatchNotWritable(
            "amount-out-of-range", pointer, "Expected at least one fen and at most 18 digits."
        )


def _check_text(pointer: str, value: str) -> None:
    if not value.strip():
        raise BatchNotWritable("text-missing", pointer, "Expected a text that is not blank.")
    if len(value) > _MAX_TEXT:
        raise BatchNotWritable("text-too-long", pointer, f"Expected at most {_MAX_TEXT} characters.")
    if _UNPRINTABLE.search(value) is not None:
        raise BatchNotWritable(
            "text-unprintable", pointer, "The text has a character that XML or a bank cannot show."
        )
