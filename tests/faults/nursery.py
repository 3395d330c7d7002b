"""Starting, asking and killing the processes of a fault test, each by its own pid."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30.0
LIMITS = httpx.Limits(max_keepalive_connections=0)


@dataclass(slots=True, eq=False)
class Child:
    """A process of one role; it is told apart from others by its pid and its output."""

    role: str
    pid: int
    output: Path
    service: str = "toy"

    def announced(self) -> dict[str, Any] | None:
        """Return what the process said when it had started, None before."""
        text = self.output.with_suffix(".out").read_text() if self.output.with_suffix(".out").exists() else ""
        return dict(json.loads(text)) if text.endswith("\n") else None

    def is_alive(self) -> bool:
        """Tell whether the process exists."""
        return Path(f"/proc/{self.pid}").exists()

    def kill(self) -> None:
        """End the process as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        until = time.monotonic() + START_SECONDS
        while self.is_alive() and time.monotonic() < until:
            time.sleep(0.002)

    async def address(self) -> str:
        """Return where the process answers, waiting until it says so."""
        until = time.monotonic() + START_SECONDS
        while (said := self.announced()) is None:
            if not self.is_alive() or time.monotonic() > until:
                raise AssertionError(f"{self.role} did not start: {self.last_words()}")
            await asyncio.sleep(0.01)
        return f"http://127.0.0.1:{said['port']}"

    async def readiness(self) -> tuple[int, dict[str, Any]]:
        """Return status and parts of /health/ready; 0 when nobody answers."""
        async with httpx.AsyncClient(limits=LIMITS, timeout=5) as client:
            try:
                answer = await client.get(f"{await self.address()}/health/ready")
            except httpx.HTTPError:
                return 0, {}
        return answer.status_code, answer.json()["parts"]

    def last_words(self) -> str:
        """Return the end of the process's log."""
        log = self.output.with_suffix(".log")
        return log.read_text()[-1500:] if log.exists() else ""


class Nursery:
    """Has children by role, and has them again after they died."""

    def __init__(self, parent: "subprocess.Popen[str]", folder: Path, environment: Mapping[str, str]) -> None:
        self._parent = parent
        self._folder = folder
        self._environment = dict(environment)
        self.children: list[Child] = []
        self.born = 0

    def bear(self, role: str, *, service: str = "toy", **environment: str) -> Child:
        """Start a process of a role."""
        self.born += 1
        output = self._folder / f"{self.born:03}-{service}-{role}"
        order = {
            "role": role,
            "service": service,
            "output": str(output),
            "environment": self._environment | environment,
        }
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(order) + "\n")
        self._parent.stdin.flush()
        child = Child(role, int(self._parent.stdout.readline()), output, service)
        self.children.append(child)
        return child

    def replace(self, child: Child, **environment: str) -> Child:
        """Kill a process and start another of its role in its place."""
        child.kill()
        self.children.remove(child)
        return self.bear(child.role, service=child.service, **environment)

    def end(self) -> None:
        """Kill every process, and the parent last."""
        for child in self.children:
            child.kill()
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.close()
        self._parent.wait(START_SECONDS)
        self._parent.stdout.close()


@contextmanager
def nursery(
    folder: Path, environment: Mapping[str, str], *, services: Sequence[str] = ()
) -> Iterator[Nursery]:
    """Load everything once in a parent process and have children of it until the block ends."""
    outputs = folder / "processes"
    outputs.mkdir()
    with (outputs / "parent.log").open("w") as log:
        parent = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", *services],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    family = Nursery(parent, outputs, environment)
    try:
        yield family
    finally:
        family.end()
