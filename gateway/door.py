"""The outermost layer: it turns a session into an internal token and passes the services' requests on."""

import re
import time
from typing import Final

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.errors import PayloadTooLarge, Refusal, Unauthenticated, Unavailable
from chassis.ids import new_id
from chassis.problems import problem, status_of
from chassis.telemetry import REQUEST_SECONDS
from gateway.identity.sessions import Identity, Sessions
from gateway.settings import SERVICES, GatewaySettings
from gateway.upstreams.port import Upstreams, passed_in

IDENTITY: Final = "tuopin.identity"
BEARER: Final = "tuopin.bearer"
INTERNAL_TOKEN: Final = "tuopin.internal_token"  # noqa: S105 - a key of the scope
AUTHORIZATION: Final = b"authorization"
PURPOSE: Final = b"tuopin-purpose"
SERVED: Final = {f"/{name}/v1/": name for name in SERVICES}

_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")

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
        headers = dict(scope["headers"])
        request_id = _request_id(headers)
        path: str = scope["path"]
        service = SERVED.get(path[: path.find("/v1/") + 4])
        started = _Started(send)
        try:
            if service is None:
                await self._own(scope, headers, request_id, receive, started)
            else:
                await self._pass_on(service, scope, headers, request_id, receive, started)
        except Refusal as refusal:
            if started.status:
                raise
            response = _refused(refusal, request_id, path)
            await response(scope, receive, started)
        finally:
            if service is not None or started.is_refused:
                self._log(service, scope, request_id, started)

    async def _own(
        self, scope: Scope, headers: dict[bytes, bytes], request_id: str, receive: Receive, send: Send
    ) -> None:
        kept = [item for item in scope["headers"] if item[0] not in (AUTHORIZATION, b"x-request-id")]
        kept.append((b"x-request-id", request_id.encode()))
        inner = {**scope, "headers": kept}
        if AUTHORIZATION in headers:
            identity = await self._identify(headers)
            inner[BEARER] = _bearer(headers)
            token = self._sessions.internal_token(identity, _purpose(headers))
            kept.append((AUTHORIZATION, b"Bearer " + token.encode()))
            inner[IDENTITY] = identity
            inner[INTERNAL_TOKEN] = token
        await self._app(inner, receive, send)

    async def _pass_on(
        self,
        service: str,
        scope: Scope,
        headers: dict[bytes, bytes],
        request_id: str,
        receive: Receive,
        send: Send,
    ) -> None:
        identity = await self._identify(headers)
        token = self._sessions.internal_token(identity, _purpose(headers))
        limited = _Limited(receive, self._settings.body_limit)
        limited.check_announced(headers)
        try:
            await self._upstreams.forward(
                service,
                scope,
                passed_in(scope, token, request_id),
                limited,
                send,
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

    def _log(self, service: str | None, scope: Scope, request_id: str, started: "_Started") -> None:
        # The route, never the path or the query: a path may end in an identifier, a query in a name.
        route = f"/{service}/v1/*" if service else "own"
        seconds = time.perf_counter() - started.since
        REQUEST_SECONDS.labels("gateway", scope["method"], route, str(started.status)).observe(seconds)
        log.info(
            "request",
            service="gateway",
            method=scope["method"],
            route=route,
            status=started.status,
            ms=round(seconds * 1000, 1),
            request_id=request_id,
        )


def _bearer(headers: dict[bytes, bytes]) -> str:
    scheme, _, token = headers.get(AUTHORIZATION, b"").decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"").decode("latin-1")
    return given if _ID.fullmatch(given) else new_id().hex


def _purpose(headers: dict[bytes, bytes]) -> str | None:
    return headers[PURPOSE].decode("latin-1") if PURPOSE in headers else None


def _refused(refusal: Refusal, request_id: str, path: str) -> Response:
    headers: dict[str, str] = {"x-request-id": request_id, "cache-control": "no-store"}
    status = status_of(refusal, {})
    if isinstance(refusal, Unauthenticated):
        headers["www-authenticate"] = "Bearer"
    return problem(
        status=status,
        code=refusal.code,
        detail=refusal.message,
        request_id=request_id,
        instance=path,
        headers=headers,
    )


class _Started:
    """Remembers whether and how an answer began."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.since = time.perf_counter()
        self.is_refused = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


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
