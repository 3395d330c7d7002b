"""What is thrown away with time: stored answers and inbox entries. Facts and history never are."""

from datetime import timedelta

from chassis.service import Ticker, UnitFactory

# Longer than a year in which anybody may repeat himself; what must never happen twice is held by constraints instead.
KEPT = timedelta(days=400)
EVERY_SECONDS = 3600.0
PURGE = (
    "DELETE FROM idempotency WHERE answered_at < $1",
    "DELETE FROM inbox WHERE handled_at < $1",
)


async def purge(units: UnitFactory) -> None:
    """Delete answers and inbox entries older than 400 days."""
    async with units() as unit:
        for statement in PURGE:
            await unit.driver.execute(statement, unit.now - KEPT)


HOUSEKEEPING = Ticker(name="housekeeping", every_seconds=EVERY_SECONDS, work=purge)
