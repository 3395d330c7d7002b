"""The division tree in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.registry.domain.division import LEVELS, Division

Driver = asyncpg.Connection

# One import at a time, so that parents found now are still there at commit.
LOCK = "LOCK TABLE division IN SHARE ROW EXCLUSIVE MODE"
ALL = "SELECT code, level, parent_code, name FROM division"
ADD = """
INSERT INTO division (code, level, parent_code, name, recorded_at)
SELECT code, level, parent_code, name, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
    AS n (code, level, parent_code, name)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, recorded_at = excluded.recorded_at
WHERE division.name <> excluded.name
"""
NAMES = "SELECT code, name FROM division WHERE code = ANY($1)"
FIND = "SELECT code, level, parent_code, name FROM division WHERE code = $1"
# A range of whole codes, since no index answers for a prefix.
VILLAGES = "SELECT code FROM division WHERE level = 'village' AND code BETWEEN rpad($1, 12, '0') AND rpad($1, 12, '9')"


async def lock_divisions(driver: "Driver[Any]") -> dict[str, Division]:
    """Return the whole tree, unchanged by others until the transaction ends."""
    await driver.execute(LOCK)
    return {row["code"]: Division(**dict(row)) for row in await driver.fetch(ALL)}


async def save_divisions(driver: "Driver[Any]", divisions: Sequence[Division], at: datetime) -> None:
    """Add units, and take over new names of known ones."""
    ordered = sorted(divisions, key=lambda division: LEVELS.index(division.level))
    columns = zip(*((d.code, d.level, d.parent_code, d.name) for d in ordered), strict=True)
    await driver.execute(ADD, *(list(column) for column in columns), at)


async def list_villages(driver: "Driver[Any]", area: str) -> frozenset[str]:
    """Return the codes of the villages inside an area."""
    return frozenset(row["code"] for row in await driver.fetch(VILLAGES, area))


async def names_of(driver: "Driver[Any]", codes: Sequence[str]) -> dict[str, str]:
    """Return the names of units by their codes."""
    return {row["code"]: row["name"] for row in await driver.fetch(NAMES, codes)}


async def find_division(driver: "Driver[Any]", code: str) -> Division | None:
    """Return one unit of the tree."""
    row = await driver.fetchrow(FIND, code)
    return None if row is None else Division(**dict(row))
