"""What became of each line: decided from the report and the batch alone, and refused when the two disagree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.iso20022.reason import explain_reason
from services.finance.iso20022.reconcile import LineOutcome, Outcome, SentBatch, match_report, sent_batch_of
from services.finance.iso20022.refusal import ReportRefused
from services.finance.iso20022.status_report import read_status_report
from tests.services.finance.iso20022.builder import build_batch, build_report, build_transaction, line_id

_GROUP = "/Document/CstmrPmtStsRpt/OrgnlGrpInfAndSts"
_PAYMENT = "/Document/CstmrPmtStsRpt/OrgnlPmtInfAndSts"
_SENT = sent_batch_of(build_batch())
_PENDING_STATUSES = ["ACTC", "ACCP", "ACSP", "ACWC", "RCVD", "PDNG", "PEND"]


def _match(document: str, batch: SentBatch = _SENT) -> list[LineOutcome]:
    return match_report(read_status_report(document.encode()), batch)


def _outcomes(document: str) -> list[str]:
    return [line.outcome.value for line in _match(document)]


def _refusal(document: str, batch: SentBatch = _SENT) -> tuple[str, str]:
    with pytest.raises(ReportRefused) as refusal:
        _match(document, batch)
    return refusal.value.code, refusal.value.pointer


def _amount(text: str) -> str:
    return f'<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">{text}</InstdAmt></Amt></OrgnlTxRef>'


def test_a_settled_batch_without_lines_settles_every_line() -> None:
    lines = _match(build_report(group="<GrpSts>ACSC</GrpSts>"))

    assert [line.end_to_end_id for line in lines] == [line_id(1), line_id(2), line_id(3)]
    assert {(line.outcome, line.is_inferred, line.status) for line in lines} == {
        (Outcome.SETTLED, True, None)
    }
    assert [line.amount_fen for line in lines] == [100_001, 100_002, 100_003]


def test_a_settled_batch_settles_the_lines_that_it_does_not_list() -> None:
    lines = _match(build_report(build_transaction(2), group="<GrpSts>ACSC</GrpSts>"))

    assert [line.outcome for line in lines] == [Outcome.SETTLED] * 3
    assert [line.is_inferred for line in lines] == [True, False, True]


def test_under_part_the_lines_that_are_not_listed_stay_pending() -> None:
    document = build_report(build_transaction(1), build_transaction(3, "RJCT"))

    assert _outcomes(document) == ["settled", "pending", "rejected"]


def test_a_rejected_batch_rejects_every_line_with_the_batchs_reason() -> None:
    reason = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>"

    lines = _match(build_report(group=reason))

    assert {line.outcome for line in lines} == {Outcome.REJECTED}
    assert {line.reason.chinese for line in lines if line.reason} == {"余额不足"}


@pytest.mark.parametrize("status", _PENDING_STATUSES)
def test_a_batch_that_is_under_way_leaves_every_line_pending(status: str) -> None:
    assert _outcomes(build_report(group=f"<GrpSts>{status}</GrpSts>")) == ["pending"] * 3


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("ACSC", "settled"), ("RJCT", "rejected"), *((status, "pending") for status in _PENDING_STATUSES)],
)
def test_each_status_of_a_line_has_one_meaning(status: str, outcome: str) -> None:
    assert _outcomes(build_report(build_transaction(1, status))) == [outcome, "pending", "pending"]


def test_the_payment_informations_status_is_nearer_than_the_groups() -> None:
    document = build_report(group="<GrpSts>ACTC</GrpSts>", payment="<PmtInfSts>ACSC</PmtInfSts>")

    assert _outcomes(document) == ["settled"] * 3


def test_a_report_without_a_batch_status_speaks_only_for_the_lines_it_lists() -> None:
    assert _outcomes(build_report(build_transaction(2), group="")) == ["pending", "settled", "pending"]


def test_a_line_may_settle_while_its_accepted_batch_is_under_way() -> None:
    document = build_report(build_transaction(1), group="<GrpSts>ACSP</GrpSts>")

    assert _outcomes(document) == ["settled", "pending", "pending"]


def test_totals_and_amounts_that_agree_are_accepted() -> None:
    totals = "<OrgnlNbOfTxs>3</OrgnlNbOfTxs><OrgnlCtrlSum>3000.06</OrgnlCtrlSum>"
    document = build_report(
        build_transaction(1, more=_amount("1000.01")), group=f"{totals}<GrpSts>PART</GrpSts>", payment=totals
    )

    assert _outcomes(document) == ["settled", "pending", "pending"]


@pytest.mark.parametrize(
    ("old", "new", "code", "pointer"),
    [
        (">B1</OrgnlMsgId>", ">B2</OrgnlMsgId>", "other-batch", f"{_GROUP}/OrgnlMsgId"),
        (">B1-P<", ">B2-P<", "other-batch", f"{_PAYMENT}/OrgnlPmtInfId"),
        ("<GrpSts>", "<OrgnlNbOfTxs>2</OrgnlNbOfTxs><GrpSts>", "count-differs", f"{_GROUP}/OrgnlNbOfTxs"),
        ("<GrpSts>", "<OrgnlCtrlSum>3000.07</OrgnlCtrlSum><GrpSts>", "sum-differs", f"{_GROUP}/OrgnlCtrlSum"),
        (
            "</OrgnlPmtInfId>",
            "</OrgnlPmtInfId><OrgnlNbOfTxs>4</OrgnlNbOfTxs>",
            "count-differs",
            "/OrgnlNbOfTxs",
        ),
        (
            "</OrgnlPmtInfId>",
            "</OrgnlPmtInfId><OrgnlCtrlSum>0</OrgnlCtrlSum>",
            "sum-differs",
            "/OrgnlCtrlSum",
        ),
        (line_id(1), line_id(9), "line-unknown", f"{_PAYMENT}/TxInfAndSts[1]/OrgnlEndToEndId"),
        (line_id(2), line_id(1), "line-repeated", f"{_PAYMENT}/TxInfAndSts[2]/OrgnlEndToEndId"),
        (
            "<OrgnlEndToEndId>",
            "<OrgnlInstrId>Z</OrgnlInstrId><OrgnlEndToEndId>",
            "line-unknown",
            "[1]/OrgnlInstrId",
        ),
        ("1000.02", "1000.03", "amount-differs", f"{_PAYMENT}/TxInfAndSts[2]/OrgnlTxRef/Amt/InstdAmt"),
        (
            "<OrgnlTxRef>",
            '<OrgnlTxRef><IntrBkSttlmAmt Ccy="CNY">999.02</IntrBkSttlmAmt>',
            "amount-differs",
            f"{_PAYMENT}/TxInfAndSts[2]/OrgnlTxRef/IntrBkSttlmAmt",
        ),
        ("<GrpSts>PART", "<GrpSts>ACCX", "status-unknown", f"{_GROUP}/GrpSts"),
        ("<TxSts>ACSC", "<TxSts>XXXX", "status-unknown", f"{_PAYMENT}/TxInfAndSts[1]/TxSts"),
        ("<TxSts>ACSC", "<TxSts>PART", "status-unknown", f"{_PAYMENT}/TxInfAndSts[1]/TxSts"),
    ],
)
def test_a_report_that_disagrees_with_the_batch_names_place_and_rule(
    old: str, new: str, code: str, pointer: str
) -> None:
    document = build_report(build_transaction(1), build_transaction(2, "PDNG", more=_amount("1000.02")))
    assert old in document

    refusal = _refusal(document.replace(old, new, 1))

    assert refusal[0] == code
    assert refusal[1].endswith(pointer)


def test_the_same_report_twice_is_refused() -> None:
    again = SentBatch(
        message_id="B1", payment_id="B1-P", lines=_SENT.lines, reports_read=frozenset({"R0", "R1"})
    )

    refusal = _refusal(build_report(group="<GrpSts>ACSC</GrpSts>"), again)

    assert refusal == ("report-already-read", "/Document/CstmrPmtStsRpt/GrpHdr/MsgId")


@pytest.mark.parametrize(
    ("batch", "line"),
    [
        ("ACSC", "RJCT"),
        ("ACSC", "PDNG"),
        ("RJCT", "ACSC"),
        ("RJCT", "PDNG"),
        ("ACSP", "RJCT"),
        ("RCVD", "ACSC"),
        ("PDNG", "RJCT"),
    ],
)
def test_a_line_that_contradicts_its_batch_is_refused(batch: str, line: str) -> None:
    document = build_report(build_transaction(1, line), group=f"<GrpSts>{batch}</GrpSts>")

    assert _refusal(document) == ("status-contradicts-group", f"{_PAYMENT}/TxInfAndSts[1]/TxSts")


@pytest.mark.parametrize(
    ("group", "payment"), [("ACSC", "RJCT"), ("RJCT", "ACSC"), ("PART", "ACSC"), ("ACSC", "PART")]
)
def test_a_payment_information_that_contradicts_its_group_is_refused(group: str, payment: str) -> None:
    document = build_report(group=f"<GrpSts>{group}</GrpSts>", payment=f"<PmtInfSts>{payment}</PmtInfSts>")

    assert _refusal(document) == ("status-contradicts-group", f"{_PAYMENT}/PmtInfSts")


def test_a_report_that_says_nothing_is_refused() -> None:
    assert _refusal(build_report(group="")) == ("element-missing", f"{_GROUP}/GrpSts")


def test_a_rejection_without_a_reason_says_so() -> None:
    [line, *_] = _match(build_report(build_transaction(1, "RJCT")))

    assert line.reason == explain_reason("MS03")


@pytest.mark.parametrize(
    "code", ["AC01", "AC04", "AC06", "AM04", "AM05", "BE01", "BE04", "RC01", "MD01", "DS07", "MS03", "NARR"]
)
def test_a_reason_is_told_in_both_languages(code: str) -> None:
    reason = explain_reason(code)

    assert reason.code == code
    assert reason.english.isascii()
    assert not reason.chinese.isascii()
    assert reason.english != explain_reason("ZZ99").english


def test_a_reason_that_is_not_known_keeps_its_code() -> None:
    assert explain_reason("ZZ99").code == "ZZ99"


@given(st.lists(st.sampled_from(["ACSC", "RJCT", "PDNG", None]), min_size=3, max_size=3))
def test_every_line_gets_one_outcome_and_none_is_settled_unheard(statuses: list[str | None]) -> None:
    transactions = [build_transaction(number, status) for number, status in enumerate(statuses, 1) if status]

    lines = _match(build_report(*transactions))

    assert [line.end_to_end_id for line in lines] == list(_SENT.lines)
    settled = [line.outcome is Outcome.SETTLED for line in lines]
    assert settled == [status == "ACSC" for status in statuses]
