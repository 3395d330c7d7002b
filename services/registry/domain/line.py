"""Income lines: who is below one, and whether the two lines have become one (两线合一)."""

from typing import Final

from contracts.values import GENERAL, ON_THE_REGISTER

TWO_LINES: Final = "two-lines-into-one"
POOR_NOT_REGISTERED: Final = "below-poverty-line-not-registered"
POOR_WITHOUT_ALLOWANCE: Final = "below-dibao-line-without-allowance"


def is_below(per_capita_income_fen: int, line_fen: int | None) -> bool:
    """A household at the line is not below it; without a line nobody is."""
    return line_fen is not None and per_capita_income_fen < line_fen


def are_one(poverty_fen: int | None, dibao_fen: int | None) -> bool | None:
    """The two lines are one when the allowance's is at least the poverty line (国办发〔2016〕70号); None without both."""
    if poverty_fen is None or dibao_fen is None:
        return None
    return dibao_fen >= poverty_fen


def mismatches(*, status: str, category: str, below_poverty: bool, below_dibao: bool) -> list[str]:
    """Return on which office's list a household is missing, although its income is below that office's line.

    Whoever is under the five guarantees (五保、特困) has the allowance's place taken by them.
    """
    found = []
    if below_poverty and status not in ON_THE_REGISTER:
        found.append(POOR_NOT_REGISTERED)
    if below_dibao and category == GENERAL:
        found.append(POOR_WITHOUT_ALLOWANCE)
    return found
