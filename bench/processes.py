"""Processes beside the benchmark: servers that say their port, and the load generator."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

START_SECONDS = 60
STOP_SECONDS = 15
CONNECTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one run of the load generator saw; latencies in milliseconds."""

    rate: float
    failed: int
    p50: float
    p99: float


@asynccontextmanager
async def serving(*module: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[int]:
    """Run `python -m module` and yield the port that its first line of output names."""
    command = [sys.executable, "-m", *module]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, env={**os.environ, "TUOPIN_LOG_LEVEL": "WARNING", **(environment or {})}
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        yield int(json.loads(line)["port"])
    finally:
        await _stop(process)


async def load(
    ports: Sequence[int],
    requests: Sequence[str],
    *,
    seconds: float,
    connections: int = CONNECTIONS,
    once: bool = False,
) -> Load:
    """Let another process ask; several ports are asked side by side and count as one question."""
    task: dict[str, Any] = {
        "ports": list(ports),
        "requests": list(requests),
        "seconds": seconds,
        "connections": connections,
        "once": once,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", stdin=PIPE, stdout=PIPE
    )
    output, _ = await process.communicate(json.dumps(task).encode())
    found = Load(**json.loads(output))
    assert found.failed == 0, f"{found.failed} requests were not answered with success"
    return found


def get(path: str, bearer: str) -> str:
    """Return a GET request as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {bearer}\r\n\r\n"


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
