"""Serving HTTP on a socket of our own, so that the system may pick the port and the line printed tells the truth."""

import asyncio
import gc
import json
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.health import Health
from chassis.telemetry import metrics_response

MOST_BESIDE_A_BODY = 64 * 1024


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 lets the system pick one."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


def announce(**facts: Any) -> None:
    """Print one JSON line on standard output: what started, where."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class BoundedHttp(HttpToolsProtocol):
    """HTTP that keeps no more beside a body than so much: the parser holds headers and trailers of any length."""

    _reading = 0
    _beside = 0

    def on_message_begin(self) -> None:
        """Count anew; what of this reading was an earlier message's is unknown, so the reading goes free."""
        self._beside = -self._reading
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        """Let the sizes of chunks take as much as the chunks."""
        self._beside -= 2 * len(body)
        super().on_body(body)

    def data_received(self, data: bytes) -> None:
        """Read on, or close the connection of whoever sends a head without end."""
        self._reading = len(data)
        super().data_received(data)
        self._beside += self._reading
        if self._beside > MOST_BESIDE_A_BODY and not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.send_400_response("The head of the request is too long.")
            self.transport.close()


class HttpServer(uvicorn.Server):
    """Uvicorn without its own signal handling: the process decides when to stop."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                http=BoundedHttp,
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=5,
                timeout_keep_alive=75,
            )
        )
        self._listener = listener
        self._ended = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield

    async def run_until_stopped(self) -> None:
        """Serve until `should_exit` is set."""
        try:
            await self.serve(sockets=[self._listener])
        finally:
            self._ended.set()

    async def drain(self) -> None:
        """Take no more requests and wait for those under way, some seconds long; what streams without end is cut then."""
        self.should_exit = True
        await self._ended.wait()


def plain_health_app(health: Health) -> ASGIApp:
    """Return the small HTTP face of a process without an API: health and metrics."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = Request(scope).url.path
        response: Response
        if path == "/health/live":
            response = health.live()
        elif path == "/health/ready":
            response = await health.ready()
        elif path == "/metrics":
            response = metrics_response()
        else:
            response = Response(status_code=404)
        await response(scope, receive, send)

    return app


def settle() -> None:
    """Let the collector walk less: what lives as long as the process never again, bursts of rows seldom.

    A command that serves starts with the collector at rest; it is woken here.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


async def run_all(
    loops: Sequence[Coroutine[Any, Any, None]], *, on_stop: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Run loops until one fails or the process is told to stop; then do what `on_stop` says while they still run, cancel
    the rest and wait for them.
    """
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        running.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(loop) for loop in loops]
    waiter = asyncio.create_task(stop.wait())
    settle()
    try:
        done, _ = await asyncio.wait([waiter, *tasks], return_when=asyncio.FIRST_COMPLETED)
        if on_stop is not None:
            await on_stop()
        for task in done - {waiter}:
            task.result()
    finally:
        for task in (*tasks, waiter):
            task.cancel()
        await asyncio.gather(*tasks, waiter, return_exceptions=True)
