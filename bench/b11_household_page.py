"""B11: the household page over five services through the gateway, against a raw kept-alive fan-out to the same five."""

from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import httpx

from bench import harness
from bench.processes import get, load, serving
from bench.size import scaled
from chassis import schema
from chassis.ids import new_id
from chassis.secrets import prepare_secrets
from cli.catalogue import NAMES
from cli.catalogue import load as load_service
from contracts.topics import GATEWAY

SECONDS = scaled(30) / 10
PASSWORD = "five bright lanterns over Erhai"  # noqa: S105 - of an account that lives as long as the benchmark


def main() -> None:
    """Run B11."""
    with TemporaryDirectory(prefix="tuopin-bench-") as folder, harness.server() as url:
        harness.run(lambda: _b11(url, Path(folder)))


async def _b11(url: str, folder: Path) -> None:
    secrets = prepare_secrets(folder)
    async with harness.migrated(url, load_service(GATEWAY)) as admin_url, AsyncExitStack() as stack:
        upstreams = [await stack.enter_async_context(serving("bench.upstream")) for _ in NAMES]
        environment = {
            "TUOPIN_DATA": str(folder),
            "TUOPIN_GATEWAY_DATABASE_URL": schema.url_as(admin_url, schema.role_of(GATEWAY)),
        }
        for name, port in zip(NAMES, upstreams, strict=True):
            environment[f"TUOPIN_{name.upper()}_URL"] = f"http://127.0.0.1:{port}"
        gateway = await stack.enter_async_context(serving("gateway", environment=environment))
        bearer = await _log_in(gateway, secrets.administrator_password() or "")
        page = get(f"/gateway/v1/households/{_household()}/360", bearer)
        question = get("/registry/v1/households", "x" * 400)
        evenness: list[float] = []

        async def ours() -> float:
            found = await load([gateway], [page], seconds=SECONDS)
            evenness.append(found.p99 / found.p50)
            return found.rate

        async def raw() -> float:
            return (await load(upstreams, [question], seconds=SECONDS)).rate

        found = harness.Comparison(
            name="B11",
            what="household page, six questions to five services",
            unit="pages/s",
            target=">= 0.17; p99/p50 <= 3",
        )
        await harness.compare(found, ours, {"raw kept-alive fan-out, five questions, no gateway": raw})
        found.notes.append(f"p99 / p50 of ours: {harness.spread(evenness[1:])}")
    harness.report(found)


def _household() -> UUID:
    return new_id()


async def _log_in(port: int, one_time: str) -> str:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        change = {"name": "administrator", "current_password": one_time, "new_password": PASSWORD}
        (await http.post("/gateway/v1/passwords", json=change)).raise_for_status()
        login = {"name": "administrator", "password": PASSWORD}
        opened = (await http.post("/gateway/v1/sessions", json=login)).raise_for_status()
        return str(opened.json()["token"])
