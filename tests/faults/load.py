"""Writers that commit in an order of their own: some at once, some after seconds, some never."""

import asyncio
import random
from dataclasses import dataclass, field
from uuid import UUID

from chassis import outbox
from chassis.errors import Unavailable
from chassis.ids import new_id
from chassis.process import Worker
from tests.chassis.toy import NoteWritten
from tests.faults.stage import Stage

AREA = "532930101201"
WRITERS = 24
KEYS = 240
NEXT = "UPDATE counter SET sequence = sequence + $2 WHERE key = $1 RETURNING sequence"
MOST_AT_ONCE = 12


class _ChangedItsMind(Exception):  # noqa: N818 - what happened
    """A writer rolls back."""


@dataclass(slots=True, kw_only=True)
class Load:
    """`events` events of 240 keys by 24 writers; `written` are those whose commit was acknowledged."""

    stage: Stage
    events: int
    seed: int
    mean_delay: float = 0.08
    longest_delay: float = 3.0
    written: set[UUID] = field(default_factory=set)
    rolled_back: int = 0
    unknown: int = 0
    keys: list[UUID] = field(default_factory=list)

    async def prepare(self) -> None:
        """Make the keys."""
        self.keys = [new_id() for _ in range(KEYS)]
        async with self.stage.admin() as connection:
            await connection.executemany(
                "INSERT INTO toy.counter (key) VALUES ($1)", [(key,) for key in self.keys]
            )

    async def reach(self, count: int) -> None:
        """Return when so many events are acknowledged."""
        while len(self.written) < count:  # noqa: ASYNC110 - twenty-four writers count, and one waits
            await asyncio.sleep(0.01)

    async def run(self) -> None:
        """Write until enough is acknowledged."""
        worker = self.stage.worker(WRITERS)
        try:
            writers = [self._write(worker, random.Random(f"{self.seed}/{n}")) for n in range(WRITERS)]  # noqa: S311
            await asyncio.gather(*writers)
        finally:
            await worker.runtime.database.close()

    async def _write(self, worker: Worker, chance: random.Random) -> None:
        while len(self.written) < self.events:
            try:
                self.written.update(await self._transaction(worker, chance))
            except _ChangedItsMind:
                self.rolled_back += 1
            except Unavailable:
                self.unknown += 1
                await asyncio.sleep(0.1)

    async def _transaction(self, worker: Worker, chance: random.Random) -> list[UUID]:
        key, count = chance.choice(self.keys), chance.randint(1, MOST_AT_ONCE)
        async with worker.unit("writer") as unit:
            last = await unit.driver.fetchval(NEXT, key, count)
            facts = [
                unit.record(NoteWritten(note_id=key, length=1), sequence=last - count + n, area=AREA)
                for n in range(1, count + 1)
            ]
            # The rows take their numbers now and are seen only after the delay: the gap that a reader must not miss.
            await outbox.append(unit.driver, unit.recorded)
            unit.forget_facts(0)
            await asyncio.sleep(self._delay(chance))
            if chance.random() < 0.04:
                raise _ChangedItsMind
        return facts

    def _delay(self, chance: random.Random) -> float:
        if chance.random() < 0.03:
            return chance.uniform(self.longest_delay / 6, self.longest_delay)
        return chance.expovariate(1 / self.mean_delay)
