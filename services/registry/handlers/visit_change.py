"""Visits looked at again: corrected, or annulled by the county; what already rests on them stays and is judged later."""

from dataclasses import replace
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.roles import OFFICER
from services.registry import views_visit
from services.registry.domain import visit as domain
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.visit import Visit
from services.registry.domain.visited_entry import see, unsee
from services.registry.handlers.visit import WHO
from services.registry.schemas.visit import VisitAnnulment, VisitCorrection
from services.registry.schemas.visit_found import found_of, team_of
from services.registry.store import entry as entries
from services.registry.store import visit as store
from services.registry.store.visit import ANNULLED, CORRECTED, Stated


async def correct_visit(visit_id: UUID, request: VisitCorrection, unit: UnitOfWork) -> Answer:
    """State the whole content of a visit anew."""
    unit.require(*WHO)
    async with unit:
        before = await _load(visit_id, unit)
        pack = await views_visit.pack_of(unit, before)
        after = domain.correct(before, found_of(request), team_of(request), pack)
        domain.check_visit(after, pack, within=None, today=unit.today)
        await _refuse_used_photos(after, pack, unit)
        after = _recorded(before, after, unit)
        await _save(after, CORRECTED, request.reason, unit)
        await _pass_on(after, pack, unit)
        fact = domain.corrected_fact(before, after, on=unit.today)
        unit.record(fact, sequence=await _sequence(after, unit), area=after.area_code)
        return unit.answer(views_visit.summary_of(after, pack), etag=after.version)


async def annul_visit(visit_id: UUID, request: VisitAnnulment, unit: UnitOfWork) -> Answer:
    """Let a visit count for nothing."""
    unit.require(OFFICER)
    async with unit:
        before = await _load(visit_id, unit)
        pack = await views_visit.pack_of(unit, before)
        after = _recorded(before, domain.annul(before), unit)
        await _save(after, ANNULLED, request.reason, unit)
        await _pass_on(after, pack, unit)
        fact = domain.annulled_fact(after, request.reason, on=unit.today)
        unit.record(fact, sequence=await _sequence(after, unit), area=after.area_code)
        return unit.answer(views_visit.summary_of(after, pack), etag=after.version)


async def _load(visit_id: UUID, unit: UnitOfWork) -> Visit:
    visit = await store.lock_visit(unit.driver, visit_id, unit.cipher, area=unit.principal.area)
    if visit is None:
        raise NotFound
    return visit


async def _refuse_used_photos(after: Visit, pack: RulePack, unit: UnitOfWork) -> None:
    asked = [(after.household_id, photo) for photo in after.found.photos]
    kept = await store.list_kept_elsewhere(unit.driver, asked, area=unit.principal.area)
    domain.refuse_used_photos(after, {photo for _, photo in kept}, pack)


def _recorded(before: Visit, after: Visit, unit: UnitOfWork) -> Visit:
    # A request that waited for the lock began earlier than the one it waited for.
    return replace(after, recorded_at=max(unit.now, before.recorded_at))


async def _save(after: Visit, kind: str, reason: str, unit: UnitOfWork) -> None:
    stated = Stated(kind=kind, actor_id=unit.principal.actor_id, reason=reason)
    await store.save_visit(unit.driver, after, unit.cipher, stated)


async def _pass_on(after: Visit, pack: RulePack, unit: UnitOfWork) -> None:
    """Let the household's entry follow, as long as no evaluation rests on the visit."""
    if after.round_id is None:
        return
    found = await entries.lock_some(
        unit.driver, after.round_id, [after.household_id], area=unit.principal.area
    )
    for entry in found.values():
        other = await store.find_other_complete(unit.driver, after, unit.cipher)
        if after.is_valid and after.checks_complete:
            # Corrected is not visited again: a later visit stays the one that the evaluations begin from.
            last = max((after, other or after), key=lambda one: (one.visited_on, one.id))
            moved = see(entry, last, pack)
        else:
            moved = unsee(entry, after, other)
        await entries.save_entries(unit.driver, after.round_id, [moved])


async def _sequence(visit: Visit, unit: UnitOfWork) -> int:
    found = await store.list_visited(
        unit.driver, [(visit.household_id, visit.visited_on)], area=unit.principal.area
    )
    if not found:  # it moved out of the caller's area since
        raise NotFound
    return found[0].version
