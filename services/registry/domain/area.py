"""Areas: the classes of villages, and the figures that an area's office states about it, dated and with their document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from services.registry.domain.division import DIGITS, VILLAGE, division_prefix
from services.registry.domain.errors.area import FigureInvalid
from services.registry.domain.rule_pack import RulePack

COUNT: Final = "count"
PERCENT: Final = "percent"
YES_NO: Final = "yes-no"

RURAL_POPULATION: Final = "rural-population"
INCOME_GROWTH: Final = "income-growth-percent"
REFERENCE_GROWTH: Final = "reference-growth-percent"
COLLECTIVE_ECONOMY: Final = "collective-economy"
POOR_VILLAGES_OUT: Final = "poor-villages-out-percent"
COVERAGE: Final = "coverage-percent"
COMPULSORY_EDUCATION: Final = "compulsory-education"
# The county lists its poor villages (贫困村) by document; they leave the list by the criteria of their exit.
POOR_VILLAGE: Final = "poor-village"
# What a figure counts, and how it is written.
FIGURES: Final[Mapping[str, str]] = {
    RURAL_POPULATION: COUNT,
    INCOME_GROWTH: PERCENT,
    REFERENCE_GROWTH: PERCENT,
    COLLECTIVE_ECONOMY: YES_NO,
    POOR_VILLAGES_OUT: PERCENT,
    COVERAGE: PERCENT,
    COMPULSORY_EDUCATION: YES_NO,
    POOR_VILLAGE: YES_NO,
}
_WRITTEN: Final = {
    COUNT: re.compile(r"[1-9]\d{0,9}"),
    PERCENT: re.compile(r"-?\d{1,3}(\.\d{1,2})?"),
    YES_NO: re.compile(r"yes|no"),
}
_NEVER_BELOW_ZERO: Final = (POOR_VILLAGES_OUT, COVERAGE)
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of an area and year, as of a day, from a document."""

    area_code: str
    kind: str
    year: int
    value: str
    as_of: date
    basis_document: str


def is_key_village(households: int, pack: RulePack, *, is_poor_village: bool) -> bool:
    """A village with more households on the register than the limit is a key village, unless it is a poor village.

    Each village is promoted as one or the other, so that none is counted twice (capabilities P6.1).
    """
    return households > pack.key_village_above_households and not is_poor_village


def check_figure(figure: Figure, today: date) -> None:
    """Refuse a figure that is not written as its kind asks, or that speaks of a day to come."""
    unit = FIGURES[figure.kind]
    if not _WRITTEN[unit].fullmatch(figure.value):
        raise FigureInvalid(f"{figure.kind} is written as {unit}.", pointer="/value")
    if figure.kind in _NEVER_BELOW_ZERO and not 0 <= Decimal(figure.value) <= _HUNDRED:
        raise FigureInvalid(f"{figure.kind} lies between 0 and 100.", pointer="/value")
    if figure.kind == POOR_VILLAGE and len(division_prefix(figure.area_code)) != DIGITS[VILLAGE]:
        raise FigureInvalid(f"{figure.kind} is said of a village.", pointer="/kind")
    if figure.as_of > today or figure.year > figure.as_of.year:
        raise FigureInvalid("A figure speaks of a day and a year that have come.", pointer="/as_of")
