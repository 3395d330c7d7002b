"""One pool per service role. The driver autocommits; `UnitOfWork` alone speaks BEGIN and COMMIT."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, cast

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from chassis.readers import CONNECT_SECONDS, Readers

WAIT_SECONDS = 10
# How a lost connection shows itself. The driver's "internal client error" is what it says for a moment of a connection
# that the server ended while nothing was asked of it.
LOST = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    ConnectionError,
    OSError,
    TimeoutError,
)
# PostgreSQL ends one of the transactions that wait for each other, or saw each other's rows change: 40P01 and 40001.
GIVEN_UP = frozenset({asyncpg.DeadlockDetectedError.sqlstate, asyncpg.SerializationError.sqlstate})


class Lent(NamedTuple):
    """One open connection as SQLAlchemy sees it, and the driver's connection under it."""

    connection: AsyncConnection
    driver: "asyncpg.Connection[Any]"


class Database:
    """A service's own database: its role sees its own schema and no other.

    Connections stay open as SQLAlchemy made them and are lent as they are: its own pool asks more of the processor
    each time than a short transaction does.
    """

    def __init__(self, url: str, *, pool_size: int = 10, application_name: str = "tuopin") -> None:
        self.url = url
        self.lent = 0
        self._idle: list[Lent] = []
        self._slots = asyncio.Semaphore(pool_size)
        self.readers = Readers(plain_dsn(url), size=pool_size, application_name=application_name)
        self._engine: AsyncEngine = create_async_engine(
            with_driver(url),
            poolclass=NullPool,
            # The unit of work speaks BEGIN and COMMIT itself, in the same round trip as its settings.
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={
                "timeout": CONNECT_SECONDS,
                "server_settings": {"application_name": application_name, "jit": "off"},
            },
        )

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection outside any transaction."""
        lent = await self.borrow()
        try:
            yield lent.connection
        except BaseException:
            await self.discard(lent)
            raise
        await self.give_back(lent)

    async def borrow(self) -> Lent:
        """Lend a connection; whoever has it gives it back or discards it. TimeoutError when all stay lent."""
        async with asyncio.timeout(WAIT_SECONDS):
            await self._slots.acquire()
        try:
            lent = self._known() or await self._open()
        except BaseException:
            self._slots.release()
            raise
        self.lent += 1
        return lent

    async def give_back(self, lent: Lent) -> None:
        """Take a connection back that is in no transaction."""
        if lent.driver.is_closed() or lent.driver.is_in_transaction():
            await self.discard(lent)
            return
        if lent.connection.in_transaction():  # SQLAlchemy's own idea of one; the server knows of none
            await lent.connection.rollback()
        self._idle.append(lent)
        self._release()

    async def discard(self, lent: Lent) -> None:
        """Take a connection back that nobody may use again."""
        try:
            await _end(lent)
        finally:
            self._release()

    async def close(self) -> None:
        """Close every connection that is not lent."""
        self.readers.close()
        idle, self._idle = self._idle, []
        for lent in idle:
            await _end(lent)
        await self._engine.dispose()

    def _known(self) -> Lent | None:
        return self._idle.pop() if self._idle else None

    async def _open(self) -> Lent:
        connection = await self._engine.connect()
        return Lent(connection, await driver_of(connection))

    def _release(self) -> None:
        self.lent -= 1
        self._slots.release()


async def _end(lent: Lent) -> None:
    try:
        if lent.driver.is_closed():
            await lent.connection.invalidate()
        await lent.connection.close()
    except (*LOST, DBAPIError):
        lent.driver.terminate()


def was_given_up(error: BaseException) -> bool:
    """Tell whether the server ended the transaction so that another could go on; the same work goes through later."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) in GIVEN_UP


async def driver_of(connection: AsyncConnection) -> "asyncpg.Connection[Any]":
    """Return the asyncpg connection under a pooled one, for hot statements and COPY."""
    raw = await connection.get_raw_connection()
    return cast("asyncpg.Connection[Any]", raw.driver_connection)


def with_driver(url: str) -> str:
    """Return the URL with asyncpg named as driver."""
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def plain_dsn(url: str) -> str:
    """Return the URL as libpq and asyncpg themselves understand it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
