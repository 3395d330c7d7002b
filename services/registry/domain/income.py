"""A household's income as the form counts it: four sources minus the costs of production, by the head."""

from typing import Final

from msgspec import Struct

INCOME_TOTAL: Final = "income-total"


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

    def per_capita_fen(self, persons: int) -> int:
        """Net income by persons, rounded half up to the fen."""
        return (2 * self.net_fen + persons) // (2 * persons)
