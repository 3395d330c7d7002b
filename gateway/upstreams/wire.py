"""A small HTTP/1.1 client for short questions inside the house: kept-alive connections, one question at a time on each.

It exists because the page everybody opens asks six questions at once: a general client spends more on itself than the
services spend on the answers (docs/decisions/0020).
"""

import asyncio
from typing import Final

import httptools

from gateway.upstreams.port import Headers, Reply

CONNECT_SECONDS: Final = 2.0
IDLE_KEPT: Final = 64
LARGEST_ANSWER: Final = 16 * 1024 * 1024


class BrokenOff(ConnectionError):  # noqa: N818 - says what happened
    """The connection ended before the answer did; `is_untouched` when not a byte of it had come."""

    def __init__(self, *, is_untouched: bool) -> None:
        super().__init__("The connection ended before the answer.")
        self.is_untouched = is_untouched


class _Connection(asyncio.Protocol):
    """One connection; the parser calls its `on_` methods."""

    __slots__ = ("_answer", "_chunks", "_parser", "_size", "_transport", "is_open")

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._parser: httptools.HttpResponseParser
        self._answer: asyncio.Future[Reply] | None = None
        self._chunks: list[bytes] = []
        self._size = 0
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._parser = httptools.HttpResponseParser(self)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.abort()
        if self._size > LARGEST_ANSWER:
            self.abort()

    def on_message_begin(self) -> None:
        # Half an answer that nobody asked for would otherwise be finished as the next question's.
        if self._answer is None:
            self.abort()

    def on_body(self, body: bytes) -> None:
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        answer, self._answer = self._answer, None
        reply = Reply(self._parser.get_status_code(), b"".join(self._chunks))
        if answer is None or not self._parser.should_keep_alive():
            self.is_open = False
            self._transport.close()
        if answer is not None and not answer.done():
            answer.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        self.is_open = False
        self._fail(BrokenOff(is_untouched=self._size == 0))

    def abort(self, cause: Exception | None = None) -> None:
        """End the connection: an answer still to come must never be taken for the next one."""
        self.is_open = False
        self._transport.abort()
        self._fail(cause or BrokenOff(is_untouched=False))

    def ask(self, request: bytes) -> asyncio.Future[Reply]:
        """Send a question; the future is its answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self._chunks = []
        self._size = 0
        self._transport.write(request)
        return self._answer

    def _fail(self, cause: Exception) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(cause)


class Wire:
    """Connections to one host and port."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._head = f" HTTP/1.1\r\nhost: {host}:{port}\r\n".encode()
        self._idle: list[_Connection] = []

    async def fetch(
        self, method: str, target: str, headers: Headers, *, body: bytes = b"", seconds: float
    ) -> Reply:
        """Return the answer; TimeoutError or OSError without one."""
        request = self._request(method, target, headers, body)
        connection = self._take()
        if connection is not None:
            try:
                return await self._ask(connection, request, seconds)
            except BrokenOff as broken:
                # A kept connection that the other side closed while idle; nobody has read the question.
                if not broken.is_untouched or method != "GET":
                    raise
        return await self._ask(await self._connect(min(seconds, CONNECT_SECONDS)), request, seconds)

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().abort()

    async def _ask(self, connection: _Connection, request: bytes, seconds: float) -> Reply:
        limit = asyncio.get_running_loop().call_later(seconds, connection.abort, TimeoutError())
        try:
            reply = await connection.ask(request)
        except asyncio.CancelledError:
            connection.abort()
            raise
        finally:
            limit.cancel()
        if connection.is_open and len(self._idle) < IDLE_KEPT:
            self._idle.append(connection)
        elif connection.is_open:
            connection.abort()
        return reply

    def _take(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _connect(self, seconds: float) -> _Connection:
        async with asyncio.timeout(seconds):
            _, connection = await asyncio.get_running_loop().create_connection(
                _Connection, self._host, self._port
            )
        return connection

    def _request(self, method: str, target: str, headers: Headers, body: bytes) -> bytes:
        lines = [name + b": " + value for name, value in headers]
        if body or method != "GET":
            lines.append(b"content-length: %d" % len(body))
        head = b"\n".join(lines)
        if (
            head.count(b"\n") != max(len(lines) - 1, 0)
            or b"\r" in head
            or not target.isprintable()
            or " " in target
        ):
            raise ValueError("A header or target holds a line break.")
        fields = head.replace(b"\n", b"\r\n") + b"\r\n" if lines else b""
        return method.encode() + b" " + target.encode("ascii") + self._head + fields + b"\r\n" + body
