"""A rule is a row of data: which kind, which numbers, from when to when, and by which document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from contracts.values import PER_PERSON
from services.relocation.domain.errors import (
    BudgetTooLarge,
    InstalmentNotSet,
    RuleAlreadyApplied,
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


def next_start(rule: Rule, editions: Iterable[Rule]) -> date | None:
    """Return the day on which the edition after this one begins, if there is one."""
    starts = (edition.effective_from for edition in editions if edition.kind == rule.kind)
    return min((start for start in starts if start > rule.effective_from), default=None)


def ended_by_the_next(rule: Rule, editions: Iterable[Rule]) -> Rule:
    """An edition without a last day ends the day before the next one begins."""
    following = next_start(rule, editions)
    if rule.effective_to is not None or following is None:
        return rule
    return replace(rule, effective_to=following - timedelta(days=1))


def check_edition(rule: Rule, editions: Iterable[Rule], *, applied_on: date | None = None) -> None:
    """Refuse an edition that ends before it begins, or under which two would be in force on one day.

    `applied_on` is the last day, among those it takes from the edition before, that something was decided for by that.
    """
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        raise RulePeriodReversed(pointer="/effective_to")
    if any(_overlap(rule, edition) for edition in editions):
        raise RuleEditionsOverlap(pointer="/effective_from")
    if applied_on is not None:
        raise RuleAlreadyApplied(
            f"The edition in force then was applied up to {applied_on}; a new one can begin only later.",
            pointer="/effective_from",
        )


def edition_in_force(editions: Iterable[Rule], kind: str, on: date) -> Rule:
    """Return the one edition of a kind in force on a day: the last one begun, if its own last day has not passed."""
    begun = (rule for rule in editions if rule.kind == kind and rule.effective_from <= on)
    latest = max(begun, key=lambda rule: rule.effective_from, default=None)
    if latest is None or not is_in_force(latest, on):
        raise RuleNotInForce(f"No {kind} rule is in force on that day.")
    return latest


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
    # Whichever begins first gives way to the later one, unless it was said to last longer.
    first, second = sorted((one, other), key=lambda rule: rule.effective_from)
    if one.kind != other.kind or first.effective_from == second.effective_from:
        return one.kind == other.kind
    return first.effective_to is not None and is_in_force(first, second.effective_from)
