"""A bank's own ISO 20022 software (pyiso20022's typed classes) reads our order, and its answer is read by us."""

# ruff: noqa: E402 what needs xsdata is imported after asking for it

from dataclasses import replace
from decimal import Decimal

import pytest

# pyiso20022 is built on xsdata without saying so in its metadata, so it may be missing beside it.
_parsers = pytest.importorskip("xsdata.formats.dataclass.parsers")
_config = pytest.importorskip("xsdata.formats.dataclass.parsers.config")
_serializers = pytest.importorskip("xsdata.formats.dataclass.serializers")
_datatype = pytest.importorskip("xsdata.models.datatype")

from pyiso20022.pain import pain_001_001_09 as order_types
from pyiso20022.pain import pain_002_001_10 as report_types

from services.finance.iso20022.credit_transfer import write_credit_transfer
from services.finance.iso20022.reconcile import Outcome, match_report, sent_batch_of
from services.finance.iso20022.status_report import read_status_report
from tests.services.finance.iso20022.builder import NAMESPACE, build_batch, build_line, line_id

_STRICT = _config.ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)
_NOW = _datatype.XmlDateTime(2016, 5, 3, 17, 0, 0, 0, 480)


def _read_order(document: bytes) -> order_types.CustomerCreditTransferInitiationV09:
    document_read: order_types.Document = _parsers.XmlParser(config=_STRICT).from_bytes(
        document, order_types.Document
    )
    return document_read.cstmr_cdt_trf_initn


def _transaction(
    original: order_types.CreditTransferTransaction34, status: str, reason: str | None
) -> report_types.PaymentTransaction105:
    reasons = (
        [report_types.StatusReasonInformation12(rsn=report_types.StatusReason6Choice(cd=reason))]
        if reason
        else []
    )
    amount = report_types.ActiveOrHistoricCurrencyAndAmount(value=original.amt.instd_amt.value, ccy="CNY")
    return report_types.PaymentTransaction105(
        sts_id="S1",
        orgnl_instr_id=original.pmt_id.instr_id,
        orgnl_end_to_end_id=original.pmt_id.end_to_end_id,
        tx_sts=status,
        sts_rsn_inf=reasons,
        accptnc_dt_tm=_NOW,
        acct_svcr_ref="REF",
        orgnl_tx_ref=report_types.OriginalTransactionReference28(
            amt=report_types.AmountType4Choice(instd_amt=amount),
            cdtr=report_types.Party40Choice(pty=report_types.PartyIdentification135(nm=original.cdtr.nm)),
        ),
    )


def _answer(document: bytes, status: str, statuses: list[tuple[str, str | None]]) -> bytes:
    order = _read_order(document)
    payment = order.pmt_inf[0]
    report = report_types.CustomerPaymentStatusReportV10(
        grp_hdr=report_types.GroupHeader86(msg_id="BANK-1", cre_dt_tm=_NOW),
        orgnl_grp_inf_and_sts=report_types.OriginalGroupHeader17(
            orgnl_msg_id=order.grp_hdr.msg_id,
            orgnl_msg_nm_id="pain.001.001.09",
            orgnl_cre_dt_tm=order.grp_hdr.cre_dt_tm,
            orgnl_nb_of_txs=order.grp_hdr.nb_of_txs,
            orgnl_ctrl_sum=order.grp_hdr.ctrl_sum,
            grp_sts=status,
        ),
        orgnl_pmt_inf_and_sts=[
            report_types.OriginalPaymentInstruction32(
                orgnl_pmt_inf_id=payment.pmt_inf_id,
                orgnl_nb_of_txs=payment.nb_of_txs,
                orgnl_ctrl_sum=payment.ctrl_sum,
                pmt_inf_sts=status,
                nb_of_txs_per_sts=[
                    report_types.NumberOfTransactionsPerStatus5(dtld_nb_of_txs="3", dtld_sts=status)
                ],
                tx_inf_and_sts=[
                    _transaction(original, *answer)
                    for original, answer in zip(payment.cdt_trf_tx_inf, statuses, strict=False)
                ],
            )
        ],
    )
    answer = report_types.Document(cstmr_pmt_sts_rpt=report)
    text: str = _serializers.XmlSerializer().render(answer, ns_map={"bank": NAMESPACE})
    return text.encode()


def test_a_banks_software_reads_our_order() -> None:
    order = _read_order(write_credit_transfer(build_batch(build_line(7, creditor_name="李 & 四"))))

    [payment] = order.pmt_inf
    [transfer] = payment.cdt_trf_tx_inf
    assert (order.grp_hdr.msg_id, order.grp_hdr.nb_of_txs) == ("B1", "1")
    assert order.grp_hdr.ctrl_sum == payment.ctrl_sum == transfer.amt.instd_amt.value == Decimal("1000.07")
    assert (transfer.pmt_id.end_to_end_id, transfer.cdtr.nm) == (line_id(7), "李 & 四")
    assert transfer.cdtr_agt.fin_instn_id.clr_sys_mmb_id.clr_sys_id.cd == "CNAPS"


def test_what_a_banks_software_answers_is_read_and_matched() -> None:
    batch = build_batch()
    answer = _answer(write_credit_transfer(batch), "PART", [("ACSC", None), ("RJCT", "AC01"), ("PDNG", None)])

    lines = match_report(read_status_report(answer), sent_batch_of(batch))

    assert [line.outcome for line in lines] == [Outcome.SETTLED, Outcome.REJECTED, Outcome.PENDING]
    assert [line.reason.code for line in lines if line.reason] == ["AC01"]


def test_what_it_answers_to_the_whole_batch_settles_every_line() -> None:
    batch = build_batch()
    answer = _answer(write_credit_transfer(batch), "ACSC", [])

    lines = match_report(read_status_report(answer), sent_batch_of(batch))

    assert {(line.outcome, line.is_inferred) for line in lines} == {(Outcome.SETTLED, True)}


def test_a_renamed_batch_is_another_order_to_it() -> None:
    batch = replace(build_batch(), message_id="B2")

    assert _read_order(write_credit_transfer(batch)).grp_hdr.msg_id == "B2"
