"""The rows behind a household's papers, and the names of the places they are headed with."""

from typing import Any
from uuid import UUID

import asyncpg

from services.registry.store import row as rows

Driver = asyncpg.Connection

_VERSION = ", ".join(f"v.{name}" for name in rows.VERSION_COLUMNS)
_MEMBER = ", ".join(f"m.{name}" for name in rows.MEMBER_COLUMNS)
VERSION = f"""
SELECT h.status, h.status_since, {_VERSION} FROM household AS h
JOIN household_version AS v ON v.household_id = h.id AND v.version = h.content_version AND NOT v.moved_out
WHERE h.id = $1 AND starts_with(h.area_code, $2)
"""  # noqa: S608
MEMBERS = f"""
SELECT {_MEMBER} FROM member_version AS m WHERE m.household_id = $1 AND m.version = $2 ORDER BY m.position
"""  # noqa: S608
# From the county down: whatever stands above the county is left out on papers.
PLACES = """
WITH RECURSIVE above AS (
    SELECT code, parent_code, level, name FROM division WHERE code = $1
    UNION ALL
    SELECT d.code, d.parent_code, d.level, d.name FROM division AS d JOIN above AS a ON d.code = a.parent_code
)
SELECT name FROM above WHERE level IN ('county', 'township', 'village') ORDER BY code
"""


async def load_file(driver: "Driver[Any]", household_id: UUID, *, area: str) -> tuple[Any, list[Any]] | None:
    """Return the rows of a household's file and of its people now; None outside the area."""
    version = await driver.fetchrow(VERSION, household_id, area)
    if version is None:
        return None
    return version, list(await driver.fetch(MEMBERS, household_id, version["version"]))


async def place_name(driver: "Driver[Any]", code: str) -> str:
    """Return the names of a division and of those above it, down from the county."""
    return "".join(row["name"] for row in await driver.fetch(PLACES, code))
