"""Rounds in which ours and the others alternate, and the line that sums them up."""

import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import uvloop

from bench.size import ROUNDS
from chassis import schema
from chassis.database import plain_dsn
from chassis.service import Service
from chassis.telemetry import configure_logging
from cli import postgres

Measure = Callable[[], Awaitable[float]]


@dataclass(slots=True, kw_only=True)
class Comparison:
    """What one benchmark found: a figure a round of ours, and of each rival; the first rival makes the last line."""

    name: str
    what: str
    unit: str
    target: str
    ours: list[float] = field(default_factory=list)
    others: dict[str, list[float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    # Where less is better, the ratio is the rival's figure over ours.
    is_less_better: bool = False
    # Where the figure is itself a ratio, as in "the last round over the first", no rival divides it.
    is_ratio: bool = False

    def ratios(self, rival: str) -> list[float]:
        """Return ours against the rival's, round by round."""
        pairs = zip(self.ours, self.others[rival], strict=True)
        return [theirs / mine if self.is_less_better else mine / theirs for mine, theirs in pairs]


async def compare(found: Comparison, ours: Measure, others: Mapping[str, Measure]) -> Comparison:
    """Measure ours and the others in turn, as often as there are rounds, after one warm-up."""
    found.others = {rival: [] for rival in others}
    for number in range(ROUNDS + 1):
        mine = await ours()
        theirs = {rival: await measure() for rival, measure in others.items()}
        if number == 0:
            found.notes.clear()
            continue
        found.ours.append(mine)
        for rival, figure in theirs.items():
            found.others[rival].append(figure)
    return found


def report(found: Comparison) -> None:
    """Print the figures, then one line a ratio; the last one is the benchmark's own."""
    print(f"\n{found.name}: {found.what} [{found.unit}; target {found.target}]")
    for label, figures in {"tuopin": found.ours, **found.others}.items():
        print(f"  {label:<58} {figures_of(figures)}")
    for note in found.notes:
        print(f"  {note}")
    if found.is_ratio:
        print(f"{found.name} ratio {spread(found.ours)}", flush=True)
        return
    rivals = list(found.others)
    for rival in rivals[1:]:
        print(f"  {found.name} against {rival}: {spread(found.ratios(rival))}")
    print(f"{found.name} ratio {spread(found.ratios(rivals[0]))}", flush=True)


def figures_of(figures: Sequence[float]) -> str:
    """Return median, least and most of some figures."""
    low, middle, high = min(figures), statistics.median(figures), max(figures)
    digits = 2 if high < 100 else 0
    return f"{middle:>12,.{digits}f}  ({low:,.{digits}f} to {high:,.{digits}f})"


def spread(ratios: Sequence[float]) -> str:
    """Return median, least and most of some ratios."""
    median = statistics.median(ratios)
    return f"{median:.2f} ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} rounds)"


@contextmanager
def server() -> Iterator[str]:
    """Yield the admin's URL of a fresh embedded PostgreSQL, durable as in use."""
    with tempfile.TemporaryDirectory(prefix="tuopin-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with postgres.running(Path(folder)) as url:
            yield url


@asynccontextmanager
async def migrated(url: str, *services: Service) -> AsyncIterator[str]:
    """Yield the admin's URL of the platform's database with the services' schemas in place."""
    admin_url = await postgres.ensure_database(url)
    await postgres.migrate(admin_url, services)
    await schema.prepare_bus_role(admin_url, [service.name for service in services])
    yield admin_url


async def connect(admin_url: str, service: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Return a connection as a service's role."""
    return await asyncpg.connect(plain_dsn(schema.url_as(admin_url, schema.role_of(service))))


def run(main: Callable[[], Awaitable[None]]) -> None:
    """Run a benchmark's coroutine on the event loop that the product uses, logging no more than warnings."""
    configure_logging("WARNING")

    async def body() -> None:
        await main()

    uvloop.run(body())
