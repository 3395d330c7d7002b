"""Questions asked so often that they are answered before the framework, by the very function that their route calls."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace, TracebackType
from typing import Self

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.auth import TokenVerifier
from chassis.correlation import traceparent_of
from chassis.errors import Forbidden
from chassis.runtime import Runtime
from chassis.unit_of_work import UnitOfWork

BEARER = b"Bearer "
log = structlog.get_logger("tuopin.quick")


class OneStatement(UnitOfWork):
    """The unit of a question that is one statement: the statement is its own transaction, on a connection that only reads."""

    async def __aenter__(self) -> Self:
        """Take a connection scoped to the caller's area."""
        if self.principal.area and not self.principal.area.isdigit():
            raise Forbidden("The caller's area is not a division code.")
        self.driver = await self.runtime.database.readers.borrow(self.principal.area)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the connection back, or drop it when anything went wrong."""
        if error is None:
            self.runtime.database.readers.give_back(self.driver, self.principal.area)
        else:
            self.runtime.database.readers.discard(self.driver)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickRead:
    """One GET without a query, by its path; `route` is what the framework, the log and the metrics call it."""

    route: str
    path: re.Pattern[str]
    work: Callable[[UnitOfWork, re.Match[str]], Awaitable[Response]]


class QuickReads:
    """Stands before the framework and answers plain successes; whatever else comes of a question, the route says."""

    def __init__(
        self, app: ASGIApp, reads: Sequence[QuickRead], runtime: Runtime, verifier: TokenVerifier
    ) -> None:
        self._app = app
        self._reads = [(read, SimpleNamespace(path=read.route)) for read in reads]
        self._runtime = runtime
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        response = await self._answer(scope) if _is_plain_get(scope) else None
        await (self._app if response is None else response)(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        for read, route in self._reads:
            found = read.path.fullmatch(scope["path"])
            if found is None:
                continue
            headers = dict(scope["headers"])
            try:
                response = await read.work(self._unit(scope, headers), found)
            except Exception as error:  # noqa: BLE001 - nothing was sent and nothing has changed: the route tries again
                log.debug("left to the route", error=type(error).__name__)
                return None
            scope["route"] = route
            return response
        return None

    def _unit(self, scope: Scope, headers: Mapping[bytes, bytes]) -> UnitOfWork:
        principal = self._verifier.verify(headers[b"authorization"].removeprefix(BEARER).decode())
        structlog.contextvars.bind_contextvars(actor=principal.actor_id)
        return OneStatement(
            self._runtime,
            principal,
            read_only=True,
            correlation_id=scope.get("tuopin.request_id"),
            traceparent=traceparent_of(headers),
        )


def _is_plain_get(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]
