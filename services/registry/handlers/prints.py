"""Papers leaving the register: on record before they are made, set in a thread, kept nowhere."""

import asyncio
from datetime import timedelta, timezone
from uuid import UUID

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.roles import ALL_ROLES, BANK, CLERK, INSURER, OFFICER
from services.registry import views_notice
from services.registry.domain.disclosure import PRINT
from services.registry.handlers.gate import print_gate_of
from services.registry.handlers.record import put_on_record
from services.registry.prints.household import Imprint, printed_household
from services.registry.prints.minutes import printed_minutes
from services.registry.prints.notice import (
    Hanging,
    hanging_of_announcement,
    hanging_of_notice,
    printed_notice,
)
from services.registry.prints.render import HANDBOOK_PAGE, MINUTES, NOTICE, render
from services.registry.schemas.notice import AnnouncementWithList, NoticeWithList
from services.registry.schemas.request import HouseholdPrinting
from services.registry.store import prints as store
from services.registry.store import row as rows
from services.registry.views_meeting import NAMES_ARE_SHOWN_TO, show_meeting

BEIJING = timezone(timedelta(hours=8))
# What hangs in public may be printed by every office that may read it.
READERS_OF_NOTICES = tuple(sorted(ALL_ROLES - {BANK, INSURER}))


async def print_household(household_id: UUID, request: HouseholdPrinting, unit: UnitOfWork) -> bytes:
    """Return a household's card or the page of its handbook."""
    unit.require(CLERK, OFFICER)
    async with print_gate_of(unit.runtime).passing():
        async with unit:
            found = await store.load_file(unit.driver, household_id, area=unit.principal.area)
            if found is None:
                raise NotFound
            version, members = found
            place = await store.place_name(unit.driver, version["area_code"])
            await put_on_record(
                unit,
                PRINT,
                reason=request.reason,
                subjects=[(version["area_code"], household_id)],
                asked_for=request.paper,
                items=len(members),
            )
        record = printed_household(
            rows.draft_of(version, members, unit.cipher),
            version,
            imprint_of(unit, place),
            is_masked=request.paper != HANDBOOK_PAGE,
        )
        return await asyncio.to_thread(render, request.paper, record, made_at=unit.now)


async def print_minutes(meeting_id: UUID, reason: str, unit: UnitOfWork) -> bytes:
    """Return the minutes of a meeting, to whoever may read them."""
    unit.require(*NAMES_ARE_SHOWN_TO)
    async with print_gate_of(unit.runtime).passing():
        async with unit:
            meeting = await show_meeting(unit, meeting_id)
            place = await store.place_name(unit.driver, meeting.village_code)
            await put_on_record(
                unit,
                PRINT,
                reason=reason,
                subjects=[(meeting.village_code, meeting_id)],
                asked_for=MINUTES,
                items=len(meeting.results),
            )
        record = printed_minutes(meeting, imprint_of(unit, place))
        return await asyncio.to_thread(render, MINUTES, record, made_at=unit.now)


async def print_notice(notice_id: UUID, reason: str, unit: UnitOfWork) -> bytes:
    """Return a notice with its frozen list."""
    unit.require(*READERS_OF_NOTICES)
    async with print_gate_of(unit.runtime).passing():
        async with unit:
            notice = await views_notice.show_notice(unit, notice_id)
            paper = await _record_public(unit, notice, reason, asked_for=notice.kind)
        return await _set(paper, hanging_of_notice(notice), unit)


async def print_announcement(announcement_id: UUID, reason: str, unit: UnitOfWork) -> bytes:
    """Return an announcement with its frozen list."""
    unit.require(*READERS_OF_NOTICES)
    async with print_gate_of(unit.runtime).passing():
        async with unit:
            announced = await views_notice.show_announcement(unit, announcement_id)
            paper = await _record_public(unit, announced, reason, asked_for="announcement")
        return await _set(paper, hanging_of_announcement(announced), unit)


async def _record_public(
    unit: UnitOfWork, shown: NoticeWithList | AnnouncementWithList, reason: str, *, asked_for: str
) -> Imprint:
    subjects = [(shown.area_code, shown.id)]
    await put_on_record(
        unit, PRINT, reason=reason, subjects=subjects, asked_for=asked_for, items=shown.households
    )
    return imprint_of(unit, await store.place_name(unit.driver, shown.area_code))


async def _set(paper: Imprint, hanging: Hanging, unit: UnitOfWork) -> bytes:
    return await asyncio.to_thread(render, NOTICE, printed_notice(hanging, paper), made_at=unit.now)


def imprint_of(unit: UnitOfWork, place: str) -> Imprint:
    """Return when and by whom something is printed, and for which place."""
    return Imprint(
        place=place,
        as_of=unit.today,
        printed_at=unit.now.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"),
        printed_by=unit.principal.actor_id,
    )
