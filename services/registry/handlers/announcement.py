"""Announcing a round's result in a village: with it, and not before, every decision takes effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import FieldError, NotFound, Refusal
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.events.notice import AnnouncementPublished
from contracts.roles import CLERK, OFFICER
from contracts.values import CLOSED, CORRECT, RETURNED, SECOND_NOTICE
from services.registry import views_notice
from services.registry.domain.division import division_prefix
from services.registry.domain.effect import (
    CORRECTION_IS_FILED,
    refuse_effects,
    refuse_registered,
    take_effect,
)
from services.registry.domain.errors.notice import EffectsRefused, NothingToPost
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.household import Household
from services.registry.domain.notice import Item, Notice, canonical_list, hash_list
from services.registry.domain.procedure import ANNOUNCED, EFFECTIVE, Entry, pass_step
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.village import MAX_ERRORS, waiting_for
from services.registry.handlers.decided import Decided, decided_of, save_decided
from services.registry.handlers.leaving import overtake_exits
from services.registry.handlers.posting import Said, masked
from services.registry.handlers.round import load_open_round
from services.registry.schemas import notice as schema
from services.registry.store import announcement as store
from services.registry.store import entry as entries
from services.registry.store import household as households
from services.registry.store import notice as notices
from services.registry.store.announcement import Announcement
from services.registry.store.people import restore_people


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """When decisions take effect, and today."""

    on: date
    today: date


async def announce_round(
    round_id: UUID, request: schema.RoundAnnouncementRequest, unit: UnitOfWork
) -> Answer:
    """Announce what the county confirmed of a village; every proposal takes effect."""
    unit.require(CLERK, OFFICER)
    unit.require_area(request.village_code)
    async with unit:
        one, pack = await load_open_round(unit, round_id)
        day = Day(on=request.published_on, today=unit.today)
        if day.on > day.today:
            raise DateInFuture(pointer="/published_on")
        village = await entries.lock_area(unit.driver, round_id, request.village_code)
        waiting = waiting_for(village, ANNOUNCED, pack, on=day.on)
        notice = await _lock_notice(unit, round_id, request.village_code, waiting)
        corrected = [entry.household_id for entry in waiting if entry.proposal == CORRECT]
        _refuse_unfiled(await store.list_unfiled(unit.driver, corrected, one.opened_at), pack)
        announced = [pass_step(entry, ANNOUNCED, pack, on=day.on) for entry in waiting]
        await _take_effect(unit, announced, pack, day)
        said = {
            entry.household_id: Said(proposal=entry.proposal, reason=entry.reason, since=day.on)
            for entry in announced
        }
        items, _ = await masked(unit, said)
        made = await publish(unit, notice, request, items)
        return unit.answer(made, status=201, location=f"/registry/v1/announcements/{made.id}")


async def _lock_notice(unit: UnitOfWork, round_id: UUID, village_code: str, waiting: list[Entry]) -> Notice:
    """Return the notice before an announcement; of who moved since into a village without one, that of the old village."""
    if not waiting:
        raise NothingToPost
    notice = await notices.lock_last_closed(unit.driver, round_id, village_code, SECOND_NOTICE)
    if notice is None:
        ids = [entry.household_id for entry in waiting]
        notice = await notices.lock_last_closed_for(unit.driver, round_id, ids, SECOND_NOTICE)
    if notice is None:
        raise NothingToPost
    return replace(notice, area_code=village_code)


async def publish(
    unit: UnitOfWork,
    notice: Notice,
    request: schema.AnnouncementRequest | schema.RoundAnnouncementRequest,
    items: Sequence[Item],
) -> schema.Announcement:
    """Keep an announcement with its list, and tell of it as of the notice that came before."""
    frozen = canonical_list("announcement", notice.area_code, notice.round_id, items)
    announced = replace(notice, version=notice.version + 1)
    await notices.save_notice(unit.driver, announced)
    made = Announcement(
        id=new_id(),
        area_code=notice.area_code,
        notice_id=notice.id,
        round_id=notice.round_id,
        kind=notice.kind,
        published_on=request.published_on,
        place=request.place,
        photo_sha256=request.photo_sha256,
        households=len(items),
        list=frozen,
        list_sha256=hash_list(frozen),
        published_by=unit.principal.actor_id,
        recorded_at=unit.now,
    )
    await store.add_announcement(unit.driver, made)
    fact = AnnouncementPublished(
        notice_id=notice.id,
        area_code=division_prefix(notice.area_code),
        kind=notice.kind,
        round_id=notice.round_id,
        published_on=made.published_on,
        households=made.households,
    )
    unit.record(fact, sequence=announced.version, area=announced.area_code)
    return views_notice.announcement_of(made)


async def _take_effect(unit: UnitOfWork, announced: Sequence[Entry], pack: RulePack, day: Day) -> None:
    ids = [entry.household_id for entry in announced]
    known = await households.lock_households(unit.driver, ids, area=unit.principal.area)
    decided = _decide_all(announced, known, pack=pack, day=day, unit=unit)
    done = [replace(entry, outcome=EFFECTIVE) for entry in announced]
    await entries.save_entries(unit.driver, announced[0].round_id, done)
    await overtake_exits(unit, known.values(), on=day.on)
    await save_decided(unit, decided)
    by_status = {
        status: [each.household for each in decided if each.household.status == status]
        for status in (CLOSED, RETURNED)
    }
    await households.remove_people(unit.driver, by_status[CLOSED])
    refuse_registered(
        await restore_people(unit.driver, by_status[RETURNED], unit.cipher, area=unit.principal.area)
    )


def _decide_all(
    announced: Sequence[Entry],
    known: Mapping[UUID, Household],
    *,
    pack: RulePack,
    day: Day,
    unit: UnitOfWork,
) -> list[Decided]:
    decided: list[Decided] = []
    refused: list[tuple[UUID, Refusal]] = []
    for entry in announced:
        try:
            if entry.household_id not in known:
                raise NotFound("No such household.")
            decision = take_effect(known[entry.household_id], entry, pack, on=day.on, today=day.today)
        except Refusal as refusal:
            refused.append((entry.household_id, refusal))
        else:
            decided.append(decided_of(decision, entry.reason, unit))
    refuse_effects(refused)
    return decided


def _refuse_unfiled(unfiled: Sequence[UUID], pack: RulePack) -> None:
    """A correction takes effect once the corrected file is on record (capabilities P1.2)."""
    if unfiled:
        raise EffectsRefused(
            f"{len(unfiled)} households are to be corrected, and their files are not.",
            rule=CORRECTION_IS_FILED,
            basis=pack.basis(CORRECTION_IS_FILED),
            errors=[
                FieldError(
                    f"/households/{one}", CORRECTION_IS_FILED, "The file was not stated anew in this round."
                )
                for one in unfiled[:MAX_ERRORS]
            ],
        )
