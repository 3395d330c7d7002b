"""Posting a notice: its list is computed from who stands before it, masked, and frozen by its hash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.answers import Answer
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from contracts.values import EXIT_NOTICE, SECOND_NOTICE
from services.registry import rules, views_notice
from services.registry.domain import notice as domain
from services.registry.domain.errors.notice import NothingToPost
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.mask import mask_name
from services.registry.domain.notice import EXIT, OPEN, Item, Notice, canonical_list, hash_list, last_day
from services.registry.domain.procedure import Entry
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.village import waiting_for
from services.registry.handlers.notice import WHO
from services.registry.handlers.round import load_open_round
from services.registry.schemas.notice import NoticeRequest, Posted
from services.registry.store import entry as entries
from services.registry.store import notice as store
from services.registry.store.notice import Line, Posting
from services.registry.store.sealed import open_member


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What is posted, where and for how long."""

    kind: str
    area_code: str
    round_id: UUID | None
    pack: RulePack
    min_days: int
    posted_on: date
    place: str
    photo_sha256: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a list says of one household: the proposal with its reason, and since when it waits for that."""

    proposal: str
    reason: str | None
    since: date


async def post_notice(round_id: UUID, request: NoticeRequest, unit: UnitOfWork) -> Answer:
    """Post the first or second notice of a village: everybody who stands before it."""
    unit.require(*((CLERK, OFFICER) if request.kind == SECOND_NOTICE else WHO))
    unit.require_area(request.village_code)
    async with unit:
        _, pack = await load_open_round(unit, round_id)
        _check_day(request.posted_on, unit.today)
        village = await entries.lock_area(unit.driver, round_id, request.village_code)
        waiting = waiting_for(village, request.kind, pack, on=request.posted_on)
        hanging = await store.list_hanging(unit.driver, request.kind, request.village_code, round_id)
        said = {entry.household_id: _said(entry) for entry in waiting if entry.household_id not in hanging}
        posted = await _post_households(unit, _wall(request, request.kind, pack, round_id=round_id), said)
        return _answer(unit, posted)


async def post_exit_notice(request: Posted, unit: UnitOfWork) -> Answer:
    """Post the exit notice of a village: every household in pre-exit that no exit notice lists yet."""
    unit.require(*WHO)
    unit.require_area(request.village_code)
    async with unit:
        pack = await rules.hold_pack(unit.driver, request.posted_on, area=request.village_code)
        _check_day(request.posted_on, unit.today)
        waiting = await store.lock_leaving(unit.driver, request.village_code)
        hanging = await store.list_hanging(unit.driver, EXIT_NOTICE, request.village_code, None)
        said = {
            household_id: Said(proposal=EXIT, reason=None, since=since)
            for household_id, since in waiting
            if household_id not in hanging
        }
        posted = await _post_households(unit, _wall(request, EXIT_NOTICE, pack), said)
        return _answer(unit, posted)


async def hang(unit: UnitOfWork, wall: Wall, items: Sequence[Any], lines: Sequence[Line] = ()) -> Notice:
    """Freeze a list by its hash, keep it and tell of it; `lines` are the households among its items."""
    frozen = canonical_list(wall.kind, wall.area_code, wall.round_id, items)
    notice = Notice(
        id=new_id(),
        kind=wall.kind,
        area_code=wall.area_code,
        round_id=wall.round_id,
        rule_pack=wall.pack.code,
        rule_pack_version=wall.pack.version,
        state=OPEN,
        version=1,
        posted_on=wall.posted_on,
        min_days=wall.min_days,
        closes_on=last_day(wall.posted_on, wall.min_days, recorded_on=unit.today),
        households=len(lines),
        list_sha256=hash_list(frozen),
    )
    posting = Posting(
        place=wall.place,
        photo_sha256=wall.photo_sha256,
        latitude=wall.latitude,
        longitude=wall.longitude,
        list=frozen,
        actor_id=unit.principal.actor_id,
        at=unit.now,
    )
    await store.add_notice(unit.driver, notice, posting, lines)
    unit.record(domain.posted_fact(notice), sequence=notice.version, area=notice.area_code)
    return notice


async def masked(unit: UnitOfWork, said: Mapping[UUID, Said]) -> tuple[list[Item], list[Line]]:
    """Return what a list says in public of households, in the order of their file numbers."""
    items, lines = [], []
    for row in await store.list_lines(unit.driver, said.keys()):
        household_id, about = row["id"], said[row["id"]]
        name = mask_name(open_member(unit.cipher, row["sealed"]).name)
        items.append(
            Item(
                household_id=household_id,
                name=name,
                persons=row["persons"],
                proposal=about.proposal,
                reason=about.reason,
            )
        )
        lines.append(
            Line(
                household_id=household_id,
                masked_name=name,
                persons=row["persons"],
                stood_since=about.since,
            )
        )
    return items, lines


async def _post_households(unit: UnitOfWork, wall: Wall, said: Mapping[UUID, Said]) -> Notice:
    if not said:
        raise NothingToPost
    latest = max(about.since for about in said.values())
    if wall.posted_on < latest:
        raise NothingToPost(f"The households wait since {latest.isoformat()}.", pointer="/posted_on")
    items, lines = await masked(unit, said)
    return await hang(unit, wall, items, lines)


def _said(entry: Entry) -> Said:
    return Said(proposal=entry.proposal, reason=entry.reason, since=entry.step_on)


def _wall(request: Posted, kind: str, pack: RulePack, *, round_id: UUID | None = None) -> Wall:
    return Wall(
        kind=kind,
        area_code=request.village_code,
        round_id=round_id,
        pack=pack,
        min_days=pack.notice_days[kind],
        posted_on=request.posted_on,
        place=request.place,
        photo_sha256=request.photo_sha256,
        latitude=request.latitude,
        longitude=request.longitude,
    )


def _check_day(posted_on: date, today: date) -> None:
    if posted_on > today:
        raise DateInFuture(pointer="/posted_on")


def _answer(unit: UnitOfWork, posted: Notice) -> Answer:
    location = f"/registry/v1/notices/{posted.id}"
    return unit.answer(views_notice.summary_of(posted), status=201, etag=posted.version, location=location)
