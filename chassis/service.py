"""A service is a value: what it owns, answers, publishes and hears, in one place."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from sqlalchemy import MetaData

from chassis.errors import Refusal
from chassis.events import Envelope, Fact, Received
from chassis.quick import QuickRead
from chassis.unit_of_work import UnitOfWork

EventHandler = Callable[[Received[Any], UnitOfWork], Awaitable[None]]
BatchConsumer = Callable[[Sequence[Received[Any]], UnitOfWork], Awaitable[None]]
UnitFactory = Callable[[], UnitOfWork]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticker:
    """Work driven by the clock and not by an event; one process of the service runs it at a time."""

    name: str
    every_seconds: float
    work: Callable[[UnitFactory], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything the chassis needs to run one service."""

    name: str
    metadata: MetaData
    migrations: Path
    routers: Sequence[APIRouter] = ()
    problems: Mapping[type[Refusal], int] = field(default_factory=dict)
    constraints: Mapping[str, type[Refusal]] = field(default_factory=dict)
    quick_reads: Sequence[QuickRead] = ()
    body_limits: Mapping[str, int] = field(default_factory=dict)
    publishes: Sequence[type[Fact]] = ()
    consumers: Mapping[type[Fact], EventHandler] = field(default_factory=dict)
    # Hears every type of these topics as raw envelopes, the whole batch at once.
    batch_topics: Sequence[str] = ()
    batch_consumer: BatchConsumer | None = None
    tickers: Sequence[Ticker] = ()

    def topics(self) -> list[str]:
        """Return the topics it hears."""
        return sorted({kind.topic for kind in self.consumers} | set(self.batch_topics))

    def hears(self) -> bool:
        """Tell whether a consumer must run for it: always, since every service hears the business date."""
        return True


def raw(envelope: Envelope) -> Received[Any]:
    """Return an event for a batch consumer, its data still raw."""
    return Received(envelope=envelope, data=envelope.data)
