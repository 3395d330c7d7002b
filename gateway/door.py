"""The outermost layer: it turns a session into an internal token and passes the services' requests on."""

import time
from typing import Final

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.correlation import request_id_of
from chassis.errors import PayloadTooLarge, Refusal, Unauthenticated, Unavailable
from chassis.problems import problem, status_of
from chassis.telemetry import REQUEST_SECONDS
from contracts.topics import SERVICES
from gateway.identity.sessions import Identity, Sessions
from gateway.settings import GatewaySettings
from gateway.upstreams.port import Upstreams, passed_in

IDENTITY: Final = "tuopin.identity"
BEARER: Final = "tuopin.bearer"
INTERNAL_TOKEN: Final = "tuopin.internal_token"  # noqa: S105 - a key of the scope
AUTHORIZATION: Final = b"authorization"
PURPOSE: Final = b"tuopin-purpose"
SERVED: Final = {f"/{name}/v1/": name for name in SERVICES}

log = structlog.get_logger("tuopin.access")


class Door:
    """Stands before the gateway's own application and before every service."""

    def __init__(
        self, app: ASGIApp, *, sessions: Sessions, upstreams: Upstreams, settings: GatewaySettings
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._upstreams = upstreams
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        visit = _Visit(scope, send)
        try:
            if visit.service is None:
                await self._own(visit, receive)
            else:
                await self._pass_on(visit, visit.service, receive)
        except Refusal as refusal:
            if visit.status:
                raise
            visit.is_refused = True
            await _refused(refusal, visit)(scope, receive, visit.send)
        finally:
            # What goes on to the gateway's own application is logged there.
            if visit.service is not None or visit.is_refused:
                visit.log()

    async def _own(self, visit: "_Visit", receive: Receive) -> None:
        kept = [item for item in visit.scope["headers"] if item[0] not in (AUTHORIZATION, b"x-request-id")]
        kept.append((b"x-request-id", visit.request_id.encode()))
        inner = {**visit.scope, "headers": kept}
        if AUTHORIZATION in visit.headers:
            identity = await self._identify(visit.headers)
            token = self._sessions.internal_token(identity, _purpose(visit.headers))
            kept.append((AUTHORIZATION, b"Bearer " + token.encode()))
            inner[BEARER] = _bearer(visit.headers)
            inner[IDENTITY] = identity
            inner[INTERNAL_TOKEN] = token
        await self._app(inner, receive, visit.send)

    async def _pass_on(self, visit: "_Visit", service: str, receive: Receive) -> None:
        identity = await self._identify(visit.headers)
        token = self._sessions.internal_token(identity, _purpose(visit.headers))
        limited = _Limited(receive, self._settings.body_limit)
        limited.check_announced(visit.headers)
        try:
            await self._upstreams.forward(
                service,
                visit.scope,
                limited,
                visit.send,
                headers=passed_in(visit.scope, token, visit.request_id),
                seconds=self._settings.proxy_seconds,
            )
        except Unavailable:
            # The client of the services wraps what the body's reader raised; the caller should hear the cause.
            limited.check_seen()
            raise

    async def _identify(self, headers: dict[bytes, bytes]) -> Identity:
        identity = await self._sessions.resolve(_bearer(headers))
        if identity is None:
            raise Unauthenticated("A token of an open session is needed: log in at /gateway/v1/sessions.")
        return identity


def _bearer(headers: dict[bytes, bytes]) -> str:
    scheme, _, token = headers.get(AUTHORIZATION, b"").decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _purpose(headers: dict[bytes, bytes]) -> str | None:
    return headers[PURPOSE].decode("latin-1") if PURPOSE in headers else None


def _refused(refusal: Refusal, visit: "_Visit") -> Response:
    headers: dict[str, str] = {"x-request-id": visit.request_id, "cache-control": "no-store"}
    headers |= getattr(refusal, "headers", {})
    if isinstance(refusal, Unauthenticated):
        headers["www-authenticate"] = "Bearer"
    return problem(
        status=status_of(refusal, {}),
        code=refusal.code,
        detail=refusal.message,
        request_id=visit.request_id,
        instance=visit.scope["path"],
        headers=headers,
    )


class _Visit:
    """One request at the door, and whether and how its answer began."""

    def __init__(self, scope: Scope, send: Send) -> None:
        path: str = scope["path"]
        self.scope = scope
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.service = SERVED.get(path[: path.find("/v1/") + 4])
        self.request_id = request_id_of(self.headers)
        self.status = 0
        self.is_refused = False
        self._send = send
        self._since = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Pass a message of the answer on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)

    def log(self) -> None:
        """Write one line and one measurement: the route, never a path that ends in an identifier, or a query."""
        route = f"/{self.service}/v1/*" if self.service else "unmatched"
        seconds = time.perf_counter() - self._since
        method = self.scope["method"]
        REQUEST_SECONDS.labels("gateway", method, route, str(self.status)).observe(seconds)
        log.info(
            "request",
            service="gateway",
            method=method,
            route=route,
            status=self.status,
            ms=round(seconds * 1000, 1),
            request_id=self.request_id,
        )


class _Limited:
    """A body's reader that stops at the limit."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        self.check_seen()
        return message

    def check_announced(self, headers: dict[bytes, bytes]) -> None:
        """Refuse by Content-Length, before a byte is read."""
        announced = headers.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self._limit:
            raise self._refusal()

    def check_seen(self) -> None:
        """Refuse when more than the limit was read."""
        if self._seen > self._limit:
            raise self._refusal()

    def _refusal(self) -> PayloadTooLarge:
        return PayloadTooLarge(f"The gateway accepts at most {self._limit} bytes.")
