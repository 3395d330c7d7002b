"""Shares at two decimals, half up."""

from fractions import Fraction

import pytest

from services.registry.domain.share import percent, percent_text


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (1_877, 4_290, "43.75"),
        (5_782, 15_002, "38.54"),
        (1, 20_000, "0.01"),
        (1, 20_001, "0.00"),
        (1, 1, "100.00"),
        (0, 7, "0.00"),
        (2, 3, "66.67"),
    ],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == shown


def test_there_is_no_share_of_nothing() -> None:
    assert percent(0, 0) is None


def test_a_half_of_a_hundredth_is_rounded_up() -> None:
    assert percent_text(Fraction("12.345")) == "12.35"
    assert percent_text(Fraction("12.3449")) == "12.34"
