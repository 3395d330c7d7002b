"""Sites in the database."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.relocation.domain.house import Place
from services.relocation.domain.site import Site

Driver = asyncpg.Connection

COLUMNS = "id, name, kind, area_code, planned_households, planned_persons, budget_fen, registered_on"
ADD = f"""
INSERT INTO site ({COLUMNS}, registered_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""  # noqa: S608
LOCK = f"""
SELECT {COLUMNS} FROM site WHERE id = ANY($1) AND starts_with(area_code, $2) ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608
REGISTERED_ON = "SELECT id, registered_on FROM site WHERE id = ANY($1) ORDER BY id"
# After the lock, in a statement of its own: it sees what the one before us allocated.
ALLOCATED = "SELECT site_id, count(*) AS houses FROM house WHERE site_id = ANY($1) GROUP BY site_id"


def site_of(row: Any) -> Site:
    """Return a site from a row with COLUMNS."""
    return Site(**{name: row[name] for name in COLUMNS.split(", ")})


async def add_site(driver: "Driver[Any]", site: Site, *, by: str, at: datetime) -> None:
    """Insert a site."""
    values = [getattr(site, name) for name in COLUMNS.split(", ")]
    await driver.execute(ADD, *values, by, at)


async def lock_places(driver: "Driver[Any]", ids: Iterable[UUID], *, area: str) -> dict[UUID, Place]:
    """Return sites within an area with the number of their houses; nobody else allocates there until we end."""
    sites = [site_of(row) for row in await driver.fetch(LOCK, list(set(ids)), area)]
    counts = await driver.fetch(ALLOCATED, [site.id for site in sites])
    houses = {row["site_id"]: row["houses"] for row in counts}
    return {site.id: Place(site, houses.get(site.id, 0)) for site in sites}


async def registration_days(driver: "Driver[Any]", ids: Iterable[UUID]) -> dict[UUID, date]:
    """Return on which day each of some sites was registered."""
    rows = await driver.fetch(REGISTERED_ON, list(set(ids)))
    return {row["id"]: row["registered_on"] for row in rows}
