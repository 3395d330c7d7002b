"""The copy of the register: households as last heard of."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import asyncpg

from contracts.values import UNKNOWN
from services.relocation.domain.household import Household, HouseholdNews

Driver = asyncpg.Connection

# A row is new, or it is changed by an event that is newer than the last one heard.
HEAR = """
INSERT INTO household_copy AS h (household_id, area_code, persons, status, sequence)
VALUES ($1, coalesce($2, $3), $4, coalesce($5, $7), $6)
ON CONFLICT (household_id) DO UPDATE SET
    area_code = coalesce($2, h.area_code), persons = coalesce($4, h.persons),
    status = coalesce($5, h.status), sequence = $6
WHERE h.sequence < $6
"""
# Not locked: an exit heard at the same moment counts as heard after, and the consumer's long batch blocks nobody.
KNOWN = """
SELECT household_id AS id, area_code, persons, status FROM household_copy
WHERE household_id = ANY($1) AND starts_with(area_code, $2) AND persons IS NOT NULL
ORDER BY household_id
"""
HOUSED = "SELECT household_id FROM house WHERE household_id = ANY($1) ORDER BY household_id"


async def hear_news(driver: "Driver[Any]", news: HouseholdNews, *, sequence: int, area: str) -> None:
    """Bring the copy of one household up to date."""
    await driver.execute(
        HEAR, news.household_id, news.village_code, area, news.persons, news.status, sequence, UNKNOWN
    )


async def find_households(driver: "Driver[Any]", ids: Iterable[UUID], *, area: str) -> dict[UUID, Household]:
    """Return households within an area."""
    rows = await driver.fetch(KNOWN, list(set(ids)), area)
    return {row["id"]: Household(**dict(row)) for row in rows}


async def find_housed(driver: "Driver[Any]", ids: Iterable[UUID]) -> set[UUID]:
    """Return which of the households have a house that the caller may see."""
    return {row["household_id"] for row in await driver.fetch(HOUSED, list(set(ids)))}
