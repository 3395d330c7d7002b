"""What the clock does without any event: deadlines pass, years end, and published rules come into use."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from chassis.service import UnitFactory
from chassis.unit_of_work import UnitOfWork
from services.supervision.domain.checks.every import BY_CLOCK, OF_DOSSIER
from services.supervision.domain.desk import Desk
from services.supervision.domain.finding import Cause, Change, Occasion
from services.supervision.domain.rule import Rule, Rulebook, can_be_asked
from services.supervision.hearing import Recorder, record_changes
from services.supervision.rules import note_adopted, rules_in_use
from services.supervision.store import desk as desks
from services.supervision.store import projection, sheet, trail
from services.supervision.store import rule as rules_store

Driver = asyncpg.Connection
CHUNK: Final = 2000

log = structlog.get_logger("tuopin.supervision")


async def watch(unit_factory: UnitFactory) -> None:
    """Follow the business date, and adopt rules that were published; mostly there is nothing to do."""
    unit = unit_factory()
    async with unit:
        seen = await trail.read_progress(unit.driver)
        if seen.through == unit.today and not await rules_store.is_pending(unit.driver):
            return
        await catch_up(unit)


async def catch_up(unit: UnitOfWork) -> None:
    """Adopt what waits, then move the clock to the unit's business date, as the one writer."""
    driver = unit.driver
    progress = await trail.lock_progress(driver)
    in_use, waiting = await rules_in_use(driver, progress.head, on=unit.today, at=unit.now)
    desk = await desks.open_desk(driver, Rulebook(in_use), progress.through)

    def record(changes: Sequence[Change]) -> None:
        record_changes(unit, changes)

    for rule in waiting:
        if not can_be_asked(rule.terms):
            log.warning("rule left out", rule=rule.code, version=rule.version)
        await note_adopted(driver, progress.head, [rule], on=unit.today, at=unit.now)
        in_use.append(rule)
        desk.rules = Rulebook(in_use)
        cause = adoption(rule, on=unit.today, at=unit.now)
        await ask_everything(driver, desk, cause, record=record)
    if progress.through != unit.today:
        await trail.move_clock(driver, progress.head.position, unit.today, unit.now)
        await move_clock(driver, desk, unit.today, at=unit.now, record=record)


def adoption(rule: Rule, *, on: date, at: datetime) -> Occasion:
    """Return a rule's coming into use as a cause."""
    return Occasion(label=f"version {rule.version} of rule {rule.code}", on=on, at=at)


async def move_clock(driver: "Driver[Any]", desk: Desk, to: date, *, at: datetime, record: Recorder) -> None:
    """Judge every household that the clock now concerns; backwards, that is everybody."""
    is_backwards = desk.through is not None and to < desk.through
    desk.through = to
    cause = Occasion(label=f"the clock's move to {to}", on=to, at=at)
    if is_backwards:
        await _ask_everybody(driver, desk, lambda ids: record(desk.ask_again(ids, cause, BY_CLOCK)))
        return
    due = await projection.due_by(driver, to)
    for start in range(0, len(due), CHUNK):
        ids = due[start : start + CHUNK]
        await desks.lay_out(driver, desk, ids)
        record(desk.ask_again(ids, cause, BY_CLOCK))
        await desks.put_away(driver, desk)


async def ask_everything(driver: "Driver[Any]", desk: Desk, cause: Occasion, *, record: Recorder) -> None:
    """Ask every rule again about everybody, every photo, every round and every notice."""
    await _ask_everybody(driver, desk, lambda ids: record(desk.ask_again(ids, cause, OF_DOSSIER)))
    after = ""
    while hashes := await projection.every_photo(driver, after, CHUNK):
        after = hashes[-1]
        await desks.lay_out_photos(driver, desk, hashes)
        record(desk.ask_photos_again(hashes, cause))
        await desks.put_away(driver, desk)
    await _ask_board(driver, desk, cause, record=record)


async def _ask_board(driver: "Driver[Any]", desk: Desk, cause: Cause, *, record: Recorder) -> None:
    await desks.lay_out_rounds(driver, desk)
    record(desk.ask_rounds_again(cause))
    await desks.put_away(driver, desk)
    last: UUID | None = None
    while notices := await sheet.every_notice(driver, last, CHUNK):
        last = notices[-1]
        await desks.lay_out_notices(driver, desk, notices)
        record(desk.ask_notices_again(notices, cause))
        await desks.put_away(driver, desk)


async def _ask_everybody(driver: "Driver[Any]", desk: Desk, ask: Callable[[Sequence[UUID]], None]) -> None:
    after: UUID | None = None
    while ids := await projection.every_household(driver, after, CHUNK):
        after = ids[-1]
        await desks.lay_out(driver, desk, ids)
        ask(ids)
        await desks.put_away(driver, desk)
