"""The one page everybody opens, answered by its own route function without the framework's matching and injection."""

import re
from types import SimpleNamespace
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.auth import Principal
from chassis.errors import Refusal
from chassis.problems import from_refusal
from gateway.door import IDENTITY, INTERNAL_TOKEN
from gateway.routes.platform import show_household
from gateway.state import Gateway

PATH: Final = re.compile(r"/gateway/v1/households/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/360")
ROUTE: Final = SimpleNamespace(path="/gateway/v1/households/{household_id}/360")
"""What the log and the metrics call it, as the framework would have."""


class Quick:
    """Stands before the framework; whatever is not exactly that page goes on to it."""

    def __init__(self, app: ASGIApp, gateway: Gateway) -> None:
        self._app = app
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = (
            PATH.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        )
        identity = scope.get(IDENTITY)
        if found is None or identity is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = ROUTE
        request = Request(scope, receive)
        caller = Principal(
            actor_id=identity.actor_id, roles=identity.roles, area=identity.area, token=scope[INTERNAL_TOKEN]
        )
        try:
            response = await show_household(UUID(found[1]), request, caller, self._gateway)
        except Refusal as refusal:
            response = from_refusal(request, refusal, {})
        await response(scope, receive, send)
