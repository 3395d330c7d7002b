"""Papers leaving the register: on record before they are made, set in a thread, kept nowhere."""

import asyncio
from datetime import timedelta, timezone
from uuid import UUID

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.registry.domain.disclosure import PRINT
from services.registry.handlers.gate import print_gate_of
from services.registry.handlers.record import put_on_record
from services.registry.prints.household import Imprint, printed_household
from services.registry.prints.render import HANDBOOK_PAGE, render
from services.registry.schemas.request import Printing
from services.registry.store import prints as store
from services.registry.store import row as rows

BEIJING = timezone(timedelta(hours=8))


async def print_household(household_id: UUID, request: Printing, unit: UnitOfWork) -> bytes:
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


def imprint_of(unit: UnitOfWork, place: str) -> Imprint:
    """Return when and by whom something is printed, and for which place."""
    return Imprint(
        place=place,
        as_of=unit.today,
        printed_at=unit.now.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"),
        printed_by=unit.principal.actor_id,
    )
