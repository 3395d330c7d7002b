"""One server process: started apart from its caller, recognised later by pid and start time, ended with its children."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.engines.error import EngineFailed
from deploy.engines.place import load_record, save_record

_POLL_SECONDS = 0.02
_HOLD_SECONDS = 1.0
_KILL_SECONDS = 15.0
_GONE = "gone"
_HELD = {_GONE, psutil.STATUS_ZOMBIE, psutil.STATUS_STOPPED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system account under which a server runs."""

    user: int
    group: int


class EngineProcess:
    """A running server that this project started, in this process or in an earlier one."""

    def __init__(self, process: Any) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    def is_alive(self) -> bool:
        return _is_alive(self._process)

    def is_working_in(self, folder: Path) -> bool:
        """Tell whether the process has made `folder` its own, as PostgreSQL does with its data."""
        try:
            return self.is_alive() and Path(self._process.cwd()) == folder.resolve()
        except psutil.Error:
            return False

    def stop(self, *, by: signal.Signals, timeout: float) -> None:
        """Ask the server to end, and kill it when it has not done so in time."""
        family = _family(self._process)
        _send(self._process, by)
        if _wait_gone(family, timeout):
            self.kill()

    def kill(self) -> None:
        """Kill the server like a power cut, and return when its children are gone too."""
        _hold(self._process)
        family = _family(self._process)
        _send(self._process, signal.SIGKILL)
        for straggler in _wait_gone(family, _KILL_SECONDS / 2):
            _send(straggler, signal.SIGKILL)
        if left := _wait_gone(family, _KILL_SECONDS / 2):
            raise EngineFailed(f"processes {[process.pid for process in left]} did not end after SIGKILL")


def spawn(
    command: Sequence[str], *, log: Path, environment: Mapping[str, str], account: Account | None = None
) -> EngineProcess:
    """Start a server in a session of its own, so that Ctrl-C at the terminal does not reach it first."""
    with log.open("ab") as output:
        process = psutil.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=dict(environment),
            cwd="/",
            **as_account(account),
        )
    return EngineProcess(process)


def as_account(account: Account | None) -> dict[str, Any]:
    """Return the arguments with which `subprocess` runs something under an account."""
    if account is None:
        return {}
    return {"user": account.user, "group": account.group, "extra_groups": []}


def remember(process: EngineProcess, record: Path) -> None:
    """Note which process serves this folder, so that another command can end it."""
    started = repr(process._process.create_time())  # noqa: SLF001 - the same module
    save_record(record, {"pid": str(process.pid), "started": started})


def recall(record: Path) -> EngineProcess | None:
    """Return the process noted in `record` if that very process still lives, not another with its pid."""
    noted = load_record(record)
    if noted is None:
        return None
    process = find(int(noted["pid"]))
    if process is None or repr(process._process.create_time()) != noted["started"]:  # noqa: SLF001
        return None
    return process


def find(pid: int) -> EngineProcess | None:
    """Return the living process with this pid."""
    try:
        process = EngineProcess(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return None
    return process if process.is_alive() else None


def _is_alive(process: Any) -> bool:
    # A dead child that nobody has waited for still has a pid; to the engine it is gone.
    return _state(process) not in {_GONE, psutil.STATUS_ZOMBIE}


def _state(process: Any) -> str:
    try:
        # A pid that was given to another process since is not ours.
        return str(process.status()) if process.is_running() else _GONE
    except psutil.NoSuchProcess:
        return _GONE


def _hold(process: Any) -> None:
    """Stop the process where it is, so that it starts no further child between the count and the kill."""
    _send(process, signal.SIGSTOP)
    deadline = time.monotonic() + _HOLD_SECONDS
    while _state(process) not in _HELD and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


def _family(process: Any) -> list[Any]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return [process]


def _send(process: Any, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _wait_gone(family: list[Any], timeout: float) -> list[Any]:
    """Return those that still live after `timeout` seconds; a child of ours is also reaped."""
    deadline = time.monotonic() + timeout
    left = family
    while left and time.monotonic() < deadline:
        left = [process for process in left if _is_alive(process)]
        if left:
            time.sleep(_POLL_SECONDS)
    if not left and isinstance(family[0], psutil.Popen):
        family[0].wait()
    return left
