"""`tuopin up`: the embedded platform in a data folder, served until told to stop."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import uvloop

from chassis.auth import Principal
from chassis.serving import HttpServer, announce, listen, run_all
from chassis.telemetry import configure_logging
from chassis.unit_of_work import UnitOfWork
from cli.embedded import Platform, opened
from contracts import roles
from contracts.topics import GATEWAY
from gateway.handlers.business_date import set_business_date
from gateway.state import EXTRA

ADDRESS = "address"

Beside = Callable[[Platform, str], Awaitable[None]]


def up(
    data: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    business_date: date | None = None,
    log_level: str = "WARNING",
    beside: Beside | None = None,
) -> None:
    """Serve the platform of `data`; `beside` runs next to it and ends it when done."""
    configure_logging(log_level)
    data.mkdir(parents=True, exist_ok=True)
    uvloop.run(_up(data, host, port, business_date=business_date, beside=beside))


async def _up(data: Path, host: str, port: int, *, business_date: date | None, beside: Beside | None) -> None:
    async with opened(data) as platform:
        listener = listen(host, port)
        address = f"http://{host}:{listener.getsockname()[1]}"
        (data / ADDRESS).write_text(address)
        server = HttpServer(platform.app, listener)
        if business_date is not None:
            await move_business_date(platform, business_date)
        loops = [*platform.loops, server.run_until_stopped()]
        if beside is None:
            _greet(platform, address, data)
        else:
            loops.append(_coroutine(beside(platform, address)))
        try:
            await run_all(loops)
        finally:
            (data / ADDRESS).unlink(missing_ok=True)


async def _coroutine(work: Awaitable[None]) -> None:
    await work


async def move_business_date(platform: Platform, business_date: date) -> None:
    """Move the business date as the owner of the data folder."""
    runtime = platform.workers[GATEWAY].runtime
    owner = Principal(actor_id="data-folder-owner", roles=frozenset({roles.ADMINISTRATOR}), area="")
    await set_business_date(business_date, UnitOfWork(runtime, owner), runtime.extras[EXTRA])


def _greet(platform: Platform, address: str, data: Path) -> None:
    one_time = platform.secrets.administrator_password() is not None
    announce(
        address=address,
        documentation=f"{address}/docs",
        data=str(data),
        first_step="tuopin accounts password administrator" if one_time else "tuopin login NAME",
    )
