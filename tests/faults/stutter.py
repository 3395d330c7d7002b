"""A bus that repeats itself: every message comes one to five times, among those of other keys in any order."""

import random
from collections.abc import Sequence
from dataclasses import replace

from chassis.bus.port import Batch, BusReader, Message, Positions


def repeated(messages: Sequence[Message], chance: random.Random) -> list[Message]:
    """Return every message one to five times; keys are shuffled against each other, each key's first hearings keep order."""
    rows: dict[str, list[Message]] = {}
    for message in messages:
        own = rows.setdefault(message.key, [])
        own.append(message)
        # A repetition comes somewhere after its first hearing, also behind later messages of its key.
        for _ in range(chance.randint(0, 4)):
            own.append(chance.choice(own))
    turns = [key for key, own in rows.items() for _ in own]
    chance.shuffle(turns)
    left = {key: iter(own) for key, own in rows.items()}
    return [next(left[key]) for key in turns]


class Stutter:
    """Another bus's batches, stuttered; the positions stay as they are."""

    def __init__(self, reader: BusReader, chance: random.Random) -> None:
        self._reader = reader
        self._chance = chance
        self._heard: list[Message] = []

    async def start(self, positions: Positions) -> None:
        """Begin reading."""
        await self._reader.start(positions)

    async def fetch(self, limit: int, timeout: float) -> Sequence[Batch]:
        """Return the next batches, with repetitions from inside and from before."""
        batches = await self._reader.fetch(limit // 4, timeout)
        return [self._stuttered(batch) for batch in batches]

    def _stuttered(self, batch: Batch) -> Batch:
        echoes = self._chance.sample(self._heard, min(len(self._heard), 20))
        self._heard = [*self._heard[-500:], *batch.messages]
        return replace(batch, messages=[*echoes, *repeated(batch.messages, self._chance)])

    async def again(self, source: str) -> None:
        """Read a source again; what was not handled was not heard."""
        self._heard.clear()
        await self._reader.again(source)

    async def lag(self) -> int:
        """Return how far behind the bus is."""
        return await self._reader.lag()

    async def close(self) -> None:
        """Stop reading."""
        await self._reader.close()
