"""The one question that start-up asks a broker, in Kafka's own protocol: which cluster are you?"""

import socket
import struct

_METADATA = 3
_VERSION = 2
_TIMEOUT_SECONDS = 1.0


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def integer(self) -> int:
        (value,) = struct.unpack_from(">i", self._body, self._at)
        self._at += 4
        return int(value)

    def text(self) -> str | None:
        (length,) = struct.unpack_from(">h", self._body, self._at)
        self._at += 2
        if length < 0:
            return None
        self._at += length
        return self._body[self._at - length : self._at].decode()


def ask_cluster_id(host: str, port: int) -> str | None:
    """Return the id of the cluster behind the port; None while no broker of it is ready to serve."""
    try:
        answer = _exchange(host, port)
    except (OSError, EOFError):
        return None
    try:
        return _read_cluster_id(answer)
    except (struct.error, UnicodeDecodeError):
        return None  # whatever answered, it was no Kafka broker


def _exchange(host: str, port: int) -> bytes:
    client = b"tuopin"
    no_topics = struct.pack(">i", 0)
    request = struct.pack(">hhih", _METADATA, _VERSION, 1, len(client)) + client + no_topics
    with socket.create_connection((host, port), timeout=_TIMEOUT_SECONDS) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        with connection.makefile("rb") as stream:
            (length,) = struct.unpack(">i", _read(stream.read(4), 4))
            return _read(stream.read(length), length)


def _read(received: bytes, expected: int) -> bytes:
    if len(received) != expected:
        raise EOFError("the connection closed in the middle of an answer")
    return received


def _read_cluster_id(answer: bytes) -> str | None:
    reader = _Reader(answer)
    reader.integer()  # correlation id
    brokers = reader.integer()
    for _ in range(brokers):
        reader.integer()  # node id
        reader.text()  # host
        reader.integer()  # port
        reader.text()  # rack
    return reader.text() if brokers > 0 else None
