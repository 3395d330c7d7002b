"""Putting one service together for one role of one process: its API, its relay, its consumer, its tickers."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
import structlog

from chassis.auth import Principal
from chassis.bus.port import BusReader, Wakeup
from chassis.clock import BusinessClock
from chassis.consumer import Consumer
from chassis.crypto import Cipher
from chassis.database import LOST, Database, plain_dsn
from chassis.dead_letters import cause_of
from chassis.errors import Unavailable
from chassis.health import STUCK_SECONDS, Health, Progress, database_check
from chassis.runtime import Peers, Runtime
from chassis.service import Service, Ticker
from chassis.telemetry import safe_traceback
from chassis.unit_of_work import UnitOfWork

LEAD = "SELECT pg_try_advisory_lock(hashtextextended('tuopin ticker ' || current_schema() || $1, 0))"
NOT_LEADER_SECONDS = 1.0
AFTER_DEFECT_SECONDS = 1.0
READY_LAG = 50_000
WAITED_FOR = (*LOST, asyncpg.PostgresError, Unavailable)

log = structlog.get_logger("tuopin.process")


@dataclass(slots=True)
class Worker:
    """A service in this process, with what its loops need."""

    service: Service
    runtime: Runtime
    health: Health

    def unit(self, actor: str = "consumer") -> UnitOfWork:
        """Return a unit of work of the service itself, over every area."""
        name = f"{self.service.name}-{actor}"
        return UnitOfWork(self.runtime, Principal(actor_id=name, roles=frozenset({"service"}), area=""))


def make_worker(
    service: Service,
    database_url: str,
    *,
    cipher: Cipher,
    peers: Peers,
    clock: BusinessClock,
    pool_size: int = 10,
    on_commit: Callable[[], None] | None = None,
) -> Worker:
    """Return a worker; nothing is opened before it is used."""
    name = f"tuopin {service.name}"
    runtime = Runtime(
        service=service.name,
        database=Database(database_url, pool_size=pool_size, application_name=name),
        clock=clock,
        cipher=cipher,
        peers=peers,
    )
    if on_commit is not None:
        runtime.on_commit = on_commit
    health = Health(service.name, clock)
    health.check("database", database_check(runtime.database))
    return Worker(service, runtime, health)


def consumer_for(worker: Worker, reader: BusReader) -> Consumer:
    """Return the service's consumer on a bus, with its progress and lag in the health of the process."""
    progress = worker.health.watch(Progress(f"{worker.service.name} consumer"))

    async def lag() -> str | None:
        try:
            async with asyncio.timeout(2):
                behind = await reader.lag()
        except Exception as error:  # noqa: BLE001 - whatever it is, the part is not ready
            return type(error).__name__
        return f"{behind} events behind" if behind > READY_LAG else None

    worker.health.check("lag", lag)
    return Consumer(worker.service, reader, worker.unit, progress)


async def run_ticker(worker: Worker, ticker: Ticker, *, wakeup: Wakeup | None = None) -> None:
    """Do the ticker's work again and again while this process leads it."""
    progress = worker.health.watch(
        Progress(f"{worker.service.name} {ticker.name}", allowed_seconds=STUCK_SECONDS + ticker.every_seconds)
    )
    woken = wakeup.listener() if wakeup is not None else asyncio.Event()
    while True:
        try:
            await _tick_as_leader(worker, ticker, progress, woken)
        except WAITED_FOR as lost:
            log.warning(
                "ticker waits", service=worker.service.name, ticker=ticker.name, error=type(lost).__name__
            )
        except Exception as error:  # noqa: BLE001 - never die silently: without a beat, liveness tells of it
            _tell_of_defect(worker, ticker, error)
        await asyncio.sleep(NOT_LEADER_SECONDS)


async def _tick_as_leader(worker: Worker, ticker: Ticker, progress: Progress, woken: asyncio.Event) -> None:
    connection = await asyncpg.connect(plain_dsn(worker.runtime.database.url), timeout=5)
    try:
        while not await connection.fetchval(LEAD, ticker.name):
            progress.beat()
            await asyncio.sleep(NOT_LEADER_SECONDS)
        while not connection.is_closed():
            if await _is_done(worker, ticker):
                progress.beat()
                await _pause(woken, ticker.every_seconds)
    finally:
        connection.terminate()


async def _is_done(worker: Worker, ticker: Ticker) -> bool:
    """Do the work once; a defect is told of and paused for, and the lead is kept: who waits for it beats."""
    try:
        await ticker.work(lambda: worker.unit(ticker.name))
    except WAITED_FOR:
        raise
    except Exception as error:  # noqa: BLE001 - one defect must not end the process
        _tell_of_defect(worker, ticker, error)
        await asyncio.sleep(AFTER_DEFECT_SECONDS)
        return False
    return True


def _tell_of_defect(worker: Worker, ticker: Ticker, error: Exception) -> None:
    log.error(
        "ticker failed",
        service=worker.service.name,
        ticker=ticker.name,
        cause=cause_of(error),
        frames=safe_traceback(error),
    )


async def _pause(woken: asyncio.Event, seconds: float) -> None:
    woken.clear()
    await asyncio.sleep(min(seconds, 0.05))  # bursts of commits count as one
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()
