"""The bank's report: read exactly, and refused by place and rule when it is hostile, broken or not the message."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.iso20022.hardened import DocumentLimits
from services.finance.iso20022.refusal import ReportRefused
from services.finance.iso20022.status_report import StatusReport, read_status_report
from tests.services.finance.iso20022.builder import build_report, build_transaction, line_id

_REPORT = "/Document/CstmrPmtStsRpt"
_TRANSACTION = f"{_REPORT}/OrgnlPmtInfAndSts/TxInfAndSts[1]"
_GOOD = build_report(build_transaction(1))
_CANARY = "6228480402564890018"


def _read(document: str | bytes) -> StatusReport:
    return read_status_report(document.encode() if isinstance(document, str) else document)


def _refusal(document: str | bytes, limits: DocumentLimits | None = None) -> ReportRefused:
    with pytest.raises(ReportRefused) as refusal:
        read_status_report(document.encode() if isinstance(document, str) else document, limits)
    assert _CANARY not in str(refusal.value)
    return refusal.value


def test_a_report_is_read_with_every_part_that_decides() -> None:
    more = (
        "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>账户已销户</AddtlInf></StsRsnInf>"
        "<AccptncDtTm>2016-05-03T17:30:00Z</AccptncDtTm>"
        '<OrgnlTxRef><IntrBkSttlmAmt Ccy="CNY">1000.01</IntrBkSttlmAmt>'
        '<Amt><InstdAmt Ccy="CNY">1000.010</InstdAmt></Amt><Cdtr><Pty><Nm>李四</Nm></Pty></Cdtr></OrgnlTxRef>'
    )
    group = "<OrgnlNbOfTxs>3</OrgnlNbOfTxs><OrgnlCtrlSum>3000.06</OrgnlCtrlSum><GrpSts>PART</GrpSts>"
    report = _read(build_report(build_transaction(1, "RJCT", more=more), group=group))

    [transaction] = report.transactions
    assert (report.message_id, report.original_message_id, report.original_payment_id) == ("R1", "B1", "B1-P")
    assert (report.group_status, report.payment_status) == ("PART", None)
    assert (report.group_totals.count, report.group_totals.control_sum_fen) == (3, 300_006)
    assert (transaction.end_to_end_id, transaction.status, transaction.reason_code) == (
        line_id(1),
        "RJCT",
        "AC04",
    )
    assert (transaction.amount_fen, transaction.settlement_amount_fen) == (100_001, 100_001)
    assert transaction.accepted_on == date(2016, 5, 4)


def test_a_reason_in_words_is_not_taken_over() -> None:
    words = f"<StsRsnInf><Rsn><Prtry>户名 {_CANARY[:10]}</Prtry></Rsn></StsRsnInf>"

    report = _read(build_report(build_transaction(1, "RJCT", more=words)))

    assert report.transactions[0].reason_code == "NARR"


def test_the_first_reason_with_a_code_counts_and_the_rest_are_not_kept() -> None:
    coded = "<StsRsnInf><Rsn><Cd>{}</Cd></Rsn></StsRsnInf>"
    more = "<StsRsnInf><AddtlInf>-</AddtlInf></StsRsnInf><StsRsnInf><Rsn/></StsRsnInf>" + coded.format("AC06")

    report = _read(build_report(build_transaction(1, "RJCT", more=more + coded.format("AC01") * 100)))

    assert report.transactions[0].reason_code == "AC06"


def test_a_banks_own_reason_code_is_kept() -> None:
    own = "<StsRsnInf><Rsn><Prtry>RCU-017</Prtry></Rsn></StsRsnInf>"

    assert (
        _read(build_report(build_transaction(1, "RJCT", more=own))).transactions[0].reason_code == "RCU-017"
    )


@pytest.mark.parametrize(
    ("own", "kept"),
    [
        ("6200000000000000001", "NARR"),
        ("53293119700101001X", "NARR"),
        ("AC04-6200-0000-0000-0001", "NARR"),
        ("6.2_0-0.0.0_0-1", "NARR"),
        ("BORN19700101", "NARR"),
        ("RCU-0170001", "RCU-0170001"),
        ("B1C2D3E4F5G6H7I8", "B1C2D3E4F5G6H7I8"),
    ],
)
def test_a_number_that_may_be_somebodys_is_not_taken_over_as_a_code(own: str, kept: str) -> None:
    reason = f"<StsRsnInf><Rsn><Prtry>{own}</Prtry></Rsn></StsRsnInf>"

    report = _read(
        build_report(build_transaction(1, "RJCT", more=reason), group=f"<GrpSts>PART</GrpSts>{reason}")
    )

    assert (report.transactions[0].reason_code, report.group_reason_code) == (kept, kept)


def test_a_byte_order_mark_comments_and_prefixes_change_nothing() -> None:
    prefixed = _GOOD.replace("</", "</p:").replace("<", "<p:").replace("<p:/p:", "</p:").replace("<p:?", "<?")
    prefixed = prefixed.replace("xmlns=", "xmlns:p=").replace(
        "B1</p:OrgnlMsgId>", "B<!-- x -->1</p:OrgnlMsgId>"
    )

    assert _read(b"\xef\xbb\xbf" + prefixed.encode()) == _read(_GOOD)


@pytest.mark.parametrize(
    ("old", "new", "code", "pointer"),
    [
        ("<MsgId>R1</MsgId>", "", "element-missing", f"{_REPORT}/GrpHdr/MsgId"),
        ("R1", "", "text-malformed", f"{_REPORT}/GrpHdr/MsgId"),
        ("R1", "R" * 36, "text-malformed", f"{_REPORT}/GrpHdr/MsgId"),
        ("2016-05-03T17:00:00+08:00", "2016-05-03", "time-malformed", f"{_REPORT}/GrpHdr/CreDtTm"),
        ("2016-05-03T17:00:00+08:00", "2016-02-30T00:00:00", "time-malformed", f"{_REPORT}/GrpHdr/CreDtTm"),
        ("<OrgnlMsgId>B1</OrgnlMsgId>", "", "element-missing", f"{_REPORT}/OrgnlGrpInfAndSts/OrgnlMsgId"),
        ("pain.001.001.09", "pain.008.001.08", "original-not-a-credit-transfer", "/OrgnlMsgNmId"),
        ("<GrpSts>PART", "<GrpSts>part", "status-malformed", f"{_REPORT}/OrgnlGrpInfAndSts/GrpSts"),
        ("<GrpSts>", "<OrgnlNbOfTxs>three</OrgnlNbOfTxs><GrpSts>", "count-malformed", "/OrgnlNbOfTxs"),
        ("<GrpSts>", "<OrgnlCtrlSum>3000.066</OrgnlCtrlSum><GrpSts>", "amount-malformed", "/OrgnlCtrlSum"),
        (
            "<GrpSts>",
            "<GrpSts>PART</GrpSts><GrpSts>",
            "element-repeated",
            f"{_REPORT}/OrgnlGrpInfAndSts/GrpSts",
        ),
        ("<GrpSts>PART</GrpSts>", f"<X{_CANARY}/>", "element-unexpected", f"{_REPORT}/OrgnlGrpInfAndSts"),
        ("<TxSts>ACSC</TxSts>", "", "element-missing", f"{_TRANSACTION}/TxSts"),
        ("<TxSts>ACSC", f"<TxSts>{_CANARY}", "status-malformed", f"{_TRANSACTION}/TxSts"),
        ("<TxSts>", f"{_CANARY}<TxSts>", "text-unexpected", _TRANSACTION),
        ("<TxSts>", f'<TxSts y="{_CANARY}">', "attribute-unexpected", f"{_TRANSACTION}/TxSts"),
        (
            "</TxSts>",
            "</TxSts><OrgnlInstrId>1</OrgnlInstrId>",
            "element-out-of-order",
            f"{_TRANSACTION}/OrgnlInstrId",
        ),
        (
            "</TxSts>",
            "</TxSts><StsRsnInf><Rsn><Cd>AC001</Cd></Rsn></StsRsnInf>",
            "reason-malformed",
            "[1]/Rsn/Cd",
        ),
        (
            "<OrgnlPmtInfId>B1-P</OrgnlPmtInfId>",
            "",
            "element-missing",
            f"{_REPORT}/OrgnlPmtInfAndSts/OrgnlPmtInfId",
        ),
        ("tech:xsd:pain.002.001.10", "tech:xsd:pain.002.001.03", "namespace-unexpected", "/"),
        ("<GrpHdr>", '<GrpHdr xmlns="">', "namespace-unexpected", _REPORT),
    ],
)
def test_a_report_that_is_not_the_message_names_place_and_rule(
    old: str, new: str, code: str, pointer: str
) -> None:
    assert _GOOD.count(old) >= 1

    refusal = _refusal(_GOOD.replace(old, new))

    assert refusal.code == code
    assert refusal.pointer.endswith(pointer)


@pytest.mark.parametrize(
    ("amount", "code", "pointer"),
    [
        ('<InstdAmt Ccy="USD">1.00</InstdAmt>', "attribute-unexpected", "InstdAmt/@Ccy"),
        ("<InstdAmt>1.00</InstdAmt>", "attribute-unexpected", "InstdAmt/@Ccy"),
        ('<InstdAmt Ccy="CNY">1.005</InstdAmt>', "amount-malformed", "InstdAmt"),
        ('<InstdAmt Ccy="CNY">1,000.00</InstdAmt>', "amount-malformed", "InstdAmt"),
        ('<InstdAmt Ccy="CNY">-1.00</InstdAmt>', "amount-malformed", "InstdAmt"),
        ('<InstdAmt Ccy="CNY">1E3</InstdAmt>', "amount-malformed", "InstdAmt"),
    ],
)
def test_an_amount_that_is_not_whole_fen_of_yuan_is_refused(amount: str, code: str, pointer: str) -> None:
    document = build_report(build_transaction(1, more=f"<OrgnlTxRef><Amt>{amount}</Amt></OrgnlTxRef>"))

    refusal = _refusal(document)

    assert (refusal.code, refusal.pointer) == (code, f"{_TRANSACTION}/OrgnlTxRef/Amt/{pointer}")


def test_the_second_bad_transaction_is_named_by_its_number() -> None:
    refusal = _refusal(build_report(build_transaction(1), build_transaction(2, "settled")))

    assert refusal.pointer == f"{_REPORT}/OrgnlPmtInfAndSts/TxInfAndSts[2]/TxSts"


def _billion_laughs() -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return _GOOD.replace("<Document", f"<!DOCTYPE Document [{entities}]><Document").replace("R1", "&a9;")


def _external_entity() -> str:
    entity = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return _GOOD.replace("<Document", f"{entity}<Document").replace("R1", "&x;")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (_billion_laughs(), "doctype-forbidden"),
        (_external_entity(), "doctype-forbidden"),
        (
            _GOOD.replace("<Document", '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd"><Document'),
            "doctype-forbidden",
        ),
        (_GOOD.replace("R1", "&unknown;"), "xml-malformed"),
        (_GOOD[:-20], "xml-malformed"),
        (_GOOD + "<x/>", "xml-malformed"),
        ("", "xml-malformed"),
        ("   ", "xml-malformed"),
        (f"no xml {_CANARY}", "xml-malformed"),
        (f'{{"account": "{_CANARY}"}}', "xml-malformed"),
        (b"PK\x03\x04" + b"\x14" * 40, "xml-malformed"),
        (_GOOD.encode("utf-16"), "encoding-not-utf8"),
        (_GOOD.replace("UTF-8", "GB18030").encode("gb18030"), "encoding-not-utf8"),
        (_GOOD.replace("R1", "报告").encode("gb18030"), "encoding-not-utf8"),
        (_GOOD.replace("UTF-8", "UTF-7"), "encoding-not-utf8"),
        (_GOOD.replace("R1", "\x01"), "xml-malformed"),
        (
            _GOOD.replace("<MsgId>", "<MsgId " + " ".join(f'a{n}=""' for n in range(3000)) + ">"),
            "segment-too-long",
        ),
        (_GOOD.replace("R1", "R" * 9000), "segment-too-long"),
        (_GOOD.replace("<GrpHdr>", "<GrpHdr><InitgPty>" + "<a>" * 100_000), "document-too-deep"),
        (_GOOD.replace("<GrpHdr>", "<GrpHdr>" * 300), "xml-malformed"),
    ],
)
def test_a_hostile_or_broken_document_is_refused(document: str | bytes, code: str) -> None:
    assert _refusal(document).code == code


def test_a_document_above_its_size_is_refused_unread() -> None:
    refusal = _refusal(b"\x00" * 1001, DocumentLimits(document_bytes=1000))

    assert refusal.code == "document-too-large"


def test_more_transactions_than_allowed_are_refused() -> None:
    refusal = _refusal(build_report(*map(build_transaction, range(3))), DocumentLimits(transactions=2))

    assert (refusal.code, refusal.pointer) == (
        "too-many-transactions",
        f"{_REPORT}/OrgnlPmtInfAndSts/TxInfAndSts[3]",
    )


def test_what_is_not_read_may_be_of_any_size_without_being_kept() -> None:
    foreign = "<SplmtryData><Envlp>" + '<y xmlns="urn:y"/>' * 50_000 + "</Envlp></SplmtryData>"

    assert len(_read(build_report(build_transaction(1, more=foreign))).transactions) == 1


@given(st.integers(min_value=0, max_value=len(_GOOD) - 2))
def test_a_report_cut_off_anywhere_is_refused(length: int) -> None:
    assert _refusal(_GOOD[:length]).code == "xml-malformed"


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=len(_GOOD)))
def test_any_bytes_are_read_or_refused_and_nothing_else(noise: bytes, at: int) -> None:
    document = _GOOD.encode()

    with contextlib.suppress(ReportRefused):
        read_status_report(document[:at] + noise + document[at:])
