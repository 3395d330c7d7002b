"""Services of the same process, called by ASGI: no socket, no copy of the body."""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.telemetry import safe_traceback
from gateway.upstreams.port import Headers, Reply, ServiceDown, ServiceSlow, passed_out

log = structlog.get_logger("tuopin.upstream")

_FIXED: Mapping[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.4"},
    "http_version": "1.1",
    "root_path": "",
    "scheme": "http",
    "client": ("in-process", 0),
    "server": ("in-process", 0),
}


class InProcessUpstreams:
    """Applications by service name; the mapping may be filled after construction."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def fetch(
        self,
        service: str,
        target: str,
        headers: Headers,
        *,
        method: str = "GET",
        body: bytes = b"",
        seconds: float,
    ) -> Reply:
        """Return the whole answer."""
        call = _Call(body)
        path, _, query = target.partition("?")
        scope = _scope(method, path, query.encode(), [*headers, (b"content-length", str(len(body)).encode())])
        try:
            async with asyncio.timeout(seconds):
                await self._app(service)(scope, call.receive, call.send)
        except TimeoutError as late:
            raise ServiceSlow(service) from late
        except Exception as fault:
            # The service has answered 500 and logged its defect; the exception comes up only to reach a server.
            if call.status == 0:
                raise ServiceDown(service) from fault
        return Reply(call.status, b"".join(call.chunks))

    async def forward(
        self, service: str, scope: Scope, receive: Receive, send: Send, *, headers: Headers, seconds: float
    ) -> None:
        """Pass a request on and its answer back."""
        inner = _scope(scope["method"], scope["path"], scope["query_string"], list(headers))
        app = self._app(service)
        started = False
        try:
            async with asyncio.timeout(seconds) as limit:

                async def sending(message: Message) -> None:
                    nonlocal started
                    if message["type"] == "http.response.start":
                        started = True
                        limit.reschedule(None)
                        message = {**message, "headers": passed_out(message["headers"])}
                    await send(message)

                await app(inner, receive, sending)
        except TimeoutError as late:
            raise ServiceSlow(service) from late
        except Exception as fault:
            log.warning("upstream failed", service=service, trace=safe_traceback(fault))
            if not started:
                raise ServiceDown(service) from fault

    async def close(self) -> None:
        """Nothing to let go of."""

    def _app(self, service: str) -> ASGIApp:
        app = self._apps.get(service)
        if app is None:
            raise ServiceDown(service)
        return app


def _scope(method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]]) -> Scope:
    return {
        **_FIXED,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(b"host", b"in-process"), *headers],
    }


class _Call:
    """One short exchange held in memory."""

    __slots__ = ("_body", "_is_sent", "chunks", "status")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._is_sent = False
        self.status = 0
        self.chunks: list[bytes] = []

    async def receive(self) -> Message:
        if self._is_sent:
            await asyncio.Event().wait()
        self._is_sent = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body" and message.get("body"):
            self.chunks.append(message["body"])
