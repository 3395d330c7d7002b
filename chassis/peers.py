"""Calls between services: in process by ASGI, or over HTTP keep-alive."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import msgspec
from starlette.types import ASGIApp, Message, Scope

from chassis.errors import TimedOut, Unavailable

TIMEOUT_SECONDS = 10.0


class InProcessPeers:
    """Peers that live in this process; the mapping may be filled after construction."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def request(
        self, service: str, method: str, path: str, *, json: Any = None, token: str | None = None
    ) -> tuple[int, Any]:
        """Return status and decoded body."""
        app = self._apps.get(service)
        if app is None:
            raise Unavailable(f"The {service} service is not running.")
        body = b"" if json is None else msgspec.json.encode(json)
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                status, answer = await call_app(app, method, path, body=body, token=token)
        except TimeoutError as late:
            raise TimedOut(f"The {service} service did not answer in time.") from late
        return status, msgspec.json.decode(answer) if answer else None


class HttpPeers:
    """Peers at base addresses, over one keep-alive pool."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self, service: str, method: str, path: str, *, json: Any = None, token: str | None = None
    ) -> tuple[int, Any]:
        """Return status and decoded body."""
        address = self._addresses.get(service)
        if not address:
            raise Unavailable(f"No address of the {service} service is configured.")
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        headers = {"content-type": "application/json"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        data = None if json is None else msgspec.json.encode(json)
        try:
            async with self._session.request(method, address + path, data=data, headers=headers) as response:
                body = await response.read()
                return response.status, msgspec.json.decode(body) if body else None
        except TimeoutError as late:
            raise TimedOut(f"The {service} service did not answer in time.") from late
        except aiohttp.ClientError as lost:
            raise Unavailable(f"The {service} service cannot be reached.") from lost

    async def close(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()


async def call_app(
    app: ASGIApp, method: str, target: str, *, body: bytes, token: str | None
) -> tuple[int, bytes]:
    """Call an ASGI application once and return status and body."""
    scope = _scope_of(method, target, len(body), token)
    status = 500
    chunks: list[bytes] = []
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, b"".join(chunks)


def _scope_of(method: str, target: str, length: int, token: str | None) -> Scope:
    path, _, query = target.partition("?")
    headers = [
        (b"host", b"in-process"),
        (b"content-type", b"application/json"),
        (b"content-length", str(length).encode()),
    ]
    if token is not None:
        headers.append((b"authorization", b"Bearer " + token.encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "headers": headers,
        "client": ("in-process", 0),
        "server": ("in-process", 0),
    }
