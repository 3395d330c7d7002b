"""Figures and exits of areas as they are read."""

from typing import Any
from uuid import UUID

import msgspec

from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.registry.domain.division import Division, division_prefix
from services.registry.schemas import area as answer
from services.registry.store import area as store


async def list_figures(
    unit: UnitOfWork, division: Division, *, kind: str | None, cursor: str | None, limit: int
) -> Page[answer.Figure]:
    """Return what was stated about an area, the latest first."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await store.list_figures(unit.driver, division.code, kind=kind, before=last, limit=limit + 1)
    return page_of(found, limit, lambda row: answer.Figure(**dict(row)), lambda row: (row["id"],))


async def list_exits(
    unit: UnitOfWork, division: Division, *, cursor: str | None, limit: int
) -> Page[answer.AreaExit]:
    """Return the exits of an area and of those inside it, by code."""
    (last,) = decode_cursor(cursor, str) or (None,)
    prefix = division_prefix(division.code)
    found = await store.list_exits(unit.driver, prefix, after=last, limit=limit + 1)
    return page_of(found, limit, exit_of, lambda row: (row["area_code"],))


def exit_of(row: Any) -> answer.AreaExit:
    """Return an exit with its frozen assessment."""
    return answer.AreaExit(**{**row, "assessment": msgspec.json.decode(row["assessment"])})
