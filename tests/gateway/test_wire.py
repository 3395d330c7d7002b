"""The small client: answers never get mixed up, whatever the other side does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.upstreams import wire
from gateway.upstreams.wire import BrokenOff, Wire

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter, int], Awaitable[None]]


@asynccontextmanager
async def served(script: Script) -> AsyncIterator[tuple[Wire, list[int]]]:
    """Serve each connection by a script that knows its number."""
    numbers: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        numbers.append(len(numbers))
        try:
            await script(reader, writer, numbers[-1])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    client = Wire("127.0.0.1", server.sockets[0].getsockname()[1])
    try:
        yield client, numbers
    finally:
        client.close()
        server.close()


async def question(reader: asyncio.StreamReader) -> str:
    """Return the target of the next question."""
    head = await reader.readuntil(b"\r\n\r\n")
    return head.split(b" ")[1].decode()


def answer(body: str, extra: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n{extra}\r\n{body}".encode()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: int) -> None:
    while True:
        writer.write(answer(await question(reader)))


async def get(client: Wire, target: str, seconds: float = 2.0) -> str:
    return (await client.fetch("GET", target, (), seconds=seconds)).body.decode()


async def test_one_connection_serves_question_after_question() -> None:
    async with served(echo) as (client, numbers):
        assert [await get(client, f"/{number}") for number in range(5)] == ["/0", "/1", "/2", "/3", "/4"]

    assert numbers == [0]


async def test_questions_at_once_get_their_own_answers() -> None:
    async with served(echo) as (client, _):
        for _round in range(5):
            answers = await asyncio.gather(*(get(client, f"/{number}") for number in range(30)))
            assert answers == [f"/{number}" for number in range(30)]


async def test_a_late_answer_is_never_taken_for_the_next_one() -> None:
    async def slow_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: int) -> None:
        while True:
            target = await question(reader)
            if target == "/slow":
                await asyncio.sleep(0.2)
            writer.write(answer(target))

    async with served(slow_first) as (client, numbers):
        assert await get(client, "/first") == "/first"
        with pytest.raises(TimeoutError):
            await get(client, "/slow", 0.05)
        assert await get(client, "/next") == "/next"
        await asyncio.sleep(0.25)
        assert await get(client, "/after") == "/after"

    assert len(numbers) == 2


async def test_a_cancelled_question_takes_its_connection_along() -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        while True:
            target = await question(reader)
            await asyncio.sleep(0.1 if number == 0 else 0)
            writer.write(answer(target))

    async with served(slow) as (client, numbers):
        asking = asyncio.create_task(get(client, "/given-up"))
        await asyncio.sleep(0.05)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await get(client, "/next") == "/next"

    assert len(numbers) == 2


async def test_a_connection_closed_while_idle_is_replaced() -> None:
    async def one_each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(answer(f"{number}{await question(reader)}"))
        await writer.drain()

    async with served(one_each) as (client, _):
        assert await get(client, "/a") == "0/a"
        await asyncio.sleep(0.05)
        assert await get(client, "/b") == "1/b"


@pytest.mark.parametrize(("method", "asked"), [("GET", 2), ("POST", 1)])
async def test_a_question_lost_on_a_kept_connection_is_asked_again_only_if_it_changes_nothing(
    method: str, asked: int
) -> None:
    async def closes_on_the_second(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        writer.write(answer(await question(reader)))
        if number == 0:
            await question(reader)
        await writer.drain()

    async with served(closes_on_the_second) as (client, numbers):
        await get(client, "/a")
        outcome = await asyncio.gather(client.fetch(method, "/b", (), seconds=2.0), return_exceptions=True)

    assert len(numbers) == asked
    assert isinstance(outcome[0], BrokenOff) == (method == "POST")


@pytest.mark.parametrize(
    "reply",
    [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", b"", b"HTTP/1.1 200 OK\r\n"],
)
async def test_an_answer_that_is_none_is_an_error(reply: bytes) -> None:
    async def broken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: int) -> None:
        await question(reader)
        writer.write(reply)
        await writer.drain()

    async with served(broken) as (client, _):
        with pytest.raises(BrokenOff):
            await get(client, "/")


async def test_chunked_answers_and_closing_ones_are_read_whole() -> None:
    async def chunked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: int) -> None:
        await question(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n")
        for part in (b"3\r\nabc\r\n", b"2\r\nde\r\n", b"0\r\n\r\n"):
            await writer.drain()
            writer.write(part)
        await writer.drain()

    async with served(chunked) as (client, _):
        assert await get(client, "/") == "abcde"
        assert await get(client, "/") == "abcde"


@pytest.mark.parametrize("cut", [None, 10, -3])
async def test_an_answer_nobody_asked_for_ends_the_connection(cut: int | None) -> None:
    async def chatty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        while True:
            target = await question(reader)
            writer.write(answer(target) + (answer("forged")[:cut] if number == 0 else b""))

    async with served(chatty) as (client, numbers):
        assert await get(client, "/a") == "/a"
        await asyncio.sleep(0.05)
        assert await get(client, "/b") == "/b"

    assert len(numbers) == 2


async def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    # lint: allow-mock because it is the limit that is smaller here, the code that cuts is the real one
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 100_000)

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: int) -> None:
        await question(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with served(endless) as (client, _):
        with pytest.raises(BrokenOff):
            await get(client, "/")


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/a b", ()),
        ("/a\r\nx: y", ()),
        ("/a", ((b"x", b"y\r\nz: w"),)),
        ("/a", ((b"x", b"y\nz: w"),)),
        ("/a", ((b"x\r\n", b"y"),)),
    ],
)
async def test_a_line_break_cannot_be_smuggled_into_a_question(
    target: str, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    with pytest.raises(ValueError, match="line break"):
        await Wire("127.0.0.1", 9).fetch("GET", target, headers, seconds=1.0)


async def test_headers_and_body_arrive_whole() -> None:
    seen: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: int) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        seen.append(await reader.readexactly(8))
        writer.write(answer("ok"))
        await writer.drain()

    async with served(keep) as (client, _):
        await client.fetch(
            "POST", "/x?a=%20", ((b"accept", b"a/b"), (b"x-y", b"z")), body=b'{"a": 1}', seconds=2.0
        )

    assert seen[0].startswith(b"POST /x?a=%20 HTTP/1.1\r\nhost: 127.0.0.1:")
    assert b"\r\naccept: a/b\r\nx-y: z\r\ncontent-length: 8\r\n\r\n" in seen[0]
    assert seen[1] == b'{"a": 1}'
