"""Objections to a notice: filed while it hangs, answered by somebody else; one that is upheld changes the list."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.events.notice import ObjectionDecided, ObjectionFiled
from contracts.roles import CLERK, OFFICER
from contracts.values import EXIT_NOTICE
from services.registry import rules
from services.registry.domain import objection as domain
from services.registry.domain.errors.life_cycle import HouseholdNotInPreExit
from services.registry.domain.errors.notice import ObjectionHouseholdUnknown
from services.registry.domain.notice import CLOSED, OBJECTION_FILED, OBJECTION_UPHELD, VOIDED, Notice
from services.registry.domain.objection import UPHELD, Objection
from services.registry.domain.procedure import OPEN, TURNED_DOWN
from services.registry.handlers.candidate import turn_back
from services.registry.handlers.leaving import take_back
from services.registry.handlers.notice import (
    WHO,
    Hanging,
    load_hanging,
    reopen_notice,
    void_for,
    void_notice,
)
from services.registry.schemas import notice as schema
from services.registry.store import entry as entries
from services.registry.store import notice as notices
from services.registry.store import objection as store
from services.registry.store.objection import SealedObjection


async def file_objection(notice_id: UUID, request: schema.ObjectionRequest, unit: UnitOfWork) -> Answer:
    """Take an objection to a notice that hangs, or that hung when it was filed; the closing is undone by that."""
    unit.require(*WHO)
    async with unit:
        found = await _load_in_time(unit, notice_id, request.filed_on)
        objection = Objection(
            id=new_id(),
            notice_id=notice_id,
            area_code=found.notice.area_code,
            household_id=request.household_id,
            channel=request.channel,
            filed_on=request.filed_on,
            filed_by=unit.principal.actor_id,
        )
        fact = domain.file(found.notice, objection, today=unit.today)
        await _check_household(unit, objection)
        words = SealedObjection(by=request.by, text=request.text)
        await store.add_objection(unit.driver, objection, words, cipher=unit.cipher, at=unit.now)
        await _count(unit, found, fact)
        return unit.answer(_shown(objection), status=201)


async def decide_objection(objection_id: UUID, request: schema.DecisionRequest, unit: UnitOfWork) -> Answer:
    """Answer an objection; one that is upheld voids the list, and takes a household that it names off it."""
    unit.require(CLERK, OFFICER)
    async with unit:
        seen = await store.find_objection(unit.driver, objection_id, area=unit.principal.area)
        if seen is None:
            raise NotFound
        found = await load_hanging(unit, seen.notice_id, needs_open_round=False)
        objection = await store.lock_objection(unit.driver, objection_id, area=unit.principal.area)
        decided, fact = domain.decide(
            objection or seen,
            found.pack,
            outcome=request.outcome,
            by=unit.principal.actor_id,
            on=request.decided_on,
            today=unit.today,
        )
        await store.save_decision(unit.driver, decided, request.answer, cipher=unit.cipher, at=unit.now)
        counted = await _count(unit, found, fact)
        if decided.outcome == UPHELD:
            await _uphold(unit, counted, decided)
        return unit.answer(_shown(decided), status=201)


async def _load_in_time(unit: UnitOfWork, notice_id: UUID, filed_on: date) -> Hanging:
    """Return the notice, locked; open again where the objection was filed in time and is only entered late."""
    seen = await notices.find_notice(unit.driver, notice_id, area=unit.principal.area)
    if seen is None:
        raise NotFound
    # Before the round is asked: that it is closed would not say what to do.
    is_used = await notices.is_used(unit.driver, seen)
    pack = await rules.load_pack(unit.driver, seen.rule_pack, seen.rule_pack_version)
    domain.check_in_time(seen, pack, filed_on=filed_on, is_used=is_used)
    found = await load_hanging(unit, notice_id)
    is_used = not await _is_stood_on(unit, found)
    domain.check_in_time(found.notice, pack, filed_on=filed_on, is_used=is_used)
    if found.notice.state != CLOSED:
        return found
    return replace(found, notice=await reopen_notice(unit, found.notice, OBJECTION_FILED))


async def _is_stood_on(unit: UnitOfWork, found: Hanging) -> bool:
    """Tell whether the notice is the last that its households hung on, and nobody of them has gone on from it."""
    round_id = found.notice.round_id
    if round_id is None:
        return not await notices.is_used(unit.driver, found.notice)
    steps = [(entry.household_id, entry.step) for entry in found.entries.values()]
    standing = await notices.lock_standing_on(unit.driver, round_id, steps)
    return found.notice.id in {notice.id for notice in standing}


async def _uphold(unit: UnitOfWork, found: Hanging, decided: Objection) -> None:
    household_id = decided.household_id
    listed = await notices.list_listed(unit.driver, found.notice.id)
    if household_id is None or household_id not in listed:
        await _void_list(unit, found.notice, missing=household_id)
        return
    if found.notice.kind == EXIT_NOTICE:
        # An exit that ended since has nothing left to take back; the answer still counts.
        with suppress(HouseholdNotInPreExit):
            await take_back(unit, household_id, reason=OBJECTION_UPHELD, on=unit.today)
        return
    if found.notice.round_id is None or decided.decided_on is None:
        return
    round_id = found.notice.round_id
    known = await entries.lock_some(unit.driver, round_id, [household_id], area=unit.principal.area)
    entry = known.get(household_id)
    if entry is None or entry.outcome != OPEN:
        return
    await void_for(unit, [entry], OBJECTION_UPHELD)
    after = domain.uphold(entry, on=decided.decided_on)
    await entries.save_entries(unit.driver, round_id, [after])
    if after.outcome == TURNED_DOWN:
        await turn_back(unit, [household_id], on=unit.today)


async def _void_list(unit: UnitOfWork, notice: Notice, *, missing: UUID | None) -> None:
    """Void the list that was objected to as a whole, or for whom it leaves out, or what hangs instead of it.

    It must be posted anew; a list that names the household by now is right.
    """
    instead = await notices.lock_hanging_instead(unit.driver, notice)
    for one in instead if notice.state == VOIDED else [notice]:
        if missing is None or missing not in await notices.list_listed(unit.driver, one.id):
            await void_notice(unit, one, OBJECTION_UPHELD)


async def _count(unit: UnitOfWork, found: Hanging, fact: ObjectionFiled | ObjectionDecided) -> Hanging:
    notice = replace(found.notice, version=found.notice.version + 1)
    await notices.save_notice(unit.driver, notice)
    unit.record(fact, sequence=notice.version, area=notice.area_code)
    return replace(found, notice=notice)


async def _check_household(unit: UnitOfWork, objection: Objection) -> None:
    if objection.household_id is None:
        return
    if not await store.is_of_area(unit.driver, objection.household_id, objection.area_code):
        raise ObjectionHouseholdUnknown(pointer="/household_id")


def _shown(objection: Objection) -> schema.Objection:
    return schema.Objection(
        id=objection.id,
        notice_id=objection.notice_id,
        household_id=objection.household_id,
        channel=objection.channel,
        filed_on=objection.filed_on,
        filed_by=objection.filed_by,
        outcome=objection.outcome,
        decided_on=objection.decided_on,
        decided_by=objection.decided_by,
    )
