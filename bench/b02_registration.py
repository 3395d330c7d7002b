"""B2: one durable registration, by its handler and over HTTP, against pgbench writing the same rows."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from bench import harness, pgbench
from bench.households import Households, new_key
from bench.processes import load, serving
from bench.registry import CLERK, NAME, Registry, opened
from bench.size import scaled
from chassis import idempotency, outbox
from chassis.serving import settle
from services.registry.handlers.household import file_household
from services.registry.schemas.request import HouseholdRequest
from services.registry.store import bulk

CLIENTS = 8
REQUESTS = scaled(2_400, 40)
SECONDS = 2.0
PATH = "/registry/v1/households"
COLUMNS = {
    **bulk.TABLES,
    "outbox": outbox.COLUMNS,
    "idempotency": ("scope", "fingerprint", "status", "headers", "body"),
}
# Ids that grow, as UUIDv7 do, one sequence a client: what is the first group here is the row's place in the script.
ID = "('{place:08x}-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid"
HASH = "sha256(convert_to('{place}-' || :n::text, 'UTF8'))"


def main() -> None:
    """Run B2."""
    with TemporaryDirectory(prefix="tuopin-bench-") as folder, harness.server() as url:
        harness.run(lambda: _b2(url, Path(folder)))


class _World:
    """Three ways to register households, each durable before it counts."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        self._registry = registry
        self._households = Households()
        self._folder = folder
        self._runs = count(1)
        self.port = 0

    async def by_handler(self) -> float:
        """Let eight callers at a time through the handler."""
        requests = [HouseholdRequest.model_validate(self._households.request()) for _ in range(REQUESTS)]
        waiting = iter(requests)

        async def caller() -> None:
            for request in waiting:
                key = idempotency.reservation_for(
                    client=CLERK, method="POST", path=PATH, query="", key=new_key(), body=b""
                )
                await file_household(request, self._registry.unit(key))

        started = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(CLIENTS)))
        return REQUESTS / (time.perf_counter() - started)

    async def over_http(self) -> float:
        """Let eight connections post to the service's own process."""
        bearer = self._registry.token()
        requests = [self._post(bearer) for _ in range(REQUESTS)]
        return (await load([self.port], requests, seconds=60, connections=CLIENTS, once=True)).rate

    async def by_pgbench(self) -> float:
        """Let pgbench write rows like those of the last registration."""
        script = self._folder / "registration.sql"
        script.write_text(await self._script(next(self._runs)))
        return await pgbench.rate_of(
            script, self._registry.url, clients=CLIENTS, seconds=SECONDS, schema=NAME
        )

    def _post(self, bearer: str) -> str:
        body = json.dumps(self._households.request(), ensure_ascii=True)
        return (
            f"POST {PATH} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {bearer}\r\n"
            f"idempotency-key: {new_key()}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n{body}"
        )

    async def _script(self, run: int) -> str:
        """Return a transaction with the rows of one registration as plain statements."""
        admin = self._registry.admin
        household = await admin.fetchval(
            "SELECT id FROM registry.household ORDER BY recorded_at DESC LIMIT 1"
        )
        rows: dict[str, Sequence[Any]] = {}
        for table, columns in COLUMNS.items():
            where = {"household": "id = $1", "outbox": "aggregate_id = $1::uuid::text"}.get(
                table, "household_id = $1"
            )
            listed = ", ".join(columns)
            if table == "idempotency":
                rows[table] = await admin.fetch(f"SELECT {listed} FROM registry.{table} LIMIT 1")
            else:
                rows[table] = await admin.fetch(
                    f"SELECT {listed} FROM registry.{table} WHERE {where}", household
                )
        spell = _Spelling()
        lines = ["\\set i :i + 1", f"\\set n ({run} * 1000 + :client_id) * 10000000 + :i"]
        statements = [
            f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) VALUES "
            + ", ".join(
                f"({', '.join(spell.of(name, value) for name, value in row.items())})" for row in found
            )
            + ";"
            for table, found in rows.items()
        ]
        return "\n".join([*lines, "BEGIN;", *statements, "COMMIT;"])


class _Spelling:
    """Spells values as SQL; ids and hashes become expressions that differ from transaction to transaction."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def of(self, column: str, value: Any) -> str:  # noqa: PLR0911 - one line a type
        """Return a value as the script writes it."""
        place = self._places.setdefault(value, len(self._places) + 1)
        if column in {"identity_hash", "scope"}:
            return HASH.format(place=place)
        if column == "file_number":
            return "'B-' || :n::text"
        if isinstance(value, UUID) and column != "change_set_id":
            return ID.format(place=place)
        if value is None:
            return "NULL"
        if isinstance(value, bool | int):
            return str(value)
        if isinstance(value, bytes):
            return f"decode('{value.hex()}', 'hex')"
        # As bytes, because pgbench takes a colon and what follows it for a variable.
        text = value.isoformat() if isinstance(value, date) else str(value)
        kind = {datetime: "::timestamptz", date: "::date"}.get(type(value), "")
        return f"convert_from(decode('{text.encode().hex()}', 'hex'), 'UTF8'){kind}"


async def _b2(url: str, folder: Path) -> None:
    async with AsyncExitStack() as stack:
        registry = await stack.enter_async_context(opened(url, folder, pool_size=CLIENTS))
        world = _World(registry, folder)
        environment = {**registry.environment, "TUOPIN_POOL_SIZE": str(CLIENTS)}
        world.port = await stack.enter_async_context(
            serving("services.registry", "api", environment=environment)
        )
        settle()
        http: list[float] = []
        found = harness.Comparison(
            name="B2",
            what=f"one durable registration, {CLIENTS} at a time, by its handler",
            unit="households/s",
            target=">= 1.0; over HTTP >= 0.42",
        )

        async def ours() -> float:
            rate = await world.by_handler()
            http.append(await world.over_http())
            return rate

        await harness.compare(found, ours, {"pgbench, the same rows": world.by_pgbench})
        shares = [
            mine / theirs
            for mine, theirs in zip(http[1:], found.others["pgbench, the same rows"], strict=True)
        ]
        found.notes.append(f"over HTTP: {harness.figures_of(http[1:]).strip()}")
        found.notes.append(f"B2 over HTTP against pgbench: {harness.spread(shares)}")
    harness.report(found)
