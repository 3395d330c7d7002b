"""Candidates as the procedure moves them: evaluated, noticed, or back. Others hear of them once registered."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from contracts.values import CANDIDATE, EVALUATED, NOTICED
from services.registry.domain import household as domain
from services.registry.domain.errors.register import DateBeforeStanding
from services.registry.domain.household import Household
from services.registry.store import household as store
from services.registry.store.row import Trace


async def mark_evaluated(
    unit: UnitOfWork, ids: Collection[UUID], *, on: date, pointer: str | None = None
) -> None:
    """Mark those of the households that are candidates as evaluated."""
    step = partial(domain.evaluate, on=on, today=unit.today)
    await _pass(unit, ids, {CANDIDATE}, step, on=on, pointer=pointer)


async def mark_noticed(unit: UnitOfWork, ids: Collection[UUID], *, on: date) -> None:
    """Mark households that a round adds as noticed; who comes back to the register keeps the state it has."""
    step = partial(domain.notice, on=on, today=unit.today)
    await _pass(unit, ids, {CANDIDATE, EVALUATED}, step, on=on, pointer="/on")


async def unmark_noticed(unit: UnitOfWork, ids: Collection[UUID], *, reason: str) -> None:
    """Take households that were noticed back to their evaluation, which stands."""
    step = partial(domain.fall_back, status=EVALUATED, on=unit.today, today=unit.today)
    await _pass(unit, ids, {NOTICED}, step, on=unit.today, reason=reason)


async def turn_back(unit: UnitOfWork, ids: Collection[UUID], *, on: date, pointer: str | None = None) -> None:
    """Make those of the households candidates again that had come further."""
    step = partial(domain.fall_back, status=CANDIDATE, on=on, today=unit.today)
    await _pass(unit, ids, {EVALUATED, NOTICED}, step, on=on, pointer=pointer)


async def _pass(
    unit: UnitOfWork,
    ids: Collection[UUID],
    of: Collection[str],
    step: Callable[[Household], Household],
    *,
    on: date,
    pointer: str | None = None,
    reason: str | None = None,
) -> None:
    if not ids:
        return
    found = await store.lock_households(unit.driver, ids, area=unit.principal.area)
    passing = [household for household in found.values() if household.status in of]
    _refuse_late(passing, on, pointer)
    passed = [
        replace(step(household), recorded_at=max(unit.now, household.recorded_at)) for household in passing
    ]
    trace = Trace(actor_id=unit.principal.actor_id, recorded_at=unit.now, reason=reason)
    await store.save_standings(unit.driver, passed, trace)


def _refuse_late(households: Iterable[Household], on: date, pointer: str | None) -> None:
    late = [household for household in households if household.status_since > on]
    if late:
        first = late[0]
        message = f"Household {first.id} is {first.status} since {first.status_since}, which is later."
        raise DateBeforeStanding(message, pointer=pointer)
