"""The embedded PostgreSQL starts beside what a killed one left behind."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import asyncpg
import pytest

from chassis.database import plain_dsn
from cli import postgres


@contextmanager
def unreaped() -> Iterator[int]:
    """Yield the number of a process that is dead and still in the table."""
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as dead:
        assert dead.stdout is not None
        dead.stdout.read()
        yield dead.pid


@contextmanager
def somebody_else() -> Iterator[int]:
    """Yield the number of a living process that is no PostgreSQL."""
    yield os.getpid()


async def answer(url: str) -> int:
    connection = await asyncpg.connect(plain_dsn(url))
    found: int = await connection.fetchval("SELECT 1")
    await connection.close()
    return found


@pytest.mark.parametrize("left", [unreaped, somebody_else])
async def test_a_pid_file_of_a_dead_server_does_not_stand_in_the_way(
    passable: Path, left: Callable[[], AbstractContextManager[int]]
) -> None:
    pid_file = passable / "postgres" / "postmaster.pid"
    with postgres.running(passable) as url:
        assert await answer(url) == 1
        lines = pid_file.read_text().splitlines()

    with left() as number:
        pid_file.write_text("\n".join([str(number), *lines[1:]]) + "\n")
        with postgres.running(passable) as url:
            assert await answer(url) == 1
