"""The rules one by one."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.subsidy import Evidence
from services.subsidy.domain import rules
from services.subsidy.domain.errors import (
    AmountTooHigh,
    EvidenceFromTheFuture,
    EvidenceMissing,
    EvidenceRepeated,
    QuantityAboveDeclared,
    QuantityNotPositive,
    QuantityNotWhole,
)

TODAY = date(2016, 6, 1)
quantities = st.decimals(min_value="0.01", max_value="100000", places=2)
rates = st.integers(min_value=1, max_value=10_000_000)


def photo(digits: str = "a", day: int = 30, month: int = 5) -> Evidence:
    """Return a photo taken on a day of 2016."""
    return Evidence(
        photo_sha256=digits * 64,
        taken_at=datetime(2016, month, day, 9, tzinfo=UTC),
        latitude=26.1,
        longitude=99.9,
    )


@pytest.mark.parametrize(
    ("quantity", "rate", "fen"),
    [("1.00", 60_000, 60_000), ("0.01", 50, 1), ("0.01", 49, 0), ("2.50", 3, 8), ("0.33", 100, 33)],
)
def test_an_amount_is_rounded_half_up_to_the_fen(quantity: str, rate: int, fen: int) -> None:
    assert rules.amount_of(Decimal(quantity), rate, None) == fen


@given(quantity=quantities, rate=rates)
def test_an_amount_is_within_half_a_fen_of_the_exact_product(quantity: Decimal, rate: int) -> None:
    amount = rules.amount_of(quantity, rate, None)

    assert -Decimal("0.5") < amount - quantity * rate <= Decimal("0.5")


def test_no_claim_is_worth_more_than_the_highest_cap() -> None:
    rules.check_amount(1_000_000_000, "/accepted_quantity")
    with pytest.raises(AmountTooHigh):
        rules.check_amount(1_000_000_001, "/accepted_quantity")


@given(quantity=quantities, more=quantities, rate=rates, cap=st.none() | rates)
def test_more_is_never_worth_less_and_never_more_than_the_cap(
    quantity: Decimal, more: Decimal, rate: int, cap: int | None
) -> None:
    amount = rules.amount_of(quantity + more, rate, cap)

    assert amount >= rules.amount_of(quantity, rate, cap)
    assert cap is None or amount <= cap


@pytest.mark.parametrize("unit", ["head", "bird"])
def test_half_an_animal_is_refused(unit: str) -> None:
    with pytest.raises(QuantityNotWhole):
        rules.check_quantity(Decimal("1.50"), unit, "/declared_quantity")


def test_half_a_mu_is_a_quantity() -> None:
    rules.check_quantity(Decimal("1.50"), "mu", "/declared_quantity")


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_is_no_quantity(quantity: str) -> None:
    with pytest.raises(QuantityNotPositive):
        rules.check_quantity(Decimal(quantity), "mu", "/declared_quantity")


def test_no_more_than_declared_is_accepted() -> None:
    rules.check_accepted_quantity(Decimal("5.00"), Decimal("5.00"), "mu")

    with pytest.raises(QuantityAboveDeclared):
        rules.check_accepted_quantity(Decimal("5.01"), Decimal("5.00"), "mu")


def test_a_claim_without_a_photo_is_refused() -> None:
    with pytest.raises(EvidenceMissing):
        rules.check_evidence([], TODAY)


def test_the_same_photo_twice_in_one_claim_is_refused() -> None:
    with pytest.raises(EvidenceRepeated):
        rules.check_evidence([photo(), photo(day=29)], TODAY)


def test_a_photo_of_the_day_itself_counts_and_one_of_tomorrow_does_not() -> None:
    rules.check_evidence([photo(day=1, month=6)], TODAY)

    with pytest.raises(EvidenceFromTheFuture) as refusal:
        rules.check_evidence([photo("b"), photo(day=2, month=6)], TODAY)
    assert refusal.value.pointer == "/evidence/1/taken_at"


@pytest.mark.parametrize(
    ("moment", "is_refused"),
    [
        ("2016-06-01T23:59:59+08:00", False),
        ("2016-06-01T15:59:59+00:00", False),
        ("2016-06-02T01:00:00+14:00", False),
        ("2016-06-02T00:00:00+08:00", True),
        ("2016-06-01T16:00:00+00:00", True),
        ("2016-06-01T06:00:00-10:00", True),
    ],
)
def test_the_day_of_a_photo_is_the_countys_however_its_time_is_written(moment: str, is_refused: bool) -> None:
    shown = [msgspec.structs.replace(photo(), taken_at=datetime.fromisoformat(moment))]

    with pytest.raises(EvidenceFromTheFuture) if is_refused else nullcontext():
        rules.check_evidence(shown, date(2016, 6, 1))


def test_one_person_is_not_two() -> None:
    assert not rules.are_two_people("anna", "anna")
    assert not rules.are_two_people(None, "anna")
    assert rules.are_two_people("anna", "bela")


@pytest.mark.parametrize(("paid", "met"), [(299_999, False), (300_000, True), (300_001, True)])
def test_a_household_with_exactly_the_floor_has_it(paid: int, met: bool) -> None:
    assert rules.is_floor_met(paid, 300_000) is met


def test_support_counts_for_the_year_of_its_claim() -> None:
    assert rules.period_of(date(2016, 12, 31)) == "2016"


def test_a_quantity_is_written_with_two_decimals() -> None:
    assert rules.quantity_text(Decimal(8)) == "8.00"
