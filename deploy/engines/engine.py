"""What Kafka and PostgreSQL have in common here: a folder, a port that stays, a process that may be killed."""

import signal
import time
from abc import ABC, abstractmethod
from pathlib import Path

from deploy.engines import process
from deploy.engines.error import EngineFailed
from deploy.engines.process import EngineProcess

_POLL_SECONDS = 0.05
_LAST_WORDS = 600


class Engine(ABC):
    """One server over one data folder; `start` after `stop` or `kill` comes back on the same port."""

    name: str
    stop_signal: signal.Signals

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.log = self.data_dir / "engine.log"
        self._record = self.data_dir / "process.json"
        self._process = process.recall(self._record)

    @property
    def pid(self) -> int:
        if self._process is None:
            raise EngineFailed(f"{self.name} in {self.data_dir} is not running")
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def start(self, timeout: float = 60.0) -> None:
        """Start the server unless it runs, and return when it serves."""
        if not self.is_alive():
            self._process = self._spawn()
            process.remember(self._process, self._record)
        self.wait_ready(timeout)

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return when the server that was started here, and no other, answers on its port."""
        deadline = time.monotonic() + timeout
        while not self._is_ready():
            if not self.is_alive():
                raise EngineFailed(f"{self.name} ended while starting: {self._last_words()}")
            if time.monotonic() > deadline:
                raise EngineFailed(f"{self.name} was not ready after {timeout:g} s: {self._last_words()}")
            time.sleep(_POLL_SECONDS)

    def stop(self, timeout: float = 60.0) -> None:
        """End the server in good order; nothing happens when it does not run."""
        if self._process is not None:
            self._process.stop(by=self.stop_signal, timeout=timeout)
        self._forget()

    def kill(self) -> None:
        """End the server with SIGKILL, and return when no process of it is left."""
        if self._process is not None:
            self._process.kill()
        self._forget()

    def _forget(self) -> None:
        self._process = None
        self._record.unlink(missing_ok=True)

    def _last_words(self) -> str:
        return " ".join(self.log.read_text(errors="replace")[-_LAST_WORDS:].split())

    @abstractmethod
    def _spawn(self) -> EngineProcess:
        """Prepare the folder when it is new, and start the process."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Tell whether the server answers and is the one of this folder."""
