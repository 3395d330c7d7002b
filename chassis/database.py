"""One pool per service role. The driver autocommits; `UnitOfWork` alone speaks BEGIN and COMMIT."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

CONNECT_SECONDS = 5
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


class Database:
    """A service's own database: its role sees its own schema and no other."""

    def __init__(self, url: str, *, pool_size: int = 10, application_name: str = "tuopin") -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            with_driver(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            # Cheap (no round trip) and enough: a dead connection is invalidated by the unit that meets it.
            pool_pre_ping=False,
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
        """Lend a pooled connection outside any transaction."""
        async with self.engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


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
