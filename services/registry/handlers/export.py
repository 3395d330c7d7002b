"""Households leaving the register as a workbook that imports back to the same; on record before it is made."""

import asyncio
from typing import Any

from chassis.crypto import Cipher
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.registry.domain.disclosure import EXPORT
from services.registry.handlers.gate import gate_of
from services.registry.handlers.record import put_on_record
from services.registry.store import export
from services.registry.store import row as rows
from services.registry.workbook.draft import HouseholdDraft
from services.registry.workbook.export import export_households as write_workbook


async def export_households(unit: UnitOfWork, *, village: str | None, status: str | None) -> bytes:
    """Return the households of a village, or of the caller's whole area, as a workbook."""
    unit.require(CLERK, OFFICER)
    if village is not None:
        unit.require_area(village)
    async with gate_of(unit.runtime).passing():
        async with unit:
            area = village or unit.principal.area
            versions, members = await export.list_contents(unit.driver, area=area, status=status)
            await put_on_record(
                unit,
                EXPORT,
                reason="a workbook of households",
                asked_for=f"area {area or 'any'}, status {status or 'any'}",
                items=len(members),
            )
        return await asyncio.to_thread(_write, versions, members, unit.cipher)


def _write(versions: list[Any], members: list[Any], cipher: Cipher) -> bytes:
    people: dict[Any, list[Any]] = {}
    for member in members:
        people.setdefault(member["household_id"], []).append(member)
    drafts: list[HouseholdDraft] = [
        rows.draft_of(version, people[version["household_id"]], cipher) for version in versions
    ]
    return write_workbook(drafts)
