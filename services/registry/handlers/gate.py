"""One workbook at a time in a process: reading one takes a core and memory, and the counter must go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.errors import Unavailable
from chassis.runtime import Runtime

MAX_WAITING = 4


class Gate:
    """Lets one through, a few wait, and sends the others away."""

    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)
        self._present = 0

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Wait for the turn, without a database connection; Unavailable when too many wait."""
        if self._present > MAX_WAITING:
            raise Unavailable("Other workbooks are being read; nothing changed, try again.")
        self._present += 1
        try:
            async with self._one:
                yield
        finally:
            self._present -= 1


def gate_of(runtime: Runtime) -> Gate:
    """Return the one gate of a running service."""
    gate: Gate = runtime.extras.setdefault("workbook-gate", Gate())
    return gate
