"""The order to the bank: valid against the published schema, sums closed at both levels, bad fields refused by name."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sepaxml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from services.finance.iso20022.amount import fen_to_text, text_to_fen
from services.finance.iso20022.credit_transfer import (
    NAMESPACE,
    CreditTransferBatch,
    CreditTransferLine,
    write_credit_transfer,
)
from services.finance.iso20022.refusal import BatchNotWritable
from tests.services.finance.iso20022.builder import build_batch, build_line, line_id

_SCHEMA = etree.XMLSchema(
    etree.parse(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd", etree.XMLParser())
)
_O = {"o": NAMESPACE}
_NAMES = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), include_characters="<>&\"'"),
    min_size=1,
    max_size=140,
).filter(str.strip)


def _texts(document: bytes, path: str) -> list[str | None]:
    return [element.text for element in etree.fromstring(document).findall(path, _O)]


@st.composite
def _batches(draw: st.DrawFn) -> CreditTransferBatch:
    amounts = draw(st.lists(st.integers(min_value=1, max_value=10**15), min_size=1, max_size=20))
    return build_batch(
        *(
            build_line(number, amount_fen=amount, creditor_name=draw(_NAMES), purpose=draw(_NAMES))
            for number, amount in enumerate(amounts)
        ),
        debtor_name=draw(_NAMES),
    )


def test_an_order_is_valid_against_the_published_schema() -> None:
    document = write_credit_transfer(build_batch())

    _SCHEMA.assertValid(etree.fromstring(document))


@given(_batches())
def test_count_and_control_sum_are_the_lines_own_at_both_levels(batch: CreditTransferBatch) -> None:
    document = write_credit_transfer(batch)

    _SCHEMA.assertValid(etree.fromstring(document))
    amounts = [Decimal(text or "") for text in _texts(document, ".//o:InstdAmt")]
    sums = [Decimal(text or "") for text in _texts(document, ".//o:CtrlSum")]
    assert sums == [sum(amounts), sum(amounts)]
    assert sums[0] * 100 == batch.control_sum_fen
    assert _texts(document, ".//o:NbOfTxs") == [str(len(batch.lines))] * 2
    assert _texts(document, ".//o:Cdtr/o:Nm") == [line.creditor_name for line in batch.lines]


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert write_credit_transfer(build_batch()) == write_credit_transfer(build_batch())


def test_a_line_names_its_bank_by_cnaps_code_and_its_amount_in_yuan() -> None:
    document = write_credit_transfer(build_batch(build_line(1, amount_fen=2_000_000)))

    [amount] = etree.fromstring(document).findall(".//o:CdtTrfTxInf/o:Amt/o:InstdAmt", _O)
    assert (amount.text, dict(amount.items())) == ("20000.00", {"Ccy": "CNY"})
    assert _texts(document, ".//o:CdtrAgt//o:ClrSysId/o:Cd") == ["CNAPS"]
    assert _texts(document, ".//o:CdtrAgt//o:MmbId") == ["402751000010"]
    assert _texts(document, ".//o:EndToEndId") == [line_id(1)]


def test_the_order_is_utf8_and_its_time_is_chinas() -> None:
    document = write_credit_transfer(build_batch())

    assert "产业扶持补助".encode() in document
    assert _texts(document, ".//o:CreDtTm") == ["2016-05-01T17:30:00+08:00"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("message_id", "", "id-malformed"),
        ("message_id", "B" * 36, "id-malformed"),
        ("message_id", "批次一", "id-malformed"),
        ("payment_id", "B 1", "id-malformed"),
        ("created_at", datetime(2016, 5, 1, 9, 30), "time-without-zone"),  # noqa: DTZ001 the case under test
        ("initiator_name", "  ", "text-missing"),
        ("debtor_name", "县" * 141, "text-too-long"),
        ("debtor_account", "6200 0000", "account-malformed"),
        ("debtor_bank_code", "01175100001", "bank-code-malformed"),
        ("lines", (), "batch-empty"),
    ],
)
def test_a_bad_field_of_the_batch_is_refused_by_name(field: str, value: object, code: str) -> None:
    batch = build_batch(**{field: value})

    with pytest.raises(BatchNotWritable) as refusal:
        write_credit_transfer(batch)

    assert (refusal.value.code, refusal.value.pointer) == (code, field)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("instruction_id", "I\n1", "id-malformed"),
        ("end_to_end_id", "0190f6d2-7f0e-7000-8000-00000000000a", "id-malformed"),
        ("amount_fen", 0, "amount-out-of-range"),
        ("amount_fen", -1, "amount-out-of-range"),
        ("amount_fen", 10**18, "amount-out-of-range"),
        ("amount_fen", 10.5, "amount-out-of-range"),
        ("amount_fen", True, "amount-out-of-range"),
        ("creditor_name", "", "text-missing"),
        ("creditor_name", "李" * 141, "text-too-long"),
        ("creditor_name", "李\x00四", "text-unprintable"),
        ("creditor_name", "李\ud800", "text-unprintable"),
        ("creditor_name", "李\uffff", "text-unprintable"),
        ("creditor_name", "李\n四", "text-unprintable"),
        ("creditor_account", "1" * 35, "account-malformed"),
        ("creditor_account", "６２００", "account-malformed"),
        ("creditor_bank_code", "40275100001A", "bank-code-malformed"),
        ("purpose", "补" * 141, "text-too-long"),
    ],
)
def test_a_bad_field_of_a_line_is_refused_by_place_and_never_repeated(
    field: str, value: object, code: str
) -> None:
    batch = build_batch(build_line(1), build_line(2, **{field: value}))

    with pytest.raises(BatchNotWritable) as refusal:
        write_credit_transfer(batch)

    assert (refusal.value.code, refusal.value.pointer) == (code, f"lines/1/{field}")
    assert not str(value).strip() or str(value) not in str(refusal.value).replace("lines/1", "")


@pytest.mark.parametrize("field", ["end_to_end_id", "instruction_id"])
def test_one_line_cannot_stand_in_a_batch_twice(field: str) -> None:
    first = build_line(1)
    batch = build_batch(first, build_line(2, **{field: getattr(first, field)}))

    with pytest.raises(BatchNotWritable) as refusal:
        write_credit_transfer(batch)

    assert (refusal.value.code, refusal.value.pointer) == ("line-repeated", f"lines/1/{field}")


def _two_huge_lines() -> Iterator[CreditTransferLine]:
    yield build_line(1, amount_fen=10**18 - 1)
    yield build_line(2, amount_fen=1)


def test_a_sum_that_the_standard_cannot_carry_is_refused() -> None:
    with pytest.raises(BatchNotWritable) as refusal:
        write_credit_transfer(build_batch(*_two_huge_lines()))

    assert refusal.value.code == "sum-too-large"


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_an_amount_survives_its_text(fen: int) -> None:
    assert text_to_fen(fen_to_text(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [("1", 100), ("1.5", 150), ("1.50000", 150), ("0.01", 1), ("007", 700), ("1.00000000000000000", 100)],
)
def test_an_amount_is_read_exactly(text: str, fen: int) -> None:
    assert text_to_fen(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", "1.", ".5", "1.005", "-1", "+1", "1e3", "1,000.00", " 1", "NaN", "INF", "１", "1.00\n", "1" * 17],
)
def test_what_is_no_amount_of_whole_fen_is_none(text: str) -> None:
    assert text_to_fen(text) is None
