"""The port both buses stand behind: batches from positions, which belong to the consumer's own transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Message(NamedTuple):
    """One event as it lies on the bus; `payload` is the CloudEvent's JSON."""

    origin: str
    topic: str
    key: str
    type: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of one source (a service's outbox, or a partition) in order, and the position after them."""

    source: str
    messages: Sequence[Message]
    position: str


Positions = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""Asks the consumer's database for the positions of sources; a missing one is the beginning."""


class BusReader(Protocol):
    """Where a consumer gets its batches."""

    async def start(self, positions: Positions) -> None:
        """Begin reading; `positions` is asked for every source that is assigned, now and later."""
        ...

    async def fetch(self, limit: int, timeout: float) -> Sequence[Batch]:
        """Return the next batches, waiting up to `timeout` seconds for the first message."""
        ...

    async def again(self, source: str) -> None:
        """Read a source again from its stored position: what was fetched of it was not handled."""
        ...

    async def lag(self) -> int:
        """Return how many events are published and not yet fetched."""
        ...

    async def close(self) -> None:
        """Stop reading."""
        ...


class Publisher(Protocol):
    """Where a relay puts facts."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when the bus has acknowledged every message, in order per key; raise `BusLost` otherwise.

        A second call may begin before the first has ended: its messages stay behind those of the first.
        """
        ...

    async def close(self) -> None:
        """Stop publishing."""
        ...


class BusLost(Exception):  # noqa: N818 - what happened
    """The bus cannot be reached; try again."""


class Wakeup:
    """Wakes the readers of this process after a commit, so that nobody waits for a poll."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def notify(self) -> None:
        """Wake everybody who waits."""
        for event in self._waiting:
            event.set()

    def listener(self) -> asyncio.Event:
        """Return an event that every notify sets; the listener clears it."""
        event = asyncio.Event()
        self._waiting.add(event)
        return event

    def forget(self, event: asyncio.Event) -> None:
        """Stop waking a listener."""
        self._waiting.discard(event)
