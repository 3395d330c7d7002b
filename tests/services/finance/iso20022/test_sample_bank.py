"""The sample county's bank, which shares no code with finance: what it answers, finance reads and matches."""

import pytest

from cli.bank import BankDecision, answer_order, read_order
from services.finance.iso20022.credit_transfer import write_credit_transfer
from services.finance.iso20022.reconcile import LineOutcome, match_report, sent_batch_of
from services.finance.iso20022.status_report import read_status_report
from tests.services.finance.iso20022.builder import CREATED_AT, build_batch, line_id

_BATCH = build_batch()
_ORDER = write_credit_transfer(_BATCH)


def _decide(**choices: object) -> BankDecision:
    return BankDecision(report_id="BANK-1", decided_at=CREATED_AT, **choices)  # type: ignore[arg-type]  # loose


def _answered(**choices: object) -> list[LineOutcome]:
    return match_report(read_status_report(answer_order(_ORDER, _decide(**choices))), sent_batch_of(_BATCH))


def test_the_bank_reads_what_it_is_ordered_to_pay() -> None:
    order = read_order(_ORDER)

    assert (order.message_id, order.count, order.control_sum) == ("B1", "3", "3000.06")
    assert [transfer.end_to_end_id for transfer in order.transfers] == [line_id(1), line_id(2), line_id(3)]


@pytest.mark.parametrize("lists_lines", [True, False])
def test_a_bank_that_pays_all_settles_every_line(lists_lines: bool) -> None:
    lines = _answered(lists_lines=lists_lines)

    assert [line.outcome.value for line in lines] == ["settled"] * 3
    assert {line.is_inferred for line in lines} == {not lists_lines}


def test_a_bank_may_reject_one_keep_one_and_pay_the_rest() -> None:
    lines = _answered(rejected={line_id(2): "AC04"}, pending={line_id(3)})

    assert [line.outcome.value for line in lines] == ["settled", "rejected", "pending"]
    assert [line.reason.code for line in lines if line.reason] == ["AC04"]


def test_a_bank_may_reject_every_line_for_its_own_reason() -> None:
    lines = _answered(rejected={line_id(1): "AC01", line_id(2): "AC04", line_id(3): "BE01"})

    assert [line.reason.code for line in lines if line.reason] == ["AC01", "AC04", "BE01"]


def test_an_order_whose_sums_do_not_close_is_rejected_whole() -> None:
    forged = _ORDER.replace(b"<CtrlSum>3000.06", b"<CtrlSum>3000.07")

    report = read_status_report(answer_order(forged, _decide()))

    assert (report.payment_status, report.payment_reason_code, report.transactions) == ("RJCT", "AM10", ())


def test_a_bank_cannot_decide_about_a_line_that_was_not_ordered() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        answer_order(_ORDER, _decide(rejected={line_id(9): "AC01"}))
