"""Processes of the platform, started by the demo and ended by it, each known by its own handle and never by a name."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

READY_SECONDS = 90.0
POLL_SECONDS = 0.02
STOP_SECONDS = 20.0
LAST_WORDS = 1500


class ProcessEnded(Exception):  # noqa: N818 - says what happened
    """A process of the platform ended by itself, or never said that it serves."""


class PlatformProcess:
    """One `tuopin` process: what it announced, where it logs."""

    def __init__(self, name: str, started: "subprocess.Popen[bytes]", folder: Path) -> None:
        self.name = name
        self._started = started
        self._said = folder / f"{name}.out"
        self._log = folder / f"{name}.log"

    @property
    def pid(self) -> int:
        """The process's own number."""
        return self._started.pid

    def announced(self, seconds: float = READY_SECONDS) -> dict[str, Any]:
        """Return the line of JSON it prints when it serves; ProcessEnded when it does not come."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            line, newline, _ = self._said.read_text().partition("\n")
            if newline:
                return dict(json.loads(line))
            self.check()
            time.sleep(POLL_SECONDS)
        raise ProcessEnded(f"{self.name} did not serve within {seconds:g} s: {self._last_words()}")

    def check(self) -> None:
        """Raise ProcessEnded when it does not run any more."""
        if self._started.poll() is not None:
            raise ProcessEnded(
                f"{self.name} ended with status {self._started.returncode}: {self._last_words()}"
            )

    def wait(self) -> int:
        """Return its exit status when it ends; ProcessEnded unless that is 0."""
        status = self._started.wait()
        if status:
            raise ProcessEnded(f"{self.name} ended with status {status}: {self._last_words()}")
        return status

    def ask_to_stop(self) -> None:
        """Ask it to end."""
        if self._started.poll() is None:
            self._started.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """End it, by force when asking was not enough, and return when it is gone."""
        self.ask_to_stop()
        try:
            self._started.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._started.kill()
            self._started.wait()

    def _last_words(self) -> str:
        return self._log.read_text(errors="replace")[-LAST_WORDS:]


def start(
    name: str, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> PlatformProcess:
    """Start `tuopin ARGUMENTS` in a session of its own, so that Ctrl-C reaches the demo alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"{name}.out").open("wb") as said, (folder / f"{name}.log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=log,
            start_new_session=True,
            env={**_inherited(), **environment},
        )
    return PlatformProcess(name, started, folder)


def _inherited() -> dict[str, str]:
    """The caller's environment without its settings of another platform."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TUOPIN_")}


class Fleet:
    """The processes of one platform, ended together whatever happens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._processes: list[PlatformProcess] = []

    def start(self, name: str, *arguments: str, environment: Mapping[str, str]) -> PlatformProcess:
        """Start a process that belongs to the platform."""
        process = start(name, arguments, folder=self.folder, environment=environment)
        self._processes.append(process)
        return process

    def find(self, name: str) -> PlatformProcess:
        """Return a process by its name in the platform."""
        return next(process for process in self._processes if process.name == name)

    def run(self, name: str, *arguments: str, environment: Mapping[str, str]) -> None:
        """Run a command to its end."""
        self.start(name, *arguments, environment=environment).wait()

    def check(self) -> None:
        """Raise ProcessEnded when one of the serving processes has ended."""
        for process in self._processes:
            if process.name not in ONE_TIME:
                process.check()

    def stop(self) -> None:
        """End all of them: everybody is asked first, then waited for."""
        for process in self._processes:
            process.ask_to_stop()
        for process in reversed(self._processes):
            process.stop()


ONE_TIME = frozenset({"migrate", "topics"})


@contextmanager
def fleet(folder: Path) -> Iterator[Fleet]:
    """Yield a fleet whose processes end with the block."""
    with ExitStack() as stack:
        made = Fleet(folder)
        stack.callback(made.stop)
        yield made
