"""Supervision's own consumer, run until it has handled so much."""

import asyncio

from chassis.bus.port import BusReader
from chassis.consumer import Consumer
from chassis.health import Health
from chassis.process import Worker, consumer_for
from chassis.runtime import Runtime
from chassis.service import Service
from chassis.telemetry import EVENTS_HANDLED
from cli.catalogue import load

SUPERVISION = "supervision"
LOOK_SECONDS = 0.005
# No round of any size takes as long; what gets stuck says where.
STUCK_SECONDS = 120


def consumer_of(runtime: Runtime, reader: BusReader, service: Service | None = None) -> Consumer:
    """Return the product's consumer of supervision on a bus."""
    worker = Worker(service or load(SUPERVISION), runtime, Health(SUPERVISION, runtime.clock))
    return consumer_for(worker, reader)


def handled() -> int:
    """Return how many events supervision has handled in this process; counted after their commit."""
    return int(EVENTS_HANDLED.labels(SUPERVISION)._value.get())  # noqa: SLF001 - the metric offers no other way


async def handle(count: int) -> int:
    """Wait until so many events more were handled; return how many it were."""
    before = handled()
    try:
        async with asyncio.timeout(STUCK_SECONDS):
            while handled() < before + count:  # noqa: ASYNC110 - a counter wakes nobody
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise TimeoutError(f"{handled() - before} of {count} events were handled") from None
    return handled() - before
