"""The embedded PostgreSQL starts beside what a killed one left behind."""

import asyncio
import json
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


async def test_a_server_ends_with_the_last_living_process_that_holds_it(passable: Path) -> None:
    with postgres.running(passable):
        pass
    with unreaped() as number:
        pass
    (passable / "postgres" / ".handle_pids.json").write_text(json.dumps([number]))

    with postgres.running(passable):
        pass

    assert not (passable / "postgres" / "postmaster.pid").exists()


async def test_a_copy_made_while_the_server_ran_is_started_beside_it(passable: Path) -> None:
    with postgres.running(passable / "first") as url:
        copying = await asyncio.create_subprocess_exec("cp", "-a", passable / "first", passable / "copy")
        assert await copying.wait() == 0
        with postgres.running(passable / "copy") as copied:
            assert await answer(copied) == 1
        assert await answer(url) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs under another account")
async def test_a_closed_folder_above_is_opened_for_passing_alone(passable: Path) -> None:
    closed = passable / "closed"
    closed.mkdir(mode=0o700)

    with postgres.running(closed / "data") as url:
        assert await answer(url) == 1

    assert closed.stat().st_mode & 0o777 == 0o711
