"""A rule is a row of data: which kind, which numbers, from when to when, and by which document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from contracts.values import PER_PERSON
from services.relocation.domain.errors import (
    BudgetTooLarge,
    InstalmentNotSet,
    RuleEditionsOverlap,
    RuleNotInForce,
    RulePeriodReversed,
)

AREA_CAP: Final = "area-cap"
INFRASTRUCTURE_STANDARD: Final = "infrastructure-standard"
LARGEST_BUDGET_FEN: Final = 10**12 - 1
"""Nearly ten billion yuan: sums over every site of a county can still be stored and written."""
HOUSING_SUBSIDY: Final = "housing-subsidy"
KINDS: Final = (AREA_CAP, INFRASTRUCTURE_STANDARD, HOUSING_SUBSIDY)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCap:
    """How much floor area a house may have for each person."""

    m2_per_person: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InfrastructureStandard:
    """How much infrastructure money a site is budgeted for each household, by kind of site."""

    per_household_fen: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingProgramme:
    """What a household is paid at which stages of its house, once each."""

    programme_code: str
    unit: str
    instalments_fen: Mapping[str, int]


Terms = AreaCap | InfrastructureStandard | HousingProgramme


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One edition of a rule; new numbers are a new edition, never a change of an old one."""

    id: UUID
    kind: str
    terms: Terms
    effective_from: date
    effective_to: date | None
    basis_document: str


def is_in_force(rule: Rule, on: date) -> bool:
    """An edition is in force from its first to its last day, both included; without a last day it stays in force."""
    return rule.effective_from <= on and (rule.effective_to is None or on <= rule.effective_to)


def check_edition(rule: Rule, editions: Iterable[Rule]) -> None:
    """Refuse an edition that ends before it begins, or under which two would be in force on one day."""
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        raise RulePeriodReversed(pointer="/effective_to")
    if any(_overlap(rule, edition) for edition in editions):
        raise RuleEditionsOverlap(pointer="/effective_from")


def edition_in_force(editions: Iterable[Rule], kind: str, on: date) -> Rule:
    """Return the one edition of a kind in force on a day."""
    for rule in editions:
        if rule.kind == kind and is_in_force(rule, on):
            return rule
    raise RuleNotInForce(f"No {kind} rule is in force on that day.")


def area_cap_m2(editions: Iterable[Rule], persons: int, on: date) -> Decimal:
    """At most 25 m2 a person (relocation red line of 2016, in the rule data); the persons are those allocated."""
    terms = edition_in_force(editions, AREA_CAP, on).terms
    assert isinstance(terms, AreaCap)  # noqa: S101 - the kind says so
    return terms.m2_per_person * persons


def infrastructure_budget_fen(editions: Iterable[Rule], kind: str, households: int, on: date) -> int:
    """Planned households times the standard of the kind of site (Eryuan report 2016, relocation)."""
    terms = edition_in_force(editions, INFRASTRUCTURE_STANDARD, on).terms
    assert isinstance(terms, InfrastructureStandard)  # noqa: S101 - the kind says so
    budget = terms.per_household_fen[kind] * households
    if budget > LARGEST_BUDGET_FEN:
        raise BudgetTooLarge(pointer="/planned_households")
    return budget


def instalment(editions: Iterable[Rule], stage: str, persons: int, on: date) -> tuple[str, int]:
    """Return the programme's code and what it pays for a stage (Eryuan report 2016: 20,000 yuan a household)."""
    terms = edition_in_force(editions, HOUSING_SUBSIDY, on).terms
    assert isinstance(terms, HousingProgramme)  # noqa: S101 - the kind says so
    rate = terms.instalments_fen.get(stage)
    if rate is None:
        raise InstalmentNotSet(pointer="/stage")
    return terms.programme_code, rate * persons if terms.unit == PER_PERSON else rate


def _overlap(one: Rule, other: Rule) -> bool:
    later_start = max(one.effective_from, other.effective_from)
    return one.kind == other.kind and is_in_force(one, later_start) and is_in_force(other, later_start)
