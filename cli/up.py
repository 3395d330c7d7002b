"""`tuopin up`: the embedded platform in a data folder, served until told to stop."""

import fcntl
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
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
LOCK = "lock"


class AlreadyRunning(Exception):  # noqa: N818 - a sentence for the operator
    """Another process serves the folder: two would each overwrite what the other one says."""


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
    # An address that cannot be had is said before a database is started for it.
    with _alone(data), listen(host, port) as listener:
        uvloop.run(_up(data, host, listener, business_date=business_date, beside=beside))


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the folder for this process; the system lets go of it however the process ends."""
    with (data / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"A platform runs in {data} already.") from None
        yield


async def _up(
    data: Path, host: str, listener: socket.socket, *, business_date: date | None, beside: Beside | None
) -> None:
    async with opened(data) as platform:
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
            await run_all(loops, on_stop=server.drain)
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
