"""Visits: recorded by the hundred, corrected and annulled one by one; complete checks pass a household's entry on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound, Refusal
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER, VILLAGE_COMMITTEE, WORK_TEAM
from contracts.values import WITHDRAWN
from services.registry import rules, views_visit
from services.registry.domain import visit as domain
from services.registry.domain.errors.register import HouseholdWithdrawn
from services.registry.domain.errors.round import HouseholdOutsideRound
from services.registry.domain.five_checks import missing_checks
from services.registry.domain.procedure import Entry
from services.registry.domain.round import Round
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.visit import Visit
from services.registry.domain.visited_entry import see
from services.registry.handlers.bulk import count_refused, refused_item
from services.registry.handlers.round import load_open_round
from services.registry.schemas import visit as schema
from services.registry.schemas.visit_found import found_of, team_of
from services.registry.store import entry as entries
from services.registry.store import visit as store
from services.registry.store.row import COUNTY_DIGITS
from services.registry.store.visit import Visited

WHO = (VILLAGE_COMMITTEE, WORK_TEAM, CLERK, OFFICER)
Outcome = Visit | Refusal
# What a visit is held against: the round it belongs to, or else its day and the county in which the household lives.
Frame = UUID | tuple[date, str]


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """What the visits of one request meet: open rounds with their packs, households, their entries, used photos."""

    frames: dict[Frame, tuple[Round | None, RulePack] | Refusal]
    visited: Mapping[int, Visited]
    entries: dict[UUID, dict[UUID, Entry]]
    # Which household of these may not have which photo, since another has it already.
    kept_elsewhere: Collection[tuple[UUID, str]]
    photos: dict[str, UUID] = field(default_factory=dict)


async def record_visit(household_id: UUID, request: schema.VisitRequest, unit: UnitOfWork) -> Answer:
    """Record one visit."""
    unit.require(*WHO)
    item = schema.VisitItem(household_id=household_id, **dict(request))
    async with unit:
        (outcome,), around = await _record([item], unit, atomic=False)
        if isinstance(outcome, Refusal):
            raise outcome
        _, pack = _round_of(_frame_of(item, around.visited[0]), around)
        location = f"/registry/v1/visits/{outcome.id}"
        summary = views_visit.summary_of(outcome, pack)
        return unit.answer(summary, status=201, etag=outcome.version, location=location)


async def record_visits(request: schema.BulkVisits, unit: UnitOfWork) -> Answer:
    """Record many visits, with a result for each."""
    unit.require(*WHO)
    async with unit:
        outcomes, _ = await _record(request.items, unit, atomic=request.atomic)
        results = [
            _result(index, item, outcome)
            for index, (item, outcome) in enumerate(zip(request.items, outcomes, strict=True))
        ]
        refused = sum(isinstance(outcome, Refusal) for outcome in outcomes)
        return unit.answer(
            schema.BulkVisitsResult(done=len(outcomes) - refused, refused=refused, results=results)
        )


async def _record(
    items: Sequence[schema.VisitItem], unit: UnitOfWork, *, atomic: bool
) -> tuple[list[Outcome], Surroundings]:
    around = await _look_around(items, unit)
    outcomes = [_attempt(index, item, around, unit) for index, item in enumerate(items)]
    count_refused(outcomes, atomic=atomic)
    visits = [outcome for outcome in outcomes if isinstance(outcome, Visit)]
    await store.add_visits(unit.driver, visits, unit.cipher, unit.principal.actor_id)
    for round_id, seen in around.entries.items():
        await entries.save_entries(unit.driver, round_id, list(seen.values()))
    versions = {visited.household_id: visited.version for visited in around.visited.values()}
    for visit in visits:
        fact = domain.recorded_fact(visit)
        unit.record(fact, sequence=versions[visit.household_id], area=visit.area_code)
    return outcomes, around


async def _look_around(items: Sequence[schema.VisitItem], unit: UnitOfWork) -> Surroundings:
    around = Surroundings(
        frames={},
        visited=await store.list_visited(
            unit.driver, [(item.household_id, item.visited_on) for item in items], area=unit.principal.area
        ),
        entries={},
        kept_elsewhere=await store.list_kept_elsewhere(
            unit.driver,
            [(item.household_id, photo) for item in items for photo in item.photos],
            area=unit.principal.area,
        ),
    )
    for index, visited in around.visited.items():
        frame = _frame_of(items[index], visited)
        if frame in around.frames:
            continue
        around.frames[frame] = await _find_frame(frame, unit)
    for round_id in dict.fromkeys(item.round_id for item in items if item.round_id):
        ids = [item.household_id for item in items if item.round_id == round_id]
        around.entries[round_id] = await entries.lock_some(
            unit.driver, round_id, ids, area=unit.principal.area
        )
    return around


def _frame_of(item: schema.VisitItem, visited: Visited) -> Frame:
    return item.round_id or (item.visited_on, visited.village_code[:COUNTY_DIGITS])


async def _find_frame(frame: Frame, unit: UnitOfWork) -> tuple[Round | None, RulePack] | Refusal:
    try:
        if isinstance(frame, tuple):
            on, county = frame
            return None, await rules.pack_in_force(unit.driver, on, area=county)
        return await load_open_round(unit, frame)
    except Refusal as refusal:
        return refusal


def _round_of(frame: Frame, around: Surroundings) -> tuple[Round | None, RulePack]:
    found = around.frames[frame]
    if isinstance(found, Refusal):
        raise found
    return found


def _attempt(index: int, item: schema.VisitItem, around: Surroundings, unit: UnitOfWork) -> Outcome:
    try:
        return _decide(item, around.visited.get(index), around, unit)
    except Refusal as refusal:
        return refusal


def _decide(item: schema.VisitItem, visited: Visited | None, around: Surroundings, unit: UnitOfWork) -> Visit:
    if visited is None:
        raise NotFound("No such household.")
    if visited.status == WITHDRAWN:
        raise HouseholdWithdrawn
    within, pack = _round_of(_frame_of(item, visited), around)
    visit = _new_visit(item, visited, pack, unit)
    domain.check_visit(visit, pack, within=within, today=unit.today)
    domain.refuse_used_photos(visit, _used_photos(visit, around), pack)
    if within is not None:
        seen = around.entries[within.id]
        if visit.household_id not in seen:
            raise HouseholdOutsideRound(pointer="/round_id")
        seen[visit.household_id] = see(seen[visit.household_id], visit, pack)
    around.photos.update(dict.fromkeys(visit.found.photos, visit.household_id))
    return visit


def _used_photos(visit: Visit, around: Surroundings) -> set[str]:
    by = visit.household_id
    return {
        photo
        for photo in visit.found.photos
        if (by, photo) in around.kept_elsewhere or around.photos.get(photo, by) != by
    }


def _new_visit(item: schema.VisitItem, visited: Visited, pack: RulePack, unit: UnitOfWork) -> Visit:
    found = found_of(item)
    return Visit(
        id=new_id(),
        household_id=visited.household_id,
        village_code=visited.village_code,
        area_code=visited.village_code,
        round_id=item.round_id,
        visited_on=item.visited_on,
        version=1,
        is_valid=True,
        persons=visited.persons,
        found=found,
        team=team_of(item),
        checks_complete=not missing_checks(found.checks, pack),
        recorded_at=unit.now,
    )


def _result(index: int, item: schema.VisitItem, outcome: Outcome) -> schema.VisitResult:
    if isinstance(outcome, Refusal):
        refused = refused_item(index, item.household_id, item.reference_id, outcome)
        return schema.VisitResult(**dict(refused))
    return schema.VisitResult(
        index=index,
        reference_id=item.reference_id,
        outcome="done",
        household_id=outcome.household_id,
        version=outcome.version,
        visit_id=outcome.id,
        checks_complete=outcome.checks_complete,
    )
