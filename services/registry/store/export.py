"""The present content of many households' files."""

from typing import Any

import asyncpg

from services.registry.store import row as rows

Driver = asyncpg.Connection

_WHICH = """
FROM household AS h JOIN {table} AS t ON t.household_id = h.id AND t.version = h.content_version
WHERE starts_with(h.area_code, $1) AND ($2::text IS NULL OR h.status = $2) AND h.status <> 'withdrawn'
"""
VERSIONS = (
    f"SELECT {', '.join(f't.{name}' for name in rows.VERSION_COLUMNS)} "
    f"{_WHICH.format(table='household_version')} AND NOT t.moved_out ORDER BY h.area_code, h.file_number, h.id"
)
MEMBERS = (
    f"SELECT {', '.join(f't.{name}' for name in rows.MEMBER_COLUMNS)} "
    f"{_WHICH.format(table='member_version')} ORDER BY t.household_id, t.position"
)


async def list_contents(
    driver: "Driver[Any]", *, area: str, status: str | None
) -> tuple[list[Any], list[Any]]:
    """Return the rows of files and of people in an area, households by village and file number."""
    versions = await driver.fetch(VERSIONS, area, status)
    return list(versions), list(await driver.fetch(MEMBERS, area, status))
