"""Shares: exact fractions, shown in percent with two decimals."""

from fractions import Fraction


def percent(part: int, whole: int) -> str | None:
    """Return a part in percent of the whole at two decimals, half up; None of nothing (capabilities P1.9)."""
    return None if whole == 0 else percent_text(Fraction(part, whole) * 100)


def percent_text(value: Fraction) -> str:
    """Return a percentage that is not below zero at two decimals, half up."""
    hundredths = (value * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}"
