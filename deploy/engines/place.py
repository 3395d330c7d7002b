"""Where engines live: the folder of downloads, the port of a server, the record beside its data."""

import json
import os
import random
import socket
from pathlib import Path

HOST = "127.0.0.1"
_ROOT = Path(__file__).resolve().parents[2]
_LOWEST_PORT = 10_000
_EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_EPHEMERAL_START = 32_768


def downloads() -> Path:
    """Return the folder outside git that keeps what was downloaded."""
    return Path(os.environ.get("TUOPIN_ENGINES", str(_ROOT / ".engines")))


def find_free_port() -> int:
    """Return a free port below those that the system gives to outgoing connections.

    An engine keeps its port while it is down. From the system's own range, a client that reconnects in a
    loop could be given that very port and would keep the engine from coming back.
    """
    ports = list(range(_LOWEST_PORT, _first_ephemeral_port()))
    random.SystemRandom().shuffle(ports)
    for port in ports or [0]:
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on " + HOST)


def _first_ephemeral_port() -> int:
    try:
        return int(_EPHEMERAL_RANGE.read_text().split()[0])
    except (OSError, ValueError):
        return _EPHEMERAL_START


def load_record(path: Path) -> dict[str, str] | None:
    """Return what was written by `save_record`, or None when there is nothing."""
    try:
        stored = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    return {str(name): str(value) for name, value in stored.items()}


def save_record(path: Path, record: dict[str, str]) -> None:
    """Write a record that only its owner may read, whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(record, file)
    draft.replace(path)
