"""Around every request: an id, a size limit, no text that cannot be stored, the business date on the answer, one log line, one measurement."""

import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.clock import BusinessClock
from chassis.correlation import request_id_of
from chassis.errors import PayloadTooLarge
from chassis.problems import from_refusal, problem
from chassis.storable import refusal_of_address, refusing_body
from chassis.telemetry import REQUEST_SECONDS

DEFAULT_LIMIT = 1024 * 1024
QUIET = ("/health/", "/metrics")

log = structlog.get_logger("tuopin.access")


class Around:
    """The outermost ASGI layer of a service."""

    def __init__(self, app: ASGIApp, *, service: str, clock: BusinessClock, limits: dict[str, int]) -> None:
        self._app = app
        self._service = service
        self._clock = clock
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = request_id_of(headers)
        scope["tuopin.request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], *self._own_headers(request_id)]}
            await send(message)

        limit = self._limit_for(scope["path"])
        length = headers.get(b"content-length", b"0")
        unstorable = refusal_of_address(scope)
        try:
            if not length.isdigit() or int(length) > limit:
                raise PayloadTooLarge  # noqa: TRY301 - the same answer as for a streamed body
            if unstorable is None:
                reading = refusing_body(_limited(receive, limit), headers.get(b"content-type", b""))
                await self._app(scope, reading, sending)
            else:
                await from_refusal(Request(scope), unstorable, {})(scope, receive, sending)
        except PayloadTooLarge as refusal:
            response = problem(
                status=413,
                code=refusal.code,
                detail=f"This operation accepts at most {limit} bytes.",
                request_id=request_id,
                instance=scope["path"],
            )
            await response(scope, receive, sending)
        finally:
            self._finish(scope, request_id, status, time.perf_counter() - started)

    def _own_headers(self, request_id: str) -> list[tuple[bytes, bytes]]:
        moved = "; moved" if self._clock.is_moved() else ""
        return [
            (b"tuopin-business-date", f"{self._clock.today().isoformat()}{moved}".encode()),
            (b"x-request-id", request_id.encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]

    def _limit_for(self, path: str) -> int:
        return next(
            (limit for prefix, limit in self._limits.items() if path.startswith(prefix)), DEFAULT_LIMIT
        )

    def _finish(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        REQUEST_SECONDS.labels(self._service, scope["method"], route, str(status)).observe(seconds)
        if not scope["path"].startswith(QUIET):
            log.info(
                "request",
                service=self._service,
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                request_id=request_id,
            )


def _limited(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def receiving() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise PayloadTooLarge
        return message

    return receiving
