"""The embedded platform in a folder: a second start finds everything again, also after a kill."""

import asyncio
import os
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from chassis.serving import listen
from cli.demo.platform import embedded
from cli.embedded import opened as embedded_platform
from tests.cli.kit import Office, tuopin

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]


def test_a_second_start_after_kill_9_finds_everything_again(passable: Path) -> None:
    with embedded(passable / "data", 0) as platform:
        office = Office(platform, passable)
        office.log_in("administrator")
        office.hire("officer", "county-officer", "532931")
        moved = office.tuopin("business-date", "2016-02-29")
        assert moved.returncode == 0, moved.stderr
        os.kill(platform.fleet.find("up").pid, signal.SIGKILL)

    with embedded(passable / "data", 0) as platform:
        office = Office(platform, passable)
        opened = office.tuopin("login", "officer", as_="officer")
        shown = office.tuopin("business-date", as_="officer")

    assert opened.returncode == 0, opened.stderr
    assert shown.stdout.strip() == "2016-02-29 (moved)"
    assert asyncio.run(dates_before_any_loop(passable / "data")) == {date(2016, 2, 29)}


async def dates_before_any_loop(data: Path) -> set[date]:
    async with embedded_platform(data) as platform:
        dates = {worker.runtime.clock.today() for worker in platform.workers.values()}
        for loop in platform.loops:
            loop.close()
    return dates


def test_a_database_that_dies_alone_is_started_again(passable: Path) -> None:
    with embedded(passable / "data", 0) as platform:
        office = Office(platform, passable)
        office.log_in("administrator")
        killed = int((passable / "data" / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(killed, signal.SIGKILL)
        began = time.monotonic()
        while office.tuopin("accounts", "list").returncode != 0:
            assert time.monotonic() - began < 120
            time.sleep(0.2)
        moved = office.tuopin("business-date", "2016-02-29")
        started = int((passable / "data" / "postgres" / "postmaster.pid").read_text().splitlines()[0])

    assert moved.returncode == 0, moved.stderr
    assert started != killed


def test_a_folder_is_served_once(passable: Path) -> None:
    with embedded(passable / "data", 0) as platform:
        second = tuopin("up", "--data", str(passable / "data"), "--port", "0")
        told = (passable / "data" / "address").read_text()

    assert second.returncode == 1
    assert second.stderr == f"A platform runs in {passable / 'data'} already.\n"
    assert told == platform.address


def test_an_address_that_cannot_be_had_is_said_before_a_database_is_started(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        refused = tuopin("up", "--data", str(tmp_path), "--port", str(port))

    assert refused.returncode == 1
    assert "in use" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "postgres").exists()
