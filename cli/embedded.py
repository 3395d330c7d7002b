"""Everything in one process: five services, the gateway and their PostgreSQL, behind one port."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from chassis import schema
from chassis.app import build_app
from chassis.bus.port import Wakeup
from chassis.bus.postgres import OutboxLog
from chassis.calendar import follow_business_date, take_business_date
from chassis.clock import BusinessClock
from chassis.database import plain_dsn
from chassis.housekeeping import HOUSEKEEPING
from chassis.peers import InProcessPeers
from chassis.process import Worker, consumer_for, make_worker, run_ticker
from chassis.secrets import Secrets, prepare_secrets
from cli import postgres
from cli.catalogue import ALL, NAMES, load
from contracts.topics import CLOCK, GATEWAY
from gateway.main import open_gateway
from gateway.upstreams.in_process import InProcessUpstreams

POOL_SIZE = 8


@dataclass(frozen=True, slots=True)
class Platform:
    """The running whole: one application to serve, the loops to keep running, the secrets of the folder."""

    app: ASGIApp
    loops: list[Coroutine[Any, Any, None]]
    secrets: Secrets
    workers: dict[str, Worker]
    admin_url: str


@asynccontextmanager
async def opened(data: Path, *, timezone: str = "Asia/Shanghai") -> AsyncIterator[Platform]:
    """Start or find again the platform of a data folder."""
    secrets = prepare_secrets(data)
    async with AsyncExitStack() as stack:
        server = await asyncio.to_thread(stack.enter_context, postgres.running(data))
        admin_url = await postgres.ensure_database(server)
        services = [load(name) for name in ALL]
        await postgres.migrate(admin_url, services)
        await schema.prepare_bus_role(admin_url, ALL)
        wakeup = Wakeup()
        apps: dict[str, ASGIApp] = {}
        workers = {
            service.name: make_worker(
                service,
                schema.url_as(admin_url, schema.role_of(service.name)),
                cipher=secrets.cipher(),
                peers=InProcessPeers(apps),
                clock=BusinessClock(timezone),
                pool_size=POOL_SIZE,
                on_commit=wakeup.notify,
            )
            for service in services
        }
        for worker in workers.values():
            stack.push_async_callback(worker.runtime.database.close)
            await take_business_date(worker.runtime.database, worker.runtime.clock)
        apps.update((name, _app(workers[name], secrets)) for name in NAMES)
        loops = [postgres.keep_running(data), *_loops(workers, admin_url, wakeup)]
        gateway = workers[GATEWAY]
        app = await stack.enter_async_context(
            open_gateway(
                gateway.runtime,
                verifier=secrets.verifier(),
                health=gateway.health,
                secrets=secrets,
                upstreams=InProcessUpstreams(apps),
            )
        )
        yield Platform(app, loops, secrets, workers, admin_url)


def _app(worker: Worker, secrets: Secrets) -> ASGIApp:
    return build_app(worker.service, worker.runtime, secrets.verifier(), worker.health)


def _loops(workers: dict[str, Worker], admin_url: str, wakeup: Wakeup) -> list[Coroutine[Any, Any, None]]:
    loops: list[Coroutine[Any, Any, None]] = []
    sources = dict.fromkeys(ALL, plain_dsn(schema.url_as(admin_url, schema.BUS_ROLE)))
    for worker in workers.values():
        loops.append(follow_business_date(worker.runtime.database, worker.runtime.clock))
        tickers = (*worker.service.tickers, HOUSEKEEPING)
        loops.extend(run_ticker(worker, ticker, wakeup=wakeup) for ticker in tickers)
        if worker.service.name != GATEWAY:
            topics = sorted({*worker.service.topics(), CLOCK})
            loops.append(consumer_for(worker, OutboxLog(sources, topics, wakeup=wakeup)).run())
    return loops
