"""What happens to a notice that hangs: closed in its time, taken down too early, voided when its list changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER, VILLAGE_COMMITTEE, WORK_TEAM
from contracts.values import ADD, SECOND_NOTICE
from services.registry import rules, views_notice
from services.registry.domain import notice as domain
from services.registry.domain.mask import mask_name
from services.registry.domain.notice import TAKEN_DOWN_EARLY, Notice
from services.registry.domain.procedure import OPEN, Entry, pass_step
from services.registry.domain.rule_pack import RulePack
from services.registry.handlers.candidate import mark_noticed, unmark_noticed
from services.registry.handlers.round import load_open_round
from services.registry.schemas.notice import ClosureRequest, TakedownRequest
from services.registry.store import entry as entries
from services.registry.store import notice as store
from services.registry.store import objection as objections
from services.registry.store.sealed import open_member

PROPOSAL_CHANGED = "proposal-changed"
HOUSEHOLD_CHANGED = "household-changed"
WHO = (VILLAGE_COMMITTEE, WORK_TEAM, CLERK, OFFICER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """A notice with its pack and the entries on its list, all locked; entries first, as every command locks them."""

    notice: Notice
    pack: RulePack
    entries: dict[UUID, Entry]


async def close_notice(notice_id: UUID, request: ClosureRequest, unit: UnitOfWork) -> Answer:
    """Close a notice that hung its time without an open objection; whoever it lists passes the step."""
    unit.require(*WHO)
    async with unit:
        found = await load_hanging(unit, notice_id)
        still_open = await objections.count_open(unit.driver, found.notice)
        closed, fact = domain.close(
            found.notice, found.pack, on=request.on, today=unit.today, open_objections=still_open
        )
        await store.save_notice(unit.driver, closed, closed_by=unit.principal.actor_id)
        await _pass_entries(unit, found, closed)
        unit.record(fact, sequence=closed.version, area=closed.area_code)
        return unit.answer(views_notice.summary_of(closed), status=201)


async def take_down_notice(notice_id: UUID, request: TakedownRequest, unit: UnitOfWork) -> Answer:
    """Record when a notice was taken down; one that hung too short counts for nothing unless it was used."""
    unit.require(*WHO)
    async with unit:
        found = await load_hanging(unit, notice_id, needs_open_round=False)
        taken_down, fact = domain.take_down(
            found.notice, on=request.taken_down_on, today=unit.today, reason=request.reason
        )
        await store.save_notice(unit.driver, taken_down)
        if fact is not None:
            unit.record(fact, sequence=taken_down.version, area=taken_down.area_code)
            if not await store.is_used(unit.driver, taken_down):
                taken_down = await void_notice(unit, taken_down, TAKEN_DOWN_EARLY)
        return unit.answer(views_notice.summary_of(taken_down), status=201)


async def load_hanging(unit: UnitOfWork, notice_id: UUID, *, needs_open_round: bool = True) -> Hanging:
    """Return a notice of the caller's area, locked with the entries on its list."""
    seen = await store.find_notice(unit.driver, notice_id, area=unit.principal.area)
    if seen is None:
        raise NotFound
    listed: dict[UUID, Entry] = {}
    if seen.round_id is not None:
        if needs_open_round:
            await load_open_round(unit, seen.round_id)
        ids = await store.list_listed(unit.driver, notice_id)
        listed = await entries.lock_some(unit.driver, seen.round_id, ids, area=unit.principal.area)
    notice = await store.lock_notice(unit.driver, notice_id, area=unit.principal.area)
    assert notice is not None  # noqa: S101 - notices are never deleted
    pack = await rules.load_pack(unit.driver, notice.rule_pack, notice.rule_pack_version)
    return Hanging(notice=notice, pack=pack, entries=listed)


async def void_for(unit: UnitOfWork, changing: Iterable[Entry], reason: str) -> None:
    """Void the notices of rounds whose lists are about to change, because these entries will.

    Give the entries as they stand before the change, locked, and save it afterwards: whoever stood on a voided notice
    is taken back before it, and what is saved later holds.
    """
    by_round = attrgetter("round_id")
    for round_id, group in groupby(sorted(changing, key=by_round), by_round):
        steps = [(entry.household_id, entry.step) for entry in group]
        for notice in await store.lock_standing_on(unit.driver, round_id, steps):
            await void_notice(unit, notice, reason)


async def void_exits_for(unit: UnitOfWork, household_ids: Collection[UUID], reason: str) -> None:
    """Void the exit notices that list households whose exit will not come of them."""
    for notice in await store.lock_exits_standing_on(unit.driver, household_ids):
        await void_notice(unit, notice, reason)


async def void_where_changed(unit: UnitOfWork, household_ids: Collection[UUID], reason: str) -> None:
    """Void the notices that say in public what households' files no longer say; call it after the files were saved."""
    said = await store.list_said(unit.driver, household_ids)
    if not said:
        return
    now = {row["id"]: row for row in await store.list_lines(unit.driver, household_ids)}
    differing = {
        row["id"]: row["round_id"] for row in said if _differs(unit, row, now.get(row["household_id"]))
    }
    for round_id in {round_id for round_id in differing.values() if round_id is not None}:
        known = await entries.lock_some(unit.driver, round_id, household_ids, area=unit.principal.area)
        steps = [(entry.household_id, entry.step) for entry in known.values()]
        for notice in await store.lock_standing_on(unit.driver, round_id, steps):
            if notice.id in differing:
                await void_notice(unit, notice, reason)
    for notice in await store.lock_exits_standing_on(unit.driver, household_ids):
        if notice.id in differing:
            await void_notice(unit, notice, reason)


async def void_notice(unit: UnitOfWork, notice: Notice, reason: str) -> Notice:
    """Void a locked notice: its entries stand before it again, their evaluations hold, and it must be posted anew."""
    voided, fact = domain.void(notice, on=unit.today, reason=reason)
    await store.save_notice(unit.driver, voided)
    await _take_back_entries(unit, notice, reason)
    unit.record(fact, sequence=voided.version, area=voided.area_code)
    return voided


async def reopen_notice(unit: UnitOfWork, notice: Notice, reason: str) -> Notice:
    """Undo the closing of a locked notice: its entries stand before it again, and wait with it."""
    reopened, fact = domain.reopen(notice, on=unit.today)
    await store.save_notice(unit.driver, reopened)
    await _take_back_entries(unit, notice, reason)
    unit.record(fact, sequence=reopened.version, area=reopened.area_code)
    return reopened


async def _take_back_entries(unit: UnitOfWork, notice: Notice, reason: str) -> None:
    back = await store.take_back_entries(unit.driver, notice)
    if notice.kind == SECOND_NOTICE:
        await unmark_noticed(unit, back, reason=reason)


async def _pass_entries(unit: UnitOfWork, found: Hanging, closed: Notice) -> None:
    if closed.round_id is None or closed.closed_on is None:
        return
    passed = [
        pass_step(entry, closed.kind, found.pack, on=closed.closed_on)
        for entry in found.entries.values()
        if entry.outcome == OPEN
    ]
    await entries.save_entries(unit.driver, closed.round_id, passed)
    if closed.kind == SECOND_NOTICE:
        added = [entry.household_id for entry in passed if entry.proposal == ADD]
        await mark_noticed(unit, added, on=closed.closed_on)


def _differs(unit: UnitOfWork, said: Any, now: Any) -> bool:
    if now is None:
        return True
    name = mask_name(open_member(unit.cipher, now["sealed"]).name)
    stated = (name, now["persons"], now["area_code"])
    return (said["masked_name"], said["persons"], said["area_code"]) != stated
