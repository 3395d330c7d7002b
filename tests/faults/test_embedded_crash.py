"""E9: `tuopin up` and its PostgreSQL are killed during writes; the next start finds every acknowledged command by itself."""

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from cli.demo.platform import DemoPlatform, embedded
from contracts import roles
from tests.faults.conftest import Say
from tests.faults.office import CALLERS, Office, heard_of_all, not_found_again

ACKNOWLEDGED = 100


async def write_until_killed(office: Office, platform: DemoPlatform, *, with_server: bool) -> None:
    """Kill the process, and its PostgreSQL when asked, in the middle of writes."""
    target = len(office.answers) + ACKNOWLEDGED
    writing = [asyncio.create_task(office.write_for_ever()) for _ in range(CALLERS)]
    while len(office.answers) < target:  # noqa: ASYNC110 - six callers count, and one waits
        await asyncio.sleep(0.005)
    if with_server:
        postmaster = int((platform.data / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
    os.kill(platform.fleet.find("up").pid, signal.SIGKILL)
    await asyncio.gather(*writing)


async def moved_in(office: Office | None, client: httpx.AsyncClient, data: Path) -> Office:
    """Return the office at the address of this start; the first one is furnished."""
    if office is None:
        office = Office(client)
        await office.furnish(data)
    office.client = client
    return office


@pytest.mark.timeout(240)
async def test_an_embedded_platform_killed_with_its_database_keeps_every_acknowledged_command(
    passable: Path, say: Say
) -> None:
    office: Office | None = None
    starts: list[float] = []
    changed: list[str] = []
    for with_server in (False, True, None):
        async with AsyncExitStack() as stack:
            began = time.monotonic()
            platform = await asyncio.to_thread(stack.enter_context, embedded(passable / "data", 0))
            starts.append(round(time.monotonic() - began, 1))
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=platform.address, timeout=20))
            office = await moved_in(office, client, passable / "data")
            changed += await not_found_again(office)
            if with_server is not None:
                await write_until_killed(office, platform, with_server=with_server)
                continue
            balances = (await office.send("GET", "/finance/v1/balances", roles.OFFICER)).text
            known = await heard_of_all(office)

    assert office is not None
    say(acknowledged=len(office.answers), not_found_again=len(changed), heard=known, start_seconds=starts)
    assert changed == []
    assert known == len(office.answers)
    assert f'"{len(office.answers)}.00"' in balances, balances
