"""A stand-in for a service that costs next to nothing: whatever it is asked, it answers the same bytes."""

import asyncio
import json

import uvloop

BODY = json.dumps(
    {"items": [{"id": "0192", "amount": "20000.00", "status": "settled", "name": "x" * 20}] * 3}
).encode()
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
    len(BODY),
    BODY,
)


class Upstream(asyncio.Protocol):
    """Answers each request head with the same answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer every whole head."""
        *whole, self._seen = (self._seen + data).split(b"\r\n\r\n")
        if whole:
            self._transport.write(ANSWER * len(whole))


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve())
