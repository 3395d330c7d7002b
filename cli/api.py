"""The HTTP client that every command uses: one address, one token, problems as exceptions."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from functools import cache
from types import TracebackType
from typing import Any, Self

import httpx

from chassis.ids import new_id

TIMEOUT = httpx.Timeout(150.0, connect=5.0)
MOST_CONNECTIONS = 16
ATTEMPTS = 5
PAUSE_SECONDS = 0.2
PAGE = 500
FIRST_ERROR = 400
# What may pass by itself; the same Idempotency-Key makes a second attempt harmless.
PASSING = frozenset({502, 503, 504})
IN_FLIGHT = "request-in-flight"


class PlatformUnreachable(Exception):  # noqa: N818 - a sentence, as all errors here
    """Nothing answers at the address."""


class Refused(Exception):  # noqa: N818 - see above
    """The platform answered with a problem (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any], location: str | None = None) -> None:
        super().__init__(str(problem.get("code", status)))
        self.status = status
        self.problem = dict(problem)
        self.location = location

    @property
    def code(self) -> str:
        """The stable code of the problem."""
        return str(self.problem.get("code", "http-error"))


class Api:
    """A platform at an address, asked as the holder of a token."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.token = token
        limits = httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS)
        # The address is given: a proxy of the environment must not stand between.
        self._http = httpx.AsyncClient(
            base_url=self.url, timeout=TIMEOUT, limits=limits, trust_env=False, verify=_trusted()
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request until it is answered, always under the same key; Refused for a problem."""
        sent = (
            {"idempotency-key": new_id().hex, **(headers or {})} if method != "GET" else dict(headers or {})
        )
        if self.token is not None:
            sent["authorization"] = f"Bearer {self.token}"
        given = {name: value for name, value in (params or {}).items() if value is not None}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = await self._http.request(
                    method, path, json=json, content=content, params=given, headers=sent
                )
            except httpx.ConnectError as lost:
                raise PlatformUnreachable(f"Nothing answers at {self.url}.") from lost
            except httpx.TransportError as lost:
                if attempt == ATTEMPTS:
                    raise PlatformUnreachable(f"The connection to {self.url} was lost.") from lost
            else:
                if attempt == ATTEMPTS or not _may_pass(response):
                    return _checked(response)
            await asyncio.sleep(PAUSE_SECONDS * attempt)
        raise AssertionError("the last attempt returns or raises")

    async def get(self, path: str, **params: Any) -> Any:
        """Return the answer to a question."""
        return (await self.request("GET", path, params=params)).json()

    async def post(self, path: str, body: Any = None, **params: Any) -> Any:
        """Return the answer to a command, None where it has none."""
        return _body(await self.request("POST", path, json=body, params=params))

    async def put(self, path: str, body: Any) -> Any:
        """Return the answer to a replacement."""
        return _body(await self.request("PUT", path, json=body))

    async def pages(self, path: str, **params: Any) -> AsyncIterator[dict[str, Any]]:
        """Yield every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = await self.get(path, **{"limit": PAGE, **params, "cursor": cursor})
            for item in page["items"]:
                yield item
            cursor = page.get("next")
            if cursor is None:
                return

    async def all(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Return every item of a list."""
        return [item async for item in self.pages(path, **params)]


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's certificate authorities, read once for all clients of a process."""
    return ssl.create_default_context()


def _may_pass(response: httpx.Response) -> bool:
    if response.status_code in PASSING:
        return True
    return response.status_code >= FIRST_ERROR and _problem(response).get("code") == IN_FLIGHT


def _checked(response: httpx.Response) -> httpx.Response:
    if response.status_code >= FIRST_ERROR:
        raise Refused(response.status_code, _problem(response), response.headers.get("location"))
    return response


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    return {"code": "http-error", "detail": f"The answer was {response.status_code} without a problem."}


def _body(response: httpx.Response) -> Any:
    return response.json() if response.content else None
