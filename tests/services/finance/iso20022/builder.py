"""Builders of batches and of reports for these tests; the reports are written by hand, element by element."""

from datetime import UTC, date, datetime

from services.finance.iso20022.credit_transfer import CreditTransferBatch, CreditTransferLine

CREATED_AT = datetime(2016, 5, 1, 9, 30, tzinfo=UTC)
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"


def line_id(number: int) -> str:
    return f"{number:032x}"


def build_line(number: int = 1, **changes: object) -> CreditTransferLine:
    fields: dict[str, object] = {
        "instruction_id": f"B1-{number}",
        "end_to_end_id": line_id(number),
        "amount_fen": 100_000 + number,
        "creditor_name": "李四",
        "creditor_account": "6200000000000000001",
        "creditor_bank_code": "402751000010",
        "purpose": "产业扶持补助",
    }
    return CreditTransferLine(**(fields | changes))  # type: ignore[arg-type]  # a builder's changes are loose


def build_batch(*lines: CreditTransferLine, **changes: object) -> CreditTransferBatch:
    fields: dict[str, object] = {
        "message_id": "B1",
        "created_at": CREATED_AT,
        "initiator_name": "县扶贫办",
        "payment_id": "B1-P",
        "execution_date": date(2016, 5, 3),
        "debtor_name": "县财政局",
        "debtor_account": "530000000000000009",
        "debtor_bank_code": "011751000017",
        "lines": lines or (build_line(1), build_line(2), build_line(3)),
    }
    return CreditTransferBatch(**(fields | changes))  # type: ignore[arg-type]  # a builder's changes are loose


def build_transaction(number: int = 1, status: str = "ACSC", *, more: str = "") -> str:
    return f"<TxInfAndSts><OrgnlEndToEndId>{line_id(number)}</OrgnlEndToEndId><TxSts>{status}</TxSts>{more}</TxInfAndSts>"


def build_report(
    *transactions: str, group: str = "<GrpSts>PART</GrpSts>", payment: str = "", namespace: str = NAMESPACE
) -> str:
    """Return a report on `build_batch()`; `group` and `payment` are what follows the identifiers in each part."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{namespace}"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>R1</MsgId><CreDtTm>2016-05-03T17:00:00+08:00</CreDtTm></GrpHdr>"
        "<OrgnlGrpInfAndSts><OrgnlMsgId>B1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{group}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>B1-P</OrgnlPmtInfId>{payment}{''.join(transactions)}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    )
