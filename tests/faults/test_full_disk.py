"""E9: the disk of an embedded platform fills up during writes; nothing acknowledged is lost, and room brings it back."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from chassis.ids import new_id
from cli.demo.platform import embedded
from contracts import roles
from tests.faults.clockwork import seconds_until
from tests.faults.conftest import Say
from tests.faults.office import CALLERS, Office, heard_of_all, not_found_again
from tests.kit import passable

DISK = "700m"
LEFT_FREE = 12 * 1024 * 1024
REFUSED = 30
MOST_COMMANDS = 20_000


@contextmanager
def mounted(size: str) -> Iterator[Path]:
    """A small file system of its own; mounting one needs root."""
    with passable("disk") as made:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(made)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("a full disk needs a file system of its own, and mounting one needs root")
        try:
            yield made
        finally:
            subprocess.run(["umount", "-l", str(made)], check=True)


def fill(disk: Path) -> Path:
    """Write a file that leaves little room, and return it."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - LEFT_FREE)
    return ballast


async def write_until_refused(office: Office) -> list[int]:
    """Send commands until enough were refused; return the statuses of the refused ones."""
    refused: list[int] = []

    async def caller() -> None:
        while len(refused) < REFUSED and len(office.asked) < MOST_COMMANDS:
            key = new_id().hex
            office.asked.append(key)
            answer = await office.receive(key)
            if answer.status_code == 201:
                office.answers[key] = answer.json()
            else:
                assert answer.headers["content-type"] == "application/problem+json"
                refused.append(answer.status_code)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return refused


@pytest.mark.timeout(240)
async def test_a_full_disk_refuses_commands_and_loses_none_that_it_acknowledged(say: Say) -> None:
    async with AsyncExitStack() as stack:
        disk = stack.enter_context(mounted(DISK))
        platform = await asyncio.to_thread(stack.enter_context, embedded(disk / "data", 0))
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=platform.address, timeout=20))
        office = Office(client)
        await office.furnish(disk / "data")
        ballast = fill(disk)
        refused = await write_until_refused(office)
        acknowledged = len(office.answers)

        ballast.unlink()
        back = await seconds_until(lambda: takes(office), 30)
        changed = await not_found_again(office)
        balances = (await office.send("GET", "/finance/v1/balances", roles.OFFICER)).text
        known = await heard_of_all(office)

    say(
        acknowledged=acknowledged,
        refused=len(refused),
        statuses=sorted(set(refused)),
        back_after=round(back, 1),
    )
    assert acknowledged
    assert len(refused) >= REFUSED
    assert set(refused) <= {500, 503}
    assert changed == []
    assert known == len(office.answers)
    assert f'"{len(office.answers)}.00"' in balances, balances


async def takes(office: Office) -> bool:
    """Tell whether a command is taken again."""
    key = new_id().hex
    office.asked.append(key)
    answer = await office.receive(key)
    if answer.status_code == 201:
        office.answers[key] = answer.json()
    return answer.status_code == 201


def test_a_start_on_a_full_disk_names_what_is_wrong() -> None:
    with mounted("30m") as disk:
        started = subprocess.run(
            [sys.executable, "-m", "cli.main", "up", "--data", str(disk / "data"), "--port", "0"],
            capture_output=True,
            text=True,
            check=False,
        )

    assert started.returncode == 1
    assert "is full" in started.stderr
    assert "Traceback" not in started.stderr
