"""One at a time in a process of what takes a core and memory, workbooks and papers: the counter must go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.errors import Unavailable
from chassis.runtime import Runtime

MAX_WAITING = 4
# A paper is set in a fraction of a second.
MAX_PAPERS_WAITING = 20


class Gate:
    """Lets one through, a few wait, and sends the others away."""

    def __init__(self, what: str, max_waiting: int) -> None:
        self._what = what
        self._max_waiting = max_waiting
        self._one = asyncio.Semaphore(1)
        self._present = 0

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Wait for the turn, without a database connection; Unavailable when too many wait."""
        if self._present > self._max_waiting:
            raise Unavailable(f"Other {self._what}; nothing changed, try again.")
        self._present += 1
        try:
            async with self._one:
                yield
        finally:
            self._present -= 1


def gate_of(runtime: Runtime) -> Gate:
    """Return the one gate for workbooks of a running service."""
    gate: Gate = runtime.extras.setdefault("workbook-gate", Gate("workbooks are being read", MAX_WAITING))
    return gate


def print_gate_of(runtime: Runtime) -> Gate:
    """Return the one gate for papers of a running service."""
    gate: Gate = runtime.extras.setdefault("print-gate", Gate("papers are being printed", MAX_PAPERS_WAITING))
    return gate
