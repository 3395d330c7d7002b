"""What the gateway's tests share: the opened gateway, people with sessions, stand-in services."""

import asyncio
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec
from argon2 import PasswordHasher
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.health import Health
from chassis.ids import new_id
from gateway.domain.accounts import STAFF_ROLES
from gateway.identity.passwords import Passwords
from gateway.main import open_gateway
from gateway.settings import GatewaySettings
from gateway.state import EXTRA, Gateway
from gateway.upstreams.in_process import InProcessUpstreams
from gateway.upstreams.port import Upstreams
from tests.kit import Harness

ADMINISTRATOR_PASSWORD = "five bright lanterns over Erhai"
PASSWORD = "seven quiet mules at Cibihu"


class Asked:
    """One request as a stand-in saw it."""

    def __init__(self, scope: Scope, body: bytes) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode()
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.body = body


class StandIn:
    """An ASGI application that answers what it was told for a path."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, tuple[int, Any]] = {}
        self.headers: list[tuple[bytes, bytes]] = [(b"content-type", b"application/json")]
        self.delay = 0.0
        self.explodes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _read(receive)
        self.asked.append(Asked(scope, body))
        if self.explodes:
            raise RuntimeError("a defect")
        if self.delay:
            await asyncio.sleep(self.delay)
        status, content = self.answers.get(scope["path"], (200, {"path": scope["path"]}))
        payload = content if isinstance(content, bytes) else msgspec.json.encode(content)
        await send({"type": "http.response.start", "status": status, "headers": self.headers})
        await send({"type": "http.response.body", "body": payload})


async def _read(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(chunks)
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


class StandIns(dict[str, ASGIApp]):
    """The five services by name; delete one and it is down."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("registry", "subsidy", "relocation", "finance", "supervision"):
            self[name] = StandIn()

    def of(self, name: str) -> StandIn:
        """Return a stand-in."""
        found = self[name]
        assert isinstance(found, StandIn)
        return found


class House:
    """The gateway, opened on a harness."""

    def __init__(
        self,
        harness: Harness,
        stand_ins: StandIns,
        *,
        upstreams: Upstreams | None = None,
        settings: GatewaySettings | None = None,
    ) -> None:
        self.harness = harness
        self._upstreams = upstreams or InProcessUpstreams(stand_ins)
        self._settings = settings or GatewaySettings(
            recheck_seconds=0,
            part_seconds=0.3,
            proxy_seconds=0.5,
            body_limit=2048,
            stream_interval_seconds=0.05,
            stream_keep_alive_seconds=0.2,
            public_url="https://gateway.test",
        )
        self._stack = AsyncExitStack()
        self.app: ASGIApp
        self.http: httpx.AsyncClient

    async def __aenter__(self) -> Self:
        opened = open_gateway(
            self.harness.runtime,
            verifier=self.harness.secrets.verifier(),
            health=Health("gateway", self.harness.clock),
            secrets=self.harness.secrets,
            upstreams=self._upstreams,
            settings=self._settings,
            # The product's own cost is measured by one test of its own; here it would only be waiting.
            passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)),
        )
        self.app = await self._stack.enter_async_context(opened)
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        self.http = await self._stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://door")
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def gateway(self) -> Gateway:
        """The gateway's insides."""
        found: Gateway = self.harness.runtime.extras[EXTRA]
        return found

    async def log_in(self, name: str, password: str) -> httpx.Response:
        """Try to log in."""
        return await self.http.post("/gateway/v1/sessions", json={"name": name, "password": password})

    async def choose(self, name: str, current: str, new: str) -> httpx.Response:
        """Try to change a password."""
        body = {"name": name, "current_password": current, "new_password": new}
        return await self.http.post("/gateway/v1/passwords", json=body)

    async def administrator(self) -> dict[str, str]:
        """Return the headers of the administrator, whose one-time password was changed."""
        one_time = self.harness.secrets.administrator_password()
        if one_time is not None:
            changed = await self.choose("administrator", one_time, ADMINISTRATOR_PASSWORD)
            assert changed.status_code == 204, changed.text
        return bearer(await self.log_in("administrator", ADMINISTRATOR_PASSWORD))

    async def open_account(self, name: str, *roles: str, area: str = "") -> httpx.Response:
        """Ask for an account as the administrator."""
        headers = {**await self.administrator(), "idempotency-key": new_id().hex}
        body = {"name": name, "roles": list(roles), "area": area}
        return await self.http.post("/gateway/v1/accounts", json=body, headers=headers)

    async def person(self, *roles: str, area: str = "", name: str | None = None) -> dict[str, str]:
        """Return the headers of somebody new with these roles."""
        name = name or f"p-{new_id().hex[-12:]}"
        assert STAFF_ROLES.issuperset(roles)
        opened = await self.open_account(name, *roles, area=area)
        assert opened.status_code == 201, opened.text
        changed = await self.choose(name, opened.json()["one_time_password"], PASSWORD)
        assert changed.status_code == 204, changed.text
        return bearer(await self.log_in(name, PASSWORD))


def bearer(response: httpx.Response) -> dict[str, str]:
    """Return the header of a login's answer."""
    assert response.status_code == 201, response.text
    return {"authorization": f"Bearer {response.json()['token']}"}
