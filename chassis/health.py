"""Live means that work progresses; ready means that the database, the bus and the lag allow to serve."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from starlette.responses import Response

from chassis.answers import answer
from chassis.clock import BusinessClock
from chassis.database import Database

STUCK_SECONDS = 60.0
UNAVAILABLE = 503

Check = Callable[[], Awaitable[str | None]]


@dataclass(slots=True)
class Progress:
    """A loop's sign of life: it beats when it has done its round, not when its process exists."""

    name: str
    allowed_seconds: float = STUCK_SECONDS
    _last: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """Note that the loop has gone round."""
        self._last = time.monotonic()

    def is_stuck(self) -> bool:
        """Tell whether the loop has not gone round for too long."""
        return time.monotonic() - self._last > self.allowed_seconds


class Health:
    """What a process says of itself."""

    def __init__(self, service: str, clock: BusinessClock) -> None:
        self._service = service
        self._clock = clock
        self._loops: list[Progress] = []
        self._checks: dict[str, Check] = {}

    def watch(self, progress: Progress) -> Progress:
        """Let liveness depend on a loop."""
        self._loops.append(progress)
        return progress

    def check(self, name: str, check: Check) -> None:
        """Let readiness depend on a check; it returns None when all is well, else a short reason."""
        self._checks[name] = check

    def live(self) -> Response:
        """Answer 200 while every loop progresses, else 503 naming the stuck ones."""
        stuck = [loop.name for loop in self._loops if loop.is_stuck()]
        return answer({"live": not stuck, "stuck": stuck}, status=UNAVAILABLE if stuck else 200)

    async def ready(self) -> Response:
        """Answer 200 when every part is ready, else 503 with each part's reason."""
        parts: dict[str, Any] = {name: await check() or "ok" for name, check in self._checks.items()}
        is_ready = all(state == "ok" for state in parts.values())
        body = {
            "ready": is_ready,
            "service": self._service,
            "business_date": self._clock.today().isoformat(),
            "business_date_moved": self._clock.is_moved(),
            "parts": parts,
        }
        return answer(body, status=200 if is_ready else UNAVAILABLE)


def database_check(database: Database) -> Check:
    """Return a check that the database answers."""

    async def check() -> str | None:
        try:
            async with database.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:  # noqa: BLE001 - whatever it is, the part is not ready
            return type(error).__name__
        return None

    return check
