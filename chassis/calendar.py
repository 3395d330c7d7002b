"""Every process follows the business date that its service heard of last."""

import asyncio
from datetime import date

import structlog
from sqlalchemy import text

from chassis.clock import BusinessClock
from chassis.database import Database

EVERY_SECONDS = 0.1
WAIT_SECONDS = 0.5

log = structlog.get_logger("tuopin.calendar")


async def read_business_date(database: Database) -> date | None:
    """Return the business date that was set, or None while it follows the calendar."""
    async with database.connect() as connection:
        row = (await connection.execute(text("SELECT value FROM business_date"))).one_or_none()
    return row[0] if row else None


async def take_business_date(database: Database, clock: BusinessClock) -> None:
    """Set the clock before anything is dated by it; a database that is not there yet is waited for."""
    while True:
        try:
            clock.move_to(await read_business_date(database))
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing may work on a date that was not read
            log.warning("waits for the business date", error=type(error).__name__)
            await asyncio.sleep(WAIT_SECONDS)
        else:
            return


async def follow_business_date(database: Database, clock: BusinessClock) -> None:
    """Keep the clock on the service's business date until cancelled; a lost database is waited for."""
    while True:
        try:
            value = await read_business_date(database)
        except Exception as error:  # noqa: BLE001 - readiness reports the database; this loop only waits for it
            log.debug("business date not read", error=type(error).__name__)
        else:
            clock.move_to(value)
        await asyncio.sleep(EVERY_SECONDS)
