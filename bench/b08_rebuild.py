"""B8: supervision rebuilt from its whole trail, against one server-side upsert and one transaction an event."""

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bench import harness
from bench.hearing import SUPERVISION
from bench.log import EVENTS_A_HOUSEHOLD, encoded, message_of, runtime_of, year
from bench.size import scaled
from chassis import schema
from chassis.auth import Principal
from chassis.database import plain_dsn
from chassis.effects import Effects
from chassis.runtime import Runtime
from chassis.secrets import prepare_secrets
from chassis.serving import settle
from chassis.unit_of_work import UnitOfWork
from cli.catalogue import load
from services.supervision.rebuild import rebuild

HOUSEHOLDS = scaled(4_290)
EVENTS = HOUSEHOLDS * EVENTS_A_HOUSEHOLD
ONE_BY_ONE = scaled(150)
BATCH = 2000
FOLDED = """
CREATE TABLE IF NOT EXISTS supervision.folded (household_id uuid PRIMARY KEY, state jsonb NOT NULL)
"""
# The same trail folded to one document a household by the server alone: no rules, no findings, no history of its own.
UPSERT = """
INSERT INTO supervision.folded AS f (household_id, state)
SELECT (event -> 'data' ->> 'household_id')::uuid, jsonb_object_agg(event ->> 'type', event -> 'data' ORDER BY position)
FROM (
    SELECT position, convert_from(payload, 'UTF8')::jsonb AS event FROM supervision.trail
) AS told
WHERE event -> 'data' ? 'household_id'
GROUP BY 1
ON CONFLICT (household_id) DO UPDATE SET state = f.state || excluded.state
"""


def main() -> None:
    """Run B8."""
    with TemporaryDirectory(prefix="tuopin-bench-") as folder, harness.server() as url:
        harness.run(lambda: _b8(url, Path(folder)))


@dataclass(slots=True)
class _World:
    runtime: Runtime
    effects: Effects
    admin: "asyncpg.Connection[asyncpg.Record]"

    def unit(self) -> UnitOfWork:
        """Return supervision's own unit of work."""
        return UnitOfWork(self.runtime, Principal(actor_id="bench", roles=frozenset({"service"}), area=""))

    async def hear(self, households: int) -> None:
        """Let supervision hear a year of some households, as its consumer would."""
        rows = encoded(year(households), self.runtime)
        messages = [message_of(row, number) for number, row in enumerate(rows)]
        for start in range(0, len(messages), BATCH):
            async with self.unit() as unit:
                await self.effects.apply(messages[start : start + BATCH], unit)

    async def rebuilt(self) -> float:
        """Rebuild everything."""
        started = time.perf_counter()
        async with self.unit() as unit:
            read = await rebuild(unit)
        return read / (time.perf_counter() - started)

    async def upserted(self) -> float:
        """Fold the trail in one statement."""
        await self.admin.execute("DELETE FROM supervision.folded")
        count = await self.admin.fetchval("SELECT count(*) FROM supervision.trail")
        started = time.perf_counter()
        await self.admin.execute(UPSERT)
        return float(count) / (time.perf_counter() - started)

    async def one_by_one(self) -> float:
        """Apply new facts in a transaction each."""
        rows = encoded(year(max(1, ONE_BY_ONE // EVENTS_A_HOUSEHOLD)), self.runtime)
        messages = [message_of(row, number) for number, row in enumerate(rows)]
        started = time.perf_counter()
        for message in messages:
            async with self.unit() as unit:
                await self.effects.apply([message], unit)
        return len(messages) / (time.perf_counter() - started)


async def _b8(url: str, folder: Path) -> None:
    service = load(SUPERVISION)
    async with harness.migrated(url, service) as admin_url:
        cipher = prepare_secrets(folder).cipher()
        runtime = runtime_of(SUPERVISION, schema.url_as(admin_url, schema.role_of(SUPERVISION)), cipher)
        world = _World(runtime, Effects(service), await asyncpg.connect(plain_dsn(admin_url)))
        await world.admin.execute(FOLDED)
        await world.hear(HOUSEHOLDS)
        await world.admin.execute("VACUUM ANALYZE supervision.trail")
        settle()
        found = harness.Comparison(
            name="B8",
            what=f"supervision rebuilt from a trail of {EVENTS:,} events",
            unit="events/s",
            target=">= 0.33; >= 40x",
        )
        rivals = {"one server-side upsert": world.upserted, "one transaction an event": world.one_by_one}
        await harness.compare(found, world.rebuilt, rivals)
        await world.admin.close()
        await runtime.database.close()
    harness.report(found)
