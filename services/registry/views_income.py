"""The income ledger: every look at a household's income, held against the line of its year."""

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.registry import rules
from services.registry.domain import income as domain
from services.registry.domain.income import FILE, VISIT, Income
from services.registry.domain.rule_pack import POVERTY_LINE, RulePack
from services.registry.schemas import look as answer
from services.registry.store import visit as visits

LINE_RULE = "poverty-line"
STABILITY_RULE = "income-stability"
MOST_LOOKS = 200
HUNDREDTHS = 100
# The files that speak of any day at all: a later one from the same day on, or an earlier day, replaces it. A file stated
# anew with the same figures is no new look.
FILES = """
WITH spoken AS (
    SELECT v.version, v.valid_from, v.area_code, v.persons, v.wage_income_fen, v.business_income_fen,
        v.transfer_income_fen, v.property_income_fen, v.production_cost_fen, ARRAY[v.wage_income_fen,
        v.business_income_fen, v.transfer_income_fen, v.property_income_fen, v.production_cost_fen] AS figures
    FROM household_version AS v
    WHERE v.household_id = $1 AND NOT v.moved_out AND starts_with(v.area_code, $2) AND NOT EXISTS (
        SELECT FROM household_version AS later
        WHERE later.household_id = v.household_id AND later.version > v.version AND later.valid_from <= v.valid_from
    )
), compared AS (
    SELECT *, figures IS NOT DISTINCT FROM lag(figures) OVER (ORDER BY version) AS is_same
    FROM spoken
)
SELECT version, valid_from, area_code, persons, wage_income_fen, business_income_fen, transfer_income_fen,
    property_income_fen, production_cost_fen
FROM compared WHERE NOT is_same ORDER BY version DESC LIMIT $3
"""
LIVES_IN = "SELECT area_code FROM household WHERE id = $1 AND starts_with(area_code, $2)"


async def show_income(unit: UnitOfWork, household_id: UUID) -> answer.IncomeLedger:
    """Return every look at a household's income."""
    village = await unit.driver.fetchval(LIVES_IN, household_id, unit.principal.area)
    if village is None:
        raise NotFound
    seen = [*await _files(unit, household_id), *await _visits(unit, household_id)]
    seen.sort(key=lambda one: (one["on"], one["source"], one["version"]))
    packs = {
        (on, area): await rules.pack_in_force(unit.driver, on, area=area)
        for on, area in {(one["on"], one["area"]) for one in seen}
    }
    held_against = [packs[one["on"], one["area"]] for one in seen]
    looks = [_look(one, pack) for one, pack in zip(seen, held_against, strict=True)]
    pack = await rules.pack_in_force(unit.driver, unit.today, area=village)
    return answer.IncomeLedger(
        household_id=household_id,
        looks=[_shown(*each) for each in zip(seen, looks, held_against, strict=True)],
        is_stable=domain.is_stable(looks, pack.stability),
        looks_needed=pack.stability.looks,
        earned_percent_needed=pack.stability.earned_share_percent,
        rule_pack=pack.code,
        rule_document=pack.basis(STABILITY_RULE),
    )


async def _files(unit: UnitOfWork, household_id: UUID) -> list[dict[str, Any]]:
    rows = await unit.driver.fetch(FILES, household_id, unit.principal.area, MOST_LOOKS)
    return [
        {
            "on": row["valid_from"],
            "source": FILE,
            "visit_id": None,
            "version": row["version"],
            "area": row["area_code"],
            "persons": row["persons"],
            "income": Income(
                wage_fen=row["wage_income_fen"],
                business_fen=row["business_income_fen"],
                transfer_fen=row["transfer_income_fen"],
                property_fen=row["property_income_fen"],
                cost_fen=row["production_cost_fen"],
            ),
        }
        for row in rows
    ]


async def _visits(unit: UnitOfWork, household_id: UUID) -> list[dict[str, Any]]:
    found = await visits.list_visits(
        unit.driver, household_id, unit.cipher, area=unit.principal.area, after=None, limit=MOST_LOOKS
    )
    return [
        {
            "on": visit.visited_on,
            "source": VISIT,
            "visit_id": visit.id,
            "version": visit.version,
            "area": visit.village_code,
            "persons": visit.persons,
            "income": visit.found.checks.income.income,
        }
        for visit in found
        if visit.is_valid and visit.found.checks.income is not None
    ]


def _look(one: dict[str, Any], pack: RulePack) -> domain.Look:
    on: date = one["on"]
    return domain.Look(
        on=on,
        source=one["source"],
        income=one["income"],
        persons=one["persons"],
        line_fen=pack.line_fen(POVERTY_LINE, on.year, one["area"]),
    )


def _shown(one: dict[str, Any], look: domain.Look, pack: RulePack) -> answer.Look:
    income = look.income
    return answer.Look(
        on=look.on,
        source="file" if look.source == FILE else "visit",
        visit_id=one["visit_id"],
        version=one["version"],
        wage_income=income.wage_fen,
        business_income=income.business_fen,
        transfer_income=income.transfer_fen,
        property_income=income.property_fen,
        production_cost=income.cost_fen,
        net_income=income.net_fen,
        persons=look.persons,
        per_capita_income=look.per_capita_fen,
        line=look.line_fen,
        line_document=pack.basis(LINE_RULE),
        is_above_line=look.is_above_line,
        earned_percent=_two_decimals(income.earned_percent),
    )


def _two_decimals(share: Fraction) -> str:
    whole, rest = divmod(round(share * HUNDREDTHS), HUNDREDTHS)
    return f"{whole}.{rest:02d}"
