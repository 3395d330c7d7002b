"""What a running service has at hand: its database, clock, keys and peers. Made once, passed everywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from chassis.clock import BusinessClock
from chassis.crypto import Cipher
from chassis.database import Database


class Peers(Protocol):
    """Calls to other services, in process or over HTTP."""

    async def request(
        self, service: str, method: str, path: str, *, json: Any = None, token: str | None = None
    ) -> tuple[int, Any]:
        """Return status and decoded JSON body; Unavailable or TimedOut when there is no answer."""
        ...


def _nothing() -> None:
    return None


@dataclass(slots=True, kw_only=True)
class Runtime:
    """One service in one process."""

    service: str
    database: Database
    clock: BusinessClock
    cipher: Cipher
    peers: Peers
    on_commit: Callable[[], None] = _nothing
    extras: dict[str, Any] = field(default_factory=dict)
