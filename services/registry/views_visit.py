"""Visits as they are read."""

from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.registry import rules
from services.registry.domain.five_checks import missing_checks
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.visit import Visit
from services.registry.schemas import visit as answer
from services.registry.schemas.visit_found import shown_checks
from services.registry.store import round as rounds
from services.registry.store import visit as store
from services.registry.views import IS_VISIBLE, NAMES_ARE_SHOWN_TO

HISTORY = """
SELECT version, kind, reason, actor_id, recorded_at FROM visit_version WHERE visit_id = $1 ORDER BY version
"""
ELSEWHERE = """
SELECT DISTINCT photo_sha256 FROM visit_photo
WHERE photo_sha256 = ANY($1) AND household_id <> $2 ORDER BY photo_sha256 LIMIT 20
"""


def summary_of(visit: Visit, pack: RulePack) -> answer.VisitSummary:
    """Return a visit without what was seen."""
    return answer.VisitSummary(**_facts_of(visit, pack))


async def show_visit(unit: UnitOfWork, visit_id: UUID) -> answer.Visit:
    """Return a visit with everything that was found."""
    visit = await store.find_visit(unit.driver, visit_id, unit.cipher, area=unit.principal.area)
    if visit is None:
        raise NotFound
    pack = await pack_of(unit, visit)
    history = await unit.driver.fetch(HISTORY, visit_id)
    elsewhere = await unit.driver.fetch(ELSEWHERE, list(visit.found.photos), visit.household_id)
    is_shown = not unit.principal.roles.isdisjoint(NAMES_ARE_SHOWN_TO)
    return answer.Visit(
        **_facts_of(visit, pack),
        members=list(visit.team.members) if is_shown else None,
        latitude=visit.team.latitude if is_shown else None,
        longitude=visit.team.longitude if is_shown else None,
        photos=list(visit.found.photos),
        photos_seen_elsewhere=[row["photo_sha256"] for row in elsewhere],
        signature_sha256=visit.found.signature_sha256,
        cause=visit.found.cause,
        checks=shown_checks(visit.found.checks),
        assurances_met=list(visit.found.assurances_met),
        guarantees_met=list(visit.found.guarantees_met),
        history=[answer.VisitVersion(**dict(row)) for row in history],
    )


async def list_visits(
    unit: UnitOfWork, household_id: UUID, *, cursor: str | None, limit: int
) -> Page[answer.VisitSummary]:
    """Return the visits to a household in the order they were recorded."""
    if not await unit.driver.fetchval(IS_VISIBLE, household_id, unit.principal.area):
        raise NotFound
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await store.list_visits(
        unit.driver, household_id, unit.cipher, area=unit.principal.area, after=last, limit=limit + 1
    )
    packs = {visit.round_id: await pack_of(unit, visit) for visit in found}
    return page_of(found, limit, lambda one: summary_of(one, packs[one.round_id]), lambda one: (one.id,))


async def pack_of(unit: UnitOfWork, visit: Visit) -> RulePack:
    """Return the rule pack that a visit is held against: its round's, or that of its day."""
    if visit.round_id is not None:
        one = await rounds.find_round(unit.driver, visit.round_id, area=unit.principal.area)
        if one is not None:
            return await rules.load_pack(unit.driver, one.rule_pack, one.rule_pack_version)
    return await rules.pack_in_force(unit.driver, visit.visited_on, area=visit.village_code)


def _facts_of(visit: Visit, pack: RulePack) -> dict[str, Any]:
    return {
        "id": visit.id,
        "household_id": visit.household_id,
        "village_code": visit.village_code,
        "round_id": visit.round_id,
        "visited_on": visit.visited_on,
        "version": visit.version,
        "is_valid": visit.is_valid,
        "checks_complete": visit.checks_complete,
        "missing_checks": missing_checks(visit.found.checks, pack),
        "persons": visit.persons,
        "per_capita_income": visit.per_capita_income_fen,
        "recorded_at": visit.recorded_at,
    }
