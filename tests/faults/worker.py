"""Processes to be killed: `python -m tests.faults.worker` has loaded everything and forks one for each line it reads."""

import ctypes
import importlib
import json
import os
import random
import signal
import sys
from typing import Any

import uvloop

from chassis.bus.kafka import KafkaLog
from chassis.bus.port import BusReader
from chassis.bus.postgres import OutboxLog
from chassis.clock import BusinessClock
from chassis.consumer import Consumer
from chassis.peers import HttpPeers
from chassis.process import Worker, consumer_for, make_worker
from chassis.run import run_role
from chassis.secrets import load_secrets
from chassis.service import Service
from chassis.serving import HttpServer, announce, listen, plain_health_app, run_all
from chassis.settings import PlatformSettings, ServiceSettings
from chassis.telemetry import configure_logging
from tests.faults.counted import COUNTED, MortalUnit, mortal_unit
from tests.faults.stutter import Stutter

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.02


async def serve_embedded(service: Service, platform: PlatformSettings) -> None:
    """Run the consumer as embedded mode does: the outboxes are its log."""
    worker = _worker(service, platform)
    reader = _outbox_log(service)
    await _serve(consumer_for(worker, reader).run(), worker.health, platform)


async def serve_mortal(service: Service, platform: PlatformSettings) -> None:
    """Run a consumer that hears everything several times and dies around its commits."""
    MortalUnit.commits_left = random.randint(4, int(os.environ["FAULTS_LIFE"]))  # noqa: S311 - no secret
    worker = _worker(service, platform)
    reader: BusReader = _outbox_log(service)
    if platform.kafka_bootstrap:
        reader = KafkaLog(platform.kafka_bootstrap, "tuopin-toy", service.topics())
    else:
        reader = Stutter(reader, random.Random())  # noqa: S311 - no secret
    progress = consumer_for(worker, reader)._progress
    consumer = Consumer(service, reader, lambda: mortal_unit(worker), progress)
    await _serve(consumer.run(), worker.health, platform)


OWN_ROLES = {"embedded": serve_embedded, "mortal": serve_mortal}


def _worker(service: Service, platform: PlatformSettings) -> Worker:
    return make_worker(
        service,
        ServiceSettings.of(service.name).database_url,
        cipher=load_secrets(platform.data).cipher(),
        peers=HttpPeers({}),
        clock=BusinessClock(platform.timezone),
        pool_size=4,
    )


def _outbox_log(service: Service) -> OutboxLog:
    sources = dict.fromkeys(os.environ["FAULTS_SOURCES"].split(), os.environ["FAULTS_BUS_URL"])
    return OutboxLog(sources, service.topics(), poll_seconds=POLL_SECONDS)


async def _serve(loop: Any, health: Any, platform: PlatformSettings) -> None:
    listener = listen(platform.host, 0)
    announce(port=listener.getsockname()[1])
    await run_all([loop, HttpServer(plain_health_app(health), listener).run_until_stopped()])


def _be_born(order: dict[str, Any]) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # nobody outlives the test that asked for it
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, suffix in ((1, "out"), (2, "log")):
        path = f"{order['output']}.{suffix}"
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    os.environ.update(order["environment"])
    role, service = order["role"], _load(order["service"])
    if role in OWN_ROLES:
        platform = PlatformSettings()
        configure_logging(platform.log_level)
        uvloop.run(OWN_ROLES[role](service, platform))
    else:
        run_role(service, role)


def _load(name: str) -> Service:
    if name == COUNTED.name:
        return COUNTED
    service = importlib.import_module(f"services.{name}.main").SERVICE
    assert isinstance(service, Service)
    return service


def main() -> None:
    """Fork a child for each order on standard input; end with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave no zombie
    for service in sys.argv[1:]:
        _load(service)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                _be_born(json.loads(line))
                status = 0
            finally:
                os._exit(status)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
