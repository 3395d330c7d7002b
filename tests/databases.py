"""Migrated databases lent to one test after the other: emptied between two, since making one takes a second."""

import itertools

import asyncpg
from sqlalchemy import make_url

from chassis import schema
from chassis.database import plain_dsn
from chassis.service import Service

TABLES = """
SELECT quote_ident(tablename) FROM pg_tables
WHERE schemaname = $1 AND tablename NOT LIKE 'alembic\\_%'
"""
RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE schemaname = $1 AND last_value IS NOT NULL
"""


class Databases:
    """A pool of databases, each with one service's schema as its revisions leave it."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._free: dict[str, list[str]] = {}
        self._seeded: dict[str, list[str]] = {}
        self._number = itertools.count(1)

    async def lend(self, service: Service) -> str:
        """Return the superuser's URL of a database that nobody else holds."""
        free = self._free.setdefault(service.name, [])
        return free.pop() if free else await self._make(service)

    async def give_back(self, service: Service, url: str) -> None:
        """Empty a database for the next test; one that cannot be emptied is left alone."""
        connection = await asyncpg.connect(plain_dsn(url))
        try:
            await connection.execute("SET lock_timeout = '3s'; SET client_min_messages = error")
            await self._empty(connection, service.name)
        except asyncpg.PostgresError:
            return
        finally:
            await connection.close()
        self._free[service.name].append(url)

    async def _make(self, service: Service) -> str:
        name = f"{service.name}_{next(self._number)}"
        admin = await asyncpg.connect(plain_dsn(self._server_url))
        await admin.execute(f'CREATE DATABASE "{name}"')
        await admin.close()
        url = make_url(self._server_url).set(database=name).render_as_string(hide_password=False)
        await schema.prepare(url, service.name)
        await schema.upgrade(url, service.name, service.metadata, service.migrations)
        connection = await asyncpg.connect(plain_dsn(url))
        await self._keep_seeds(connection, service.name)
        await connection.close()
        return url

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
