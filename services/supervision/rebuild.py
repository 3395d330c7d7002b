"""Everything folded again from the first entry of the trail: projections and findings come out the same."""

from datetime import datetime
from typing import Any, Final

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.supervision.clockwork import adoption, ask_everything, move_clock
from services.supervision.collector import collector_at_rest
from services.supervision.domain.desk import Desk
from services.supervision.domain.rule import Rule, Rulebook
from services.supervision.hearing import heard_of, read_back, record_nothing
from services.supervision.store import desk as desks
from services.supervision.store import projection, trail
from services.supervision.store import rule as rules_store
from services.supervision.store.trail import Step

Driver = asyncpg.Connection
CHUNK: Final = 10_000
# So many dossiers stay in memory; beyond that they are put away, so that a province can be rebuilt too.
ON_THE_DESK: Final = 50_000


async def rebuild(unit: UnitOfWork) -> int:
    """Rebuild projections and findings inside an open transaction and return how many entries were read.

    Readers see the old state until it commits. No fact is published again: ids, dates and contents are the same.
    """
    with collector_at_rest():
        return await _rebuild(unit.driver)


async def _rebuild(driver: "Driver[Any]") -> int:
    progress = await trail.lock_progress(driver)
    await projection.empty(driver)
    in_use, waiting = await rules_store.list_rules(driver)
    versions = {(rule.code, rule.version): rule for rule in in_use + waiting}
    adopted: list[Rule] = []
    desk = Desk(rules=Rulebook(adopted), programmes={}, through=None)
    at = 0
    for step in await trail.list_steps(driver):
        at = await _replay(driver, desk, after=at, until=step.position)
        await desks.put_away(driver, desk)
        await _repeat(driver, desk, step, adopted=adopted, versions=versions)
    at = await _replay(driver, desk, after=at, until=progress.head.position)
    await desks.put_away(driver, desk)
    return at


async def _replay(driver: "Driver[Any]", desk: Desk, *, after: int, until: int) -> int:
    async for rows in trail.chunks(driver, after=after, until=until, size=CHUNK):
        await _judge(driver, desk, rows)
        if len(desk.dossiers) > ON_THE_DESK:
            await desks.put_away(driver, desk)
    return until


async def _judge(driver: "Driver[Any]", desk: Desk, rows: list[tuple[int, datetime, bytes]]) -> None:
    told = (heard_of(read_back(payload), recorded_at) for _, recorded_at, payload in rows)
    batch = [heard for heard in told if heard is not None]
    await desks.lay_out_batch(driver, desk, batch)
    for heard in batch:
        desk.hear(heard)


async def _repeat(
    driver: "Driver[Any]",
    desk: Desk,
    step: Step,
    *,
    adopted: list[Rule],
    versions: dict[tuple[str, int], Rule],
) -> None:
    if step.through is not None:
        await move_clock(driver, desk, step.through, at=step.recorded_at, record=record_nothing)
    elif step.rule_code is not None and step.rule_version is not None:
        rule = versions[step.rule_code, step.rule_version]
        adopted.append(rule)
        desk.rules = Rulebook(adopted)
        cause = adoption(rule, on=step.business_date, at=step.recorded_at)
        await ask_everything(driver, desk, cause, record=record_nothing)
