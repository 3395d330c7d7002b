"""B10: a household's file over HTTP, against bare ASGI with asyncpg and against FastAPI with the ORM."""

from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import harness
from bench.households import Households
from bench.processes import get, load, serving
from bench.registry import Registry, opened
from bench.size import scaled
from services.registry.handlers.workbook_import import commit_households

HOUSEHOLDS = scaled(2_000, 20)
ASKED = scaled(500, 20)
SECONDS = scaled(30) / 10


def main() -> None:
    """Run B10."""
    with TemporaryDirectory(prefix="tuopin-bench-") as folder, harness.server() as url:
        harness.run(lambda: _b10(url, Path(folder)))


async def _filed(registry: Registry) -> list[str]:
    """File households and return the ids of some."""
    households = Households()
    async with registry.unit() as unit:
        filed = await commit_households([households.draft() for _ in range(HOUSEHOLDS)], unit)
    await registry.admin.execute("VACUUM ANALYZE")
    step = HOUSEHOLDS // ASKED
    return [str(each.household.id) for each in filed[::step]]


async def _b10(url: str, folder: Path) -> None:
    async with AsyncExitStack() as stack:
        registry = await stack.enter_async_context(opened(url, folder))
        ids = await _filed(registry)
        product = await stack.enter_async_context(
            serving("services.registry", "api", environment=registry.environment)
        )
        bare = await stack.enter_async_context(serving("bench.read_servers", "bare", registry.url))
        orm = await stack.enter_async_context(serving("bench.read_servers", "orm", registry.url))

        async def rate(port: int) -> float:
            bearer = registry.token()  # a token lives five minutes
            questions = [get(f"/registry/v1/households/{one}", bearer) for one in ids]
            return (await load([port], questions, seconds=SECONDS)).rate

        found = harness.Comparison(
            name="B10", what="GET a household of four", unit="requests/s", target=">= 0.5; >= 2.5x"
        )
        rivals = {"bare ASGI + asyncpg": lambda: rate(bare), "FastAPI + ORM": lambda: rate(orm)}
        await harness.compare(found, lambda: rate(product), rivals)
    harness.report(found)
