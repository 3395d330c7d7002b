"""The PostgreSQL that tests and the demonstration start is a real one, and survives being killed."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.engines import postgres, process
from deploy.engines.error import EngineFailed
from deploy.engines.postgres import Postgres
from tests.kit import passable

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with passable("engine") as folder, postgres.running(folder) as started:
        yield started


async def fetch(url: str, sql: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_the_server_is_version_16_with_fsync_on_and_room_for_200_connections(server: Postgres) -> None:
    version = await fetch(server.url, "SELECT current_setting('server_version_num')::int / 10000")
    fsync = await fetch(server.url, "SHOW fsync")
    connections = await fetch(server.url, "SHOW max_connections")

    assert (version, fsync, connections) == (16, "on", "200")


async def test_the_server_listens_on_loopback_only(server: Postgres) -> None:
    addresses = await fetch(server.url, "SHOW listen_addresses")

    assert addresses == "127.0.0.1"


async def test_a_wrong_password_is_refused(server: Postgres) -> None:
    host_part = server.url.partition("@")[2]

    with pytest.raises(asyncpg.InvalidPasswordError):
        await fetch(f"postgresql://tuopin_admin:wrong@{host_part}", "SELECT 1")


async def test_rows_are_still_there_after_a_kill(server: Postgres) -> None:
    await fetch(server.url, "CREATE TABLE kept AS SELECT 4290 AS households")

    server.kill()
    server.start()

    assert await fetch(server.url, "SELECT households FROM kept") == 4290


async def test_a_killed_server_comes_back_on_the_same_address(server: Postgres) -> None:
    before = server.url

    server.kill()
    server.start()

    assert server.url == before


async def test_a_killed_server_leaves_no_process_behind(server: Postgres) -> None:
    worker = await fetch(server.url, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")

    server.kill()

    try:
        assert process.find(worker) is None
    finally:
        server.start()


async def test_a_lock_left_by_a_kill_does_not_stop_the_next_start(server: Postgres) -> None:
    server.kill()
    lock = server.data_dir / "tables" / "postmaster.pid"
    stale = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")

    server.start()

    assert await fetch(server.url, "SELECT 1") == 1


def test_a_second_server_over_a_served_folder_is_refused(server: Postgres) -> None:
    (server.data_dir / "process.json").rename(server.data_dir / "process.hidden")
    try:
        with pytest.raises(EngineFailed, match="already serves"):
            Postgres(server.data_dir).start()
    finally:
        (server.data_dir / "process.hidden").rename(server.data_dir / "process.json")


def test_another_command_finds_the_running_server(server: Postgres) -> None:
    found = Postgres(server.data_dir)

    assert found.pid == server.pid


def test_the_password_is_readable_by_its_owner_only(server: Postgres) -> None:
    mode = (server.data_dir / "identity.json").stat().st_mode & 0o777

    assert mode == 0o600


def test_a_stopped_server_says_that_it_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="not running"):
        _ = Postgres(tmp_path).pid
