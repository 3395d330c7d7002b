"""The toy service on a database of its own, with roles that have passwords, and the figures that tell whether it held."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from chassis import schema
from chassis.clock import BusinessClock
from chassis.database import plain_dsn
from chassis.peers import HttpPeers
from chassis.process import Worker, make_worker
from chassis.secrets import Secrets, prepare_secrets
from tests.chassis.toy import TOY
from tests.faults.clockwork import seconds_until
from tests.faults.counted import COUNTED, EFFECTS

PASSWORD = "only-for-this-test"
LOST = """
SELECT count(*) FROM toy.outbox AS o WHERE NOT EXISTS (SELECT 1 FROM toy.effect AS e WHERE e.event_id = o.event_id)
"""
TWICE = "SELECT count(*) - count(DISTINCT event_id) FROM toy.effect"
STRAYS = """
SELECT count(*) FROM toy.effect AS e WHERE NOT EXISTS (SELECT 1 FROM toy.outbox AS o WHERE o.event_id = e.event_id)
"""
DISORDERED = """
SELECT count(*) FROM (
    SELECT sequence, coalesce(lag(sequence) OVER (PARTITION BY key ORDER BY no), 0) AS before FROM toy.effect
) AS e WHERE sequence <> before + 1
"""
PARKED = "SELECT count(*) FROM toy.dead_letter"
COUNTS = f"SELECT (SELECT count(*) FROM toy.outbox) AS events, ({LOST}) AS lost, ({TWICE}) AS twice, ({STRAYS}) AS strays, ({DISORDERED}) AS disordered, ({PARKED}) AS parked"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with the effects: all zero when nothing is."""

    events: int
    lost: int
    twice: int
    strays: int
    disordered: int
    parked: int

    def is_clean(self) -> bool:
        """Tell whether every event had its effect once, in order."""
        return not (self.lost or self.twice or self.strays or self.disordered or self.parked)


class Stage:
    """One toy service whose processes and engines will be killed."""

    def __init__(self, admin_url: str, folder: Path, bootstrap: str = "") -> None:
        self.admin_url = admin_url
        self.folder = folder
        self.bootstrap = bootstrap
        self.url = schema.url_as(admin_url, schema.role_of("toy"), password=PASSWORD)
        self.bus_url = plain_dsn(schema.url_as(admin_url, schema.BUS_ROLE, password=PASSWORD))
        self.secrets: Secrets = prepare_secrets(folder)

    def environment(self) -> Mapping[str, str]:
        """Return what the processes are told."""
        return {
            "TUOPIN_DATA": str(self.folder),
            "TUOPIN_LOG_LEVEL": "WARNING",
            "TUOPIN_TOY_DATABASE_URL": self.url,
            "TUOPIN_KAFKA_BOOTSTRAP": self.bootstrap,
            "FAULTS_BUS_URL": self.bus_url,
            "FAULTS_SOURCES": "toy",
        }

    async def prepare(self) -> None:
        """Make schema, roles and the tables of effects."""
        await schema.prepare(self.admin_url, "toy", password=PASSWORD)
        await schema.upgrade(self.admin_url, "toy", TOY.metadata, TOY.migrations)
        await schema.prepare_bus_role(self.admin_url, ["toy"], password=PASSWORD)
        async with self.admin() as connection:
            await connection.execute(EFFECTS)

    def worker(self, pool_size: int) -> Worker:
        """Return the service in this process, for writers."""
        return make_worker(
            COUNTED,
            self.url,
            cipher=self.secrets.cipher(),
            peers=HttpPeers({}),
            clock=BusinessClock(),
            pool_size=pool_size,
        )

    @asynccontextmanager
    async def admin(self) -> "AsyncIterator[asyncpg.Connection[Any]]":
        """Lend a connection that sees everything."""
        connection = await asyncpg.connect(plain_dsn(self.admin_url))
        try:
            yield connection
        finally:
            await connection.close()

    async def verdict(self) -> Verdict:
        """Compare effects with events."""
        async with self.admin() as connection:
            row = await connection.fetchrow(COUNTS)
        return Verdict(**dict(row or {}))

    async def drained(self, seconds: float) -> float:
        """Wait until every event has its effect; return how long that took, or the limit when it did not come."""
        async with self.admin() as connection:

            async def is_drained() -> bool:
                return not await connection.fetchval(LOST)

            return await seconds_until(is_drained, seconds)
