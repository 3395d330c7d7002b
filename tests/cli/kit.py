"""What tests of commands share: a platform in a process of its own, and commands as a user types them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.demo.platform import DemoPlatform, embedded

PASSWORD = "A-long-way-to-go-2016"


@dataclass(frozen=True, slots=True)
class Office:
    """A running platform, and one place for its users' sessions."""

    platform: DemoPlatform
    folder: Path

    def tuopin(
        self, *arguments: str, as_: str = "administrator", **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command as a user of this platform."""
        given = {
            "TUOPIN_DATA": str(self.platform.data),
            "TUOPIN_SESSION": str(self.session_of(as_)),
            "TUOPIN_PASSWORD": PASSWORD,
            **environment,
        }
        return tuopin(*arguments, **given)

    def session_of(self, name: str) -> Path:
        """Return the file of a user's session."""
        return self.folder / f"{name}.json"

    def hire(self, name: str, role: str, area: str = "") -> None:
        """Make an account, choose its password and log in."""
        made = self.tuopin("accounts", "add", name, "--role", role, "--area", area)
        assert made.returncode == 0, made.stderr
        one_time = made.stdout.removeprefix("One-time password: ").strip()
        self.log_in(name, one_time)

    def log_in(self, name: str, one_time: str = "") -> None:
        """Choose the password of an account and log in with it."""
        given = {"TUOPIN_PASSWORD": one_time} if one_time else {}
        changed = self.tuopin("accounts", "password", name, TUOPIN_NEW_PASSWORD=PASSWORD, **given)
        assert changed.returncode == 0, changed.stderr
        opened = self.tuopin("login", name, as_=name)
        assert opened.returncode == 0, opened.stderr


def tuopin(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in an environment without other TUOPIN_ variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TUOPIN_")}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**kept, "COLUMNS": "200", **environment},
        timeout=300,
    )


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """Start a platform, log its first administrator in, and end it with the block."""
    with embedded(folder / "data", 0) as platform:
        office = Office(platform, folder)
        office.log_in("administrator")
        yield office
