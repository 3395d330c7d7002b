"""A load generator in a process of its own: raw kept-alive sockets, one request in flight on each.

`python -m bench.load` reads a JSON task from its standard input and prints counts and latencies as JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import uvloop

LENGTH = b"content-length:"
OK = (b"200", b"201")


class Connection(asyncio.Protocol):
    """One kept-alive connection that knows just enough HTTP for answers with a length."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._seen = b""
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whoever waits."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Collect until the answer is whole."""
        self._seen += data
        end = self._seen.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._seen[:end].lower()
        at = head.find(LENGTH)
        length = int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._seen) < end + 4 + length:
            return
        status, self._seen = self._seen[9:12], b""
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.set_result(status)

    def ask(self, request: bytes) -> "asyncio.Future[bytes]":
        """Send a request; the future gets the answer's status."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


async def _connect(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


async def _work(ports: list[int], requests: Iterator[bytes], until: float, seen: list[float]) -> int:
    """Ask all ports at once, again and again; return how many answers were no success."""
    connections = [await _connect(port) for port in ports]
    failed = 0
    for request in requests:
        started = time.perf_counter()
        if started >= until:
            break
        if len(connections) == 1:
            statuses = [await connections[0].ask(request)]
        else:
            statuses = await asyncio.gather(*(connection.ask(request) for connection in connections))
        seen.append(time.perf_counter() - started)
        failed += sum(status not in OK for status in statuses)
    for connection in connections:
        connection.close()
    return failed


async def _run(task: dict[str, Any]) -> dict[str, float]:
    requests = [request.encode() for request in task["requests"]]
    # Requests that change something are sent once; questions are asked again and again.
    shared = iter(requests) if task.get("once") else None
    count = task["connections"]
    seen: list[float] = []
    started = time.perf_counter()
    until = started + task["seconds"]
    workers = [
        _work(task["ports"], shared or islice(cycle(requests), number, None), until, seen)
        for number in range(count)
    ]
    failed = sum(await asyncio.gather(*workers))
    taken = time.perf_counter() - started
    seen.sort()
    return {
        "rate": len(seen) / taken,
        "failed": failed,
        "p50": seen[len(seen) // 2] * 1000,
        "p99": seen[int(len(seen) * 0.99)] * 1000,
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(json.load(sys.stdin)))))
