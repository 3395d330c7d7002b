"""Connections for questions of one statement: they can only read, and need no transaction around it."""

import asyncio
from typing import Any

import asyncpg

CONNECT_SECONDS = 5
WAIT_SECONDS = 10
SETTINGS = {"default_transaction_read_only": "on", "jit": "off"}


class Readers:
    """A handful of connections, each scoped by row-level security to the area it was last lent for.

    They are lent for nothing else: an area left behind on one can only meet a question that sets its own.
    """

    def __init__(self, dsn: str, *, size: int, application_name: str) -> None:
        self._dsn = dsn
        self._settings = {**SETTINGS, "application_name": application_name}
        self._slots = asyncio.Semaphore(size)
        self._idle: list[tuple[str, asyncpg.Connection[Any]]] = []

    async def borrow(self, area: str) -> "asyncpg.Connection[Any]":
        """Lend a connection that sees this area; the caller's area is digits only."""
        async with asyncio.timeout(WAIT_SECONDS):
            await self._slots.acquire()
        try:
            return await self._scoped(area)
        except BaseException:
            self._slots.release()
            raise

    def give_back(self, connection: "asyncpg.Connection[Any]", area: str) -> None:
        """Take a connection back whose statement has ended."""
        if not connection.is_closed():
            self._idle.append((area, connection))
        self._slots.release()

    def discard(self, connection: "asyncpg.Connection[Any]") -> None:
        """Take a connection back that nobody may use again."""
        connection.terminate()
        self._slots.release()

    def close(self) -> None:
        """Close every connection that is not lent."""
        for _, connection in self._idle:
            connection.terminate()
        self._idle.clear()

    async def _scoped(self, area: str) -> "asyncpg.Connection[Any]":
        for number in range(len(self._idle) - 1, -1, -1):
            if self._idle[number][0] == area:
                return self._idle.pop(number)[1]
        connection = self._idle.pop()[1] if self._idle else await self._open()
        try:
            await connection.execute(f"SET tuopin.area = 'area:{area}'")
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _open(self) -> "asyncpg.Connection[Any]":
        return await asyncpg.connect(self._dsn, timeout=CONNECT_SECONDS, server_settings=self._settings)
