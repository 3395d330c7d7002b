"""Running one service in a process of its own: `python -m services.<name> [api|relay|consumer]`."""

import argparse
from collections.abc import Coroutine
from typing import Any

import uvloop

from chassis.app import build_app
from chassis.bus.kafka import KafkaLog, reach
from chassis.bus.kafka_publisher import KafkaPublisher
from chassis.calendar import follow_business_date, take_business_date
from chassis.clock import BusinessClock
from chassis.database import plain_dsn
from chassis.health import Progress
from chassis.housekeeping import HOUSEKEEPING
from chassis.peers import HttpPeers
from chassis.process import Worker, consumer_for, make_worker, run_ticker
from chassis.relay import Relay
from chassis.secrets import load_secrets
from chassis.service import Service
from chassis.serving import HttpServer, announce, listen, plain_health_app, run_all
from chassis.settings import PlatformSettings, ServiceSettings, addresses
from chassis.telemetry import configure_logging

ROLES = ("api", "relay", "consumer")
CLOCK_TOPIC = "gateway.clock"


def main(service: Service) -> None:
    """Run the role named on the command line until told to stop."""
    parser = argparse.ArgumentParser(prog=f"tuopin {service.name}")
    parser.add_argument("role", nargs="?", choices=ROLES, default="api")
    run_role(service, parser.parse_args().role)


def run_role(service: Service, role: str) -> None:
    """Run one role of a service on the settings of the environment."""
    platform = PlatformSettings()
    configure_logging(platform.log_level)
    uvloop.run(_run(service, role, platform))


async def _run(service: Service, role: str, platform: PlatformSettings) -> None:
    settings = ServiceSettings.of(service.name)
    if not settings.database_url:
        raise SystemExit(f"Set TUOPIN_{service.name.upper()}_DATABASE_URL to the service's database.")
    secrets = load_secrets(platform.data)
    clock = BusinessClock(platform.timezone)
    peers = HttpPeers(addresses())
    worker = make_worker(
        service,
        settings.database_url,
        cipher=secrets.cipher(),
        peers=peers,
        clock=clock,
        pool_size=platform.pool_size,
    )
    await take_business_date(worker.runtime.database, clock)
    loops = [follow_business_date(worker.runtime.database, clock), *_loops_of(role, worker, platform)]
    app = plain_health_app(worker.health)
    if role == "api":
        app = build_app(service, worker.runtime, secrets.verifier(), worker.health)
    listener = listen(platform.host, platform.port)
    server = HttpServer(app, listener)
    announce(service=service.name, role=role, host=platform.host, port=listener.getsockname()[1])
    try:
        await run_all([*loops, server.run_until_stopped()], on_stop=server.drain)
    finally:
        await peers.close()
        await worker.runtime.database.close()


def _loops_of(role: str, worker: Worker, platform: PlatformSettings) -> list[Coroutine[Any, Any, None]]:
    if role == "relay":
        return [_relay(worker, platform)]
    if role == "consumer":
        tickers = [run_ticker(worker, ticker) for ticker in (*worker.service.tickers, HOUSEKEEPING)]
        return [_consume(worker, platform), *tickers]
    return []


async def _relay(worker: Worker, platform: PlatformSettings) -> None:
    bootstrap = platform.kafka_bootstrap
    worker.health.check("bus", lambda: reach(bootstrap))
    progress = worker.health.watch(Progress(f"{worker.service.name} relay"))
    dsn = plain_dsn(worker.runtime.database.url)
    await Relay(worker.service.name, dsn, KafkaPublisher(bootstrap), progress).run()


async def _consume(worker: Worker, platform: PlatformSettings) -> None:
    bootstrap = platform.kafka_bootstrap
    worker.health.check("bus", lambda: reach(bootstrap))
    topics = sorted({*worker.service.topics(), CLOCK_TOPIC})
    reader = KafkaLog(bootstrap, f"tuopin-{worker.service.name}", topics)
    await consumer_for(worker, reader).run()
