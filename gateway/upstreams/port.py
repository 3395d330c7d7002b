"""The port to the services: a short question with a time limit, or a request passed on as it streams."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from starlette.types import Receive, Scope, Send

from chassis.errors import TimedOut, Unavailable

Headers = Sequence[tuple[bytes, bytes]]

# A list of what passes, not of what is dropped: a header nobody thought of stays outside.
PASSED_IN: Final = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-length",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"if-none-match",
        b"last-event-id",
        b"prefer",
        b"traceparent",
        b"tracestate",
    }
)
DROPPED_OUT: Final = frozenset(
    {
        b"connection",
        b"date",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-connection",
        b"server",
        b"set-cookie",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)


class Reply(NamedTuple):
    """A service's whole answer to a short question."""

    status: int
    body: bytes


class ServiceDown(Unavailable):
    """A service does not answer."""

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service cannot be reached; nothing changed, try again.")


class ServiceSlow(TimedOut):
    """A service took too long; whether it acted is not known."""

    def __init__(self, service: str) -> None:
        # Unlike the chassis' sentence this one must not promise that nothing changed.
        super().__init__(
            f"The {service} service did not answer in time; ask again with the same Idempotency-Key."
        )


class Upstreams(Protocol):
    """Every service by its name."""

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
        """Return the whole answer; ServiceDown or ServiceSlow without one."""
        ...

    async def forward(
        self, service: str, scope: Scope, receive: Receive, send: Send, *, headers: Headers, seconds: float
    ) -> None:
        """Pass a request on and its answer back as they stream; the limit is on the wait for the answer's beginning."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def passed_in(scope: Scope, token: str | None, request_id: str) -> list[tuple[bytes, bytes]]:
    """Return the headers that a service sees of a request."""
    headers = [(name, value) for name, value in scope["headers"] if name in PASSED_IN]
    headers.append((b"x-request-id", request_id.encode()))
    if token is not None:
        headers.append((b"authorization", b"Bearer " + token.encode()))
    return headers


def passed_out(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Return the headers of a service's answer that the caller sees."""
    return [(name, value) for name, value in headers if name.lower() not in DROPPED_OUT]
