"""Services at addresses, over one pool of kept-alive connections."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

import aiohttp
from starlette.types import Receive, Scope, Send
from yarl import URL

from gateway.upstreams.port import Headers, Reply, ServiceDown, ServiceSlow, passed_out
from gateway.upstreams.wire import Wire

CONNECT_SECONDS: Final = 2.0
AT_ONCE_PER_SERVICE: Final = 100
STALLED_SECONDS: Final = 300.0
KEEP_ALIVE_SECONDS: Final = 55.0
"""Below the 75 seconds after which a service closes an idle connection, so that no request meets a closing one."""


class HttpUpstreams:
    """Base addresses by service name."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        if not all(address.startswith("http://") for address in addresses.values() if address):
            raise ValueError("Services are reached over plain HTTP inside the house (docs/decisions/0020).")
        self._addresses = addresses
        self._session: aiohttp.ClientSession | None = None
        self._wires: dict[str, Wire] = {}

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
        try:
            return await self._wire(service).fetch(method, target, headers, body=body, seconds=seconds)
        except TimeoutError as late:
            raise ServiceSlow(service) from late
        except OSError as lost:
            raise ServiceDown(service) from lost

    async def forward(
        self, service: str, scope: Scope, receive: Receive, send: Send, *, headers: Headers, seconds: float
    ) -> None:
        """Pass a request on and its answer back."""
        query = scope["query_string"].decode("latin-1")
        raw_path = scope.get("raw_path") or scope["path"].encode()
        target = raw_path.decode("latin-1").partition("?")[0] + (f"?{query}" if query else "")
        request = self._open().request(
            scope["method"],
            self._url(service, target),
            headers=_text(headers),
            data=_body(receive) if _has_body(scope) else None,
            allow_redirects=False,
        )
        is_started = False
        try:
            async with asyncio.timeout(seconds) as limit, request as response:
                limit.reschedule(None)
                start = {"type": "http.response.start", "status": response.status}
                await send({**start, "headers": passed_out(_lower(response.raw_headers))})
                is_started = True
                async for chunk in response.content.iter_any():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
        except TimeoutError as late:
            raise ServiceSlow(service) from late
        except (aiohttp.ClientError, OSError) as lost:
            if is_started:
                raise  # the server closes the connection: a cut-off answer must not look whole
            raise ServiceDown(service) from lost

    async def close(self) -> None:
        """Close the pools."""
        for wire in self._wires.values():
            wire.close()
        if self._session is not None:
            await self._session.close()

    def _wire(self, service: str) -> Wire:
        wire = self._wires.get(service)
        if wire is None:
            address = self._url(service, "/")
            wire = self._wires[service] = Wire(address.host or "", address.port or 80)
        return wire

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, limit_per_host=AT_ONCE_PER_SERVICE, keepalive_timeout=KEEP_ALIVE_SECONDS
                ),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT_SECONDS, sock_read=STALLED_SECONDS
                ),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
                trust_env=False,
            )
        return self._session

    def _url(self, service: str, target: str) -> URL:
        address = self._addresses.get(service)
        if not address:
            raise ServiceDown(service)
        # The target is passed on as it came: decoding and encoding it again could change what it names.
        return URL(address.rstrip("/") + target, encoded=True)


def _has_body(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return b"transfer-encoding" in names or any(
        name == b"content-length" and value != b"0" for name, value in scope["headers"]
    )


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("The caller went away.")
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


def _text(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _lower(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in headers]
