"""Income by four sources minus costs, by the head, and when it counts as stable."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from services.registry.domain.income import FILE, Income, Look, is_stable
from services.registry.domain.rule_pack import StabilityRule

INCOME = Income(
    wage_fen=200_000, business_fen=300_000, transfer_fen=400_000, property_fen=100_000, cost_fen=0
)
LOOK = Look(on=date(2015, 6, 1), source=FILE, income=INCOME, persons=2, line_fen=499_999)
RULE = StabilityRule(looks=2, earned_share_percent="50")


def later(look: Look, days: int) -> Look:
    """Return the same look so many days later."""
    return replace(look, on=look.on + timedelta(days=days))


@pytest.mark.parametrize(
    ("net", "persons", "per_head"),
    [(100, 3, 33), (101, 3, 34), (5, 2, 3), (-5, 2, -2), (-100, 3, -33), (0, 4, 0)],
)
def test_income_by_the_head_is_rounded_half_up(net: int, persons: int, per_head: int) -> None:
    income = Income(wage_fen=net, business_fen=0, transfer_fen=0, property_fen=0, cost_fen=0)

    assert income.per_capita_fen(persons) == per_head


def test_costs_are_taken_off_the_four_sources() -> None:
    assert (INCOME.gross_fen, INCOME.net_fen) == (1_000_000, 1_000_000)
    assert replace_cost(250_000).net_fen == 750_000


def replace_cost(fen: int) -> Income:
    """Return the income with other costs."""
    return Income(
        wage_fen=200_000, business_fen=300_000, transfer_fen=400_000, property_fen=100_000, cost_fen=fen
    )


@pytest.mark.parametrize(
    ("line", "above"), [(499_999, True), (500_000, False), (500_001, False), (None, False)]
)
def test_income_at_the_line_is_not_above_it(line: int | None, *, above: bool) -> None:
    assert replace(LOOK, line_fen=line).is_above_line is above


@pytest.mark.parametrize(("wage", "stable"), [(200_001, True), (200_000, True), (199_999, False)])
def test_a_share_at_the_limit_is_large_enough(wage: int, *, stable: bool) -> None:
    income = Income(
        wage_fen=wage, business_fen=300_000, transfer_fen=400_000, property_fen=100_000, cost_fen=0
    )
    look = replace(LOOK, income=income, line_fen=0)

    assert is_stable([look, later(look, 1)], RULE) is stable


def test_enough_looks_in_a_row_are_needed() -> None:
    poor = replace(later(LOOK, 2), line_fen=500_000)

    assert not is_stable([LOOK], RULE)
    assert is_stable([LOOK, later(LOOK, 1)], RULE)
    assert not is_stable([LOOK, later(LOOK, 1), poor], RULE)
    assert not is_stable([LOOK, poor, later(LOOK, 3)], RULE)
    assert is_stable([poor, later(LOOK, 3), later(LOOK, 4)], RULE)


def test_two_looks_on_one_day_are_one() -> None:
    assert not is_stable([LOOK, LOOK], RULE)


def test_nothing_earned_is_no_share() -> None:
    nothing = Income(wage_fen=0, business_fen=0, transfer_fen=0, property_fen=0, cost_fen=0)

    assert nothing.earned_percent == 0
    assert INCOME.earned_percent == Fraction(50)
