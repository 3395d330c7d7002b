"""The control: a reader that goes on from the highest number it has seen, as the usual samples do."""

import asyncio

from tests.faults.stage import Stage

POLL_SECONDS = 0.005


class NaiveReader:
    """Reads `id > last`; what commits late with a low number is never seen."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._last = 0
        self.seen: set[int] = set()

    async def run(self) -> None:
        """Read until cancelled."""
        async with self._stage.admin() as connection:
            while True:
                rows = await connection.fetch(
                    "SELECT id FROM toy.outbox WHERE id > $1 ORDER BY id LIMIT 2000", self._last
                )
                self.seen.update(row["id"] for row in rows)
                self._last = rows[-1]["id"] if rows else self._last
                await asyncio.sleep(POLL_SECONDS)

    async def lost(self) -> int:
        """Return how many events it has passed over."""
        async with self._stage.admin() as connection:
            rows = await connection.fetch("SELECT id FROM toy.outbox")
        return len({row["id"] for row in rows} - self.seen)
