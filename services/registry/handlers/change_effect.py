"""What an approved change does, and how it is taken back: new versions, facts, and the entries of open rounds."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.values import CLOSED, PROCEDURE, TAKEOVER
from services.registry.domain import outcome as domain
from services.registry.domain.change import Plan, refuse_unlike
from services.registry.domain.change_request import ChangeRequest
from services.registry.domain.errors.register import DateBeforeStanding, NothingChanged, VillageUnknown
from services.registry.domain.household import Household
from services.registry.domain.outcome import Former, Outcome
from services.registry.domain.procedure import OPEN
from services.registry.domain.timeline import Content
from services.registry.handlers.following import follow_households
from services.registry.handlers.leaving import overtake_exits, resume_exits
from services.registry.handlers.notice import HOUSEHOLD_CHANGED, void_where_changed
from services.registry.schemas.change import DuplicateMerge, Merge, Move, Requested
from services.registry.schemas.change_plan import plan_of
from services.registry.store import change_request as requests
from services.registry.store import division as divisions
from services.registry.store import entry as entries
from services.registry.store import merge as merges
from services.registry.store import timeline as store
from services.registry.store.change_request import Applied
from services.registry.store.row import Trace


class Files(Protocol):
    """Households with what their files say now."""

    @property
    def households(self) -> Mapping[UUID, Household]: ...

    @property
    def contents(self) -> Mapping[UUID, Content]: ...


async def try_out(unit: UnitOfWork, body: Requested, files: Files, *, on: date) -> list[Outcome]:
    """Return what a request makes of each household as it is now, or refuse it; nothing is stored."""
    if isinstance(body, Move):
        await _check_village(unit, body.village_code)
    for household in files.households.values():
        domain.refuse_closed(household)
    if isinstance(body, Merge):
        refuse_unlike(files.households[body.household_id], files.households[body.joined_id], on)
    plan = plan_of(body, files.contents, on=on, new_id=new_id)
    outcomes = [await _restated(unit, files.households[each], plan, on) for each in plan.edits]
    if plan.founding is None:
        return outcomes
    origin = files.households[plan.founding.origin_id]
    basis = PROCEDURE if await entries.came_by_procedure(unit.driver, origin.id) else TAKEOVER
    founded = domain.found(origin, plan.founding, new_id=new_id(), basis=basis, on=on, today=unit.today)
    return [*outcomes, founded]


async def apply(unit: UnitOfWork, request: ChangeRequest, body: Requested, files: Files) -> None:
    """Store what a request makes of each household, and tell of it."""
    outcomes = await try_out(unit, body, files, on=request.effective_on)
    outcomes = await _store(unit, request, outcomes, files.households)
    await requests.save_applied(unit.driver, request.id, [_applied(each) for each in outcomes])
    await _follow_in_rounds(unit, outcomes, origin_id=body.household_id)


async def take_back(
    unit: UnitOfWork,
    request: ChangeRequest,
    formers: Mapping[UUID, Former | None],
    now: Mapping[UUID, Household],
) -> None:
    """Store the former content and state of each household of a request, and tell of it."""
    outcomes = []
    for household_id, former in formers.items():
        household = now[household_id]
        if former is None:
            outcomes.append(domain.unfound(household, today=unit.today))
            continue
        stretches = await store.load_stretches(
            unit.driver, household_id, on=request.effective_on, up_to=former.version, cipher=unit.cipher
        )
        outcomes.append(domain.undo(household, former, stretches, today=unit.today))
    outcomes = await _store(unit, request, outcomes, now)
    await _follow_in_rounds(unit, outcomes, is_undone=True)


async def trace_merge(
    unit: UnitOfWork, request: ChangeRequest, body: DuplicateMerge, household: Household
) -> None:
    """Keep for whom somebody who was filed twice is taken."""
    await merges.add_merge(
        unit.driver,
        merges.Merge(
            request_id=request.id,
            village_code=household.village_code,
            kept_id=body.kept,
            dropped_id=body.dropped,
            actor_id=unit.principal.actor_id,
            at=unit.now,
        ),
    )


async def _restated(unit: UnitOfWork, household: Household, plan: Plan, on: date) -> Outcome:
    if on < household.village_since:
        raise DateBeforeStanding(pointer="/effective_on")
    stretches = await store.load_stretches(
        unit.driver, household.id, on=on, up_to=household.version, cipher=unit.cipher
    )
    outcome = domain.restate(
        household, stretches, plan.edits[household.id], closing_reason=plan.closing_reason, today=unit.today
    )
    if [each.content for each in outcome.versions] == [each.content for each in stretches]:
        raise NothingChanged
    return outcome


async def _store(
    unit: UnitOfWork, request: ChangeRequest, outcomes: list[Outcome], now: Mapping[UUID, Household]
) -> list[Outcome]:
    at = _moment(unit, now)
    trace = Trace(
        actor_id=unit.principal.actor_id, recorded_at=at, change_set_id=request.id, reason=request.reason
    )
    outcomes = [domain.recorded(each, at) for each in outcomes]
    await store.save_outcomes(unit.driver, outcomes, cipher=unit.cipher, trace=trace)
    for outcome in outcomes:
        for fact, sequence in outcome.told:
            unit.record(fact, sequence=sequence, area=outcome.after.village_code)
    return outcomes


async def _follow_in_rounds(
    unit: UnitOfWork, outcomes: list[Outcome], *, origin_id: UUID | None = None, is_undone: bool = False
) -> None:
    """Keep the entries of open rounds where their households live; who is gone leaves the round, and lists are void."""
    after = {each.after.id: each.after for each in outcomes}
    founded = [each.after for each in outcomes if each.before is None]
    for entry in await follow_households(unit, after, reopens=is_undone):
        if entry.household_id == origin_id and entry.outcome == OPEN:
            for one in founded:
                await entries.follow_entry(unit.driver, entry, one.id)
    closed = [each.before for each in outcomes if each.before and each.after.status == CLOSED]
    await overtake_exits(unit, closed, on=unit.today)
    await resume_exits(unit, outcomes)
    await void_where_changed(unit, after, HOUSEHOLD_CHANGED)


async def _check_village(unit: UnitOfWork, village: str) -> None:
    if village not in await divisions.list_villages(unit.driver, village):
        raise VillageUnknown(pointer="/village_code")


def _moment(unit: UnitOfWork, now: Mapping[UUID, Household]) -> datetime:
    # A request that waited for the lock began earlier than the one it waited for.
    return max([unit.now, *(household.recorded_at for household in now.values())])


def _applied(outcome: Outcome) -> Applied:
    return Applied(
        household_id=outcome.after.id,
        village_code=outcome.after.village_code,
        before=outcome.before,
        applied_version=outcome.after.version,
    )
