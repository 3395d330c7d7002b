"""What a running gateway has at hand beside the chassis' runtime."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from chassis.auth import Principal
from chassis.runtime import Runtime
from chassis.secrets import Secrets
from chassis.unit_of_work import UnitOfWork
from contracts.roles import SERVICE
from gateway.composition.documents import Documents
from gateway.composition.trail import Tails
from gateway.domain.accounts import GuessPolicy
from gateway.identity.passwords import Passwords
from gateway.identity.sessions import Sessions
from gateway.settings import GatewaySettings
from gateway.upstreams.port import Upstreams

EXTRA = "gateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Made once by `gateway.main.open_gateway`."""

    runtime: Runtime
    settings: GatewaySettings
    secrets: Secrets
    passwords: Passwords
    guesses: GuessPolicy
    sessions: Sessions
    upstreams: Upstreams
    documents: Documents
    tails: Tails

    def unit(self, *, read_only: bool = False) -> UnitOfWork:
        """Return a unit in which the gateway itself acts, before anybody is known."""
        own = Principal(actor_id="gateway", roles=frozenset({SERVICE}), area="")
        return UnitOfWork(self.runtime, own, read_only=read_only)


async def _of(request: Request) -> Gateway:
    gateway: Gateway = request.app.state.runtime.extras[EXTRA]
    return gateway


AGateway = Annotated[Gateway, Depends(_of)]
