"""A household's income as the form counts it: four sources minus the costs of production, by the head; and how stable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from msgspec import Struct

from services.registry.domain.rule_pack import StabilityRule

INCOME_TOTAL: Final = "income-total"
FILE: Final = "file"
VISIT: Final = "visit"


class Income(Struct, frozen=True, kw_only=True):
    """Income of a year by its four sources, with the costs of production, in fen."""

    wage_fen: int
    business_fen: int
    transfer_fen: int
    property_fen: int
    cost_fen: int

    @property
    def gross_fen(self) -> int:
        """The four sources together."""
        return self.wage_fen + self.business_fen + self.transfer_fen + self.property_fen

    @property
    def net_fen(self) -> int:
        """The four sources minus the costs; below zero in a year of loss (capabilities P1.3)."""
        return self.gross_fen - self.cost_fen

    @property
    def earned_percent(self) -> Fraction:
        """The share of wages and business in the four sources; nothing earned is no share."""
        earned = self.wage_fen + self.business_fen
        return Fraction(100 * earned, self.gross_fen) if self.gross_fen else Fraction(0)

    def per_capita_fen(self, persons: int) -> int:
        """Net income by persons, rounded half up to the fen."""
        return (2 * self.net_fen + persons) // (2 * persons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a household's income, against the line of its year where there is one."""

    on: date
    source: str
    income: Income
    persons: int
    line_fen: int | None

    @property
    def per_capita_fen(self) -> int:
        """What each person had."""
        return self.income.per_capita_fen(self.persons)

    @property
    def is_above_line(self) -> bool:
        """Income at the line is not above it."""
        return self.line_fen is not None and self.per_capita_fen > self.line_fen


def is_stable(looks: Sequence[Look], rule: StabilityRule) -> bool:
    """Income is stable when the last looks were all above the line, each with its share earned (五查五看, 查收入).

    Of several looks on one day the last counts, so that nobody makes two looks of one.
    """
    by_day = {look.on: look for look in sorted(looks, key=lambda look: look.on)}
    last = list(by_day.values())[-rule.looks :]
    return len(last) == rule.looks and all(
        look.is_above_line and look.income.earned_percent >= Fraction(rule.earned_share_percent)
        for look in last
    )
