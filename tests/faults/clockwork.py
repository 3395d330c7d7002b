"""Waiting for what other processes do, with a limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable

POLL_SECONDS = 0.02


async def seconds_until(condition: Callable[[], Awaitable[bool]], limit: float) -> float:
    """Return how long it took until the condition held; the limit and more when it never did."""
    began = time.monotonic()
    while not await condition() and time.monotonic() - began < limit:  # noqa: ASYNC110 - it happens elsewhere
        await asyncio.sleep(POLL_SECONDS)
    return time.monotonic() - began
