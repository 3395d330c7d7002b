"""What the server takes from whoever connects, before anybody is known."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from starlette.types import Receive, Scope, Send

from chassis.serving import MOST_BESIDE_A_BODY, HttpServer, listen, run_all

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
KILOBYTE = b"a" * 1024


async def counted(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the length of the body."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8")]})
    await send({"type": "http.response.body", "body": b"%08d" % length})


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    """A connection to a server that counts bodies."""
    listener = listen("127.0.0.1", 0)
    server = HttpServer(counted, listener)
    serving = asyncio.create_task(server.run_until_stopped())
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    yield reader, writer
    writer.close()
    server.should_exit = True
    await serving


async def send_until_closed(connection: Connection, piece: bytes, times: int) -> bytes:
    """Send a piece again and again, and return what was answered before the connection was closed."""
    reader, writer = connection
    try:
        for _ in range(times):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def status_of(connection: Connection) -> bytes:
    return (await connection[0].readuntil(b"\r\n")).split()[1]


@pytest.mark.parametrize("piece", [b"x-more: " + KILOBYTE + b"\r\n", KILOBYTE], ids=["headers", "one-header"])
async def test_a_head_without_end_is_not_kept(connection: Connection, piece: bytes) -> None:
    connection[1].write(b"GET / HTTP/1.1\r\nhost: x\r\nx-first: a")

    answered = await send_until_closed(connection, piece, 4096)

    assert answered == b"" or answered.startswith(b"HTTP/1.1 400 ")
    assert b"200 OK" not in answered


async def test_trailers_without_end_are_not_kept(connection: Connection) -> None:
    connection[1].write(b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-first: a")

    answered = await send_until_closed(connection, KILOBYTE, 4096)

    assert b"200 OK" not in answered


async def test_a_long_head_is_read(connection: Connection) -> None:
    header = b"x-long: " + b"a" * (MOST_BESIDE_A_BODY - 1024) + b"\r\n"

    connection[1].write(b"GET / HTTP/1.1\r\nhost: x\r\n" + header + b"\r\n")

    assert await status_of(connection) == b"200"


async def test_a_large_body_in_small_chunks_is_read_whole(connection: Connection) -> None:
    reader, writer = connection
    chunks = 100_000
    writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")

    for _ in range(100):
        writer.write(b"10\r\n0123456789abcdef\r\n" * (chunks // 100))
        await writer.drain()
    writer.write(b"0\r\n\r\n")

    assert await status_of(connection) == b"200"
    assert await reader.readuntil(b"%08d" % (16 * chunks))


async def test_messages_one_behind_the_other_are_read(connection: Connection) -> None:
    reader, writer = connection
    message = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 50000\r\n\r\n" + b"a" * 50_000

    writer.write(message * 20)

    for _ in range(20):
        assert await status_of(connection) == b"200"
        assert await reader.readuntil(b"00050000")


async def test_who_is_being_served_when_the_process_stops_is_answered() -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await go.wait()
        await counted(scope, receive, send)

    listener = listen("127.0.0.1", 0)
    server = HttpServer(slow, listener)
    serving = asyncio.create_task(run_all([server.run_until_stopped()], on_stop=server.drain))
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    writer.write(b"GET / HTTP/1.1\r\nhost: us\r\n\r\n")
    await begun.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await closed_to_others(*listener.getsockname())
    go.set()

    answer = await reader.read()

    await serving
    writer.close()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(number)
    assert answer.startswith(b"HTTP/1.1 200 OK")


async def closed_to_others(host: str, port: int) -> None:
    """Wait until nobody new is served."""
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                return
            writer.close()
            await asyncio.sleep(0.02)
