"""Migrated databases lent to one test after the other: emptied between two, since making one takes a second.

Connections stay open with them: the server spends more on a new one than on most tests.
"""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy import make_url

from chassis import schema
from chassis.database import LOST, Database, plain_dsn
from chassis.service import Service

TABLES = """
SELECT quote_ident(tablename) FROM pg_tables
WHERE schemaname = $1 AND tablename NOT LIKE 'alembic\\_%'
"""
RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE schemaname = $1 AND last_value IS NOT NULL
"""


KEPT_CONNECTIONS = 3


class KeptDatabase(Database):
    """A service's database as the service sees it, for one test after the other."""

    async def refresh(self) -> None:
        """Keep a few connections that still answer; a test may have ended them."""
        kept = [lent for lent in self._idle[:KEPT_CONNECTIONS] if await _answers(lent.driver)]
        self._idle = [lent for lent in self._idle if lent not in kept]
        await self.close()
        self._idle = kept


@dataclass(slots=True)
class Place:
    """A database that one test has for itself: its superuser's URL and connection, the service's way to it."""

    url: str
    database: KeptDatabase
    admin: "asyncpg.Connection[Any]"
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sql(self, query: str, *arguments: Any) -> list[Any]:
        """Run SQL as the superuser, past every wall."""
        async with self.lock:
            return list(await self.admin.fetch(query, *arguments))

    async def close(self) -> None:
        """End every connection."""
        await self.database.close()
        self.admin.terminate()


class Databases:
    """A pool of databases, each with one service's schema as its revisions leave it."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._free: dict[str, list[Place]] = {}
        self._seeded: dict[str, list[str]] = {}
        self._number = itertools.count(1)

    async def lend(self, service: Service) -> Place:
        """Return a database that nobody else holds."""
        free = self._free.setdefault(service.name, [])
        while free:
            place = free.pop()
            if await _answers(place.admin):
                await place.database.refresh()
                return place
            await place.close()
        return await self._make(service)

    async def give_back(self, service: Service, place: Place) -> None:
        """Empty a database for the next test; one that cannot be emptied is left alone."""
        try:
            await place.admin.execute("SET lock_timeout = '3s'; SET client_min_messages = error")
            await self._empty(place.admin, service.name)
            await place.admin.execute("RESET ALL")
        except (*LOST, asyncpg.PostgresError):
            await place.close()
            return
        self._free[service.name].append(place)

    async def close(self) -> None:
        """End the connections of every database that is not lent."""
        for places in self._free.values():
            for place in places:
                await place.close()

    async def _make(self, service: Service) -> Place:
        name = f"{service.name}_{next(self._number)}"
        admin = await asyncpg.connect(plain_dsn(self._server_url))
        await admin.execute(f'CREATE DATABASE "{name}"')
        await admin.close()
        url = make_url(self._server_url).set(database=name).render_as_string(hide_password=False)
        await schema.prepare(url, service.name)
        await schema.upgrade(url, service.name, service.metadata, service.migrations)
        connection = await asyncpg.connect(plain_dsn(url))
        await self._keep_seeds(connection, service.name)
        database = KeptDatabase(schema.url_as(url, schema.role_of(service.name)), pool_size=10)
        return Place(url, database, connection)

    async def _keep_seeds(self, connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
        """Remember the rows that revisions themselves put in."""
        self._seeded[name] = []
        for row in await connection.fetch(TABLES, name):
            if await connection.fetchval(f"SELECT EXISTS (SELECT 1 FROM {name}.{row[0]})"):  # noqa: S608
                await connection.execute(
                    f"CREATE TABLE {name}.alembic_kept_{row[0]} AS TABLE {name}.{row[0]}"
                )
                self._seeded[name].append(row[0])

    async def _empty(self, connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
        tables = [f"{name}.{row[0]}" for row in await connection.fetch(TABLES, name)]
        async with connection.transaction():
            # Guards of append-only tables are for the service's role and its triggers, not for the next test.
            await connection.execute("SET LOCAL session_replication_role = replica")
            # To truncate fifty tables takes a hundred times as long as to delete what a test left in a few of them.
            await connection.execute("; ".join(f"DELETE FROM {table}" for table in tables))  # noqa: S608
            await connection.execute(RESTART, name)
            for table in self._seeded[name]:
                await connection.execute(
                    f"INSERT INTO {name}.{table} OVERRIDING SYSTEM VALUE TABLE {name}.alembic_kept_{table}"
                )


async def _answers(connection: "asyncpg.Connection[Any]") -> bool:
    try:
        await connection.execute("SELECT 1")
    except (*LOST, asyncpg.PostgresError):
        return False
    return True
