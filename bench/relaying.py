"""The product's relay loop with a publisher that counts, run until it has published so much."""

import asyncio
import time
from collections.abc import Sequence

from bench.hearing import STUCK_SECONDS
from chassis.bus.port import Message, Publisher
from chassis.health import Progress
from chassis.relay import Relay


class Counted:
    """A publisher around the product's own, or around nothing; it wakes whoever waits for a number of messages."""

    def __init__(self, inner: Publisher | None = None) -> None:
        self._inner = inner
        self._wanted = 0
        self._reached = asyncio.Event()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Publish and count."""
        if self._inner is not None:
            await self._inner.publish(messages)
        self._wanted -= len(messages)
        if self._wanted <= 0:
            self._reached.set()

    async def close(self) -> None:
        """Keep the connection: the product closes it only when it stops."""

    async def wait_for(self, count: int) -> None:
        """Wait until so many messages more were published."""
        self._wanted = count
        self._reached.clear()
        try:
            async with asyncio.timeout(STUCK_SECONDS):
                await self._reached.wait()
        except TimeoutError:
            raise TimeoutError(f"{self._wanted} of {count} messages were not published") from None


async def drain(service: str, dsn: str, counted: Counted, count: int) -> float:
    """Let the product's relay publish so many waiting facts; return how many a second."""
    relay = Relay(service, dsn, counted, Progress("bench"))
    started = time.perf_counter()
    running = asyncio.create_task(relay.run())
    await counted.wait_for(count)
    taken = time.perf_counter() - started
    await asyncio.sleep(0.05)  # the position is stored after the acknowledgement
    await stop(running)
    return count / taken


async def stop(*tasks: "asyncio.Task[None]") -> None:
    """Cancel loops and wait until they are gone."""
    going = set(tasks)
    while going:  # a client's library may take a cancellation for its own
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=1)
