"""The gateway as a service value, and the whole of it as one application: `open_gateway`."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from chassis.app import build_api, document_of
from chassis.auth import TokenVerifier
from chassis.health import Health
from chassis.middleware import Around
from chassis.runtime import Runtime
from chassis.secrets import Secrets
from chassis.service import Service, Ticker, UnitFactory
from contracts.events.gateway import BusinessDateSet
from gateway.composition.documents import Documents
from gateway.composition.trail import Tails, TrailRefused
from gateway.domain import errors
from gateway.domain.accounts import GuessPolicy
from gateway.door import Door
from gateway.handlers.accounts import ensure_administrator
from gateway.identity.passwords import Passwords
from gateway.identity.sessions import Sessions
from gateway.quick import Quick
from gateway.routes import accounts, clients, documents, platform, sessions
from gateway.settings import GatewaySettings
from gateway.state import EXTRA, Gateway
from gateway.store import upkeep as upkeep_store
from gateway.tables import metadata
from gateway.upstreams.port import Upstreams

KEPT_AFTER_EXPIRY = timedelta(days=180)
"""Logs of access are kept half a year (the multi-level protection scheme), and ended sessions are part of them."""

PROBLEMS = {
    errors.IncompatibleRoles: 409,
    errors.UnknownRole: 422,
    errors.AccountNameTaken: 409,
    errors.ClientNameTaken: 409,
    errors.UnusableKeys: 422,
    errors.AreaOutsideYours: 403,
    errors.WeakPassword: 422,
    errors.PasswordUnchanged: 422,
    errors.WrongNameOrPassword: 401,
    errors.PasswordChangeRequired: 403,
    errors.TooManyGuesses: 429,
    errors.LastAdministrator: 409,
    TrailRefused: 502,
}


async def _purge(units: UnitFactory) -> None:
    unit = units()
    async with unit:
        await upkeep_store.purge(unit.connection, unit.now, unit.now - KEPT_AFTER_EXPIRY)


service = Service(
    name="gateway",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=(sessions.router, accounts.router, clients.router, platform.router, documents.router),
    problems=PROBLEMS,
    constraints={
        "uq_account_name": errors.AccountNameTaken,
        "uq_client_name": errors.ClientNameTaken,
        "uq_account_role_separated": errors.IncompatibleRoles,
        "uq_account_role_determining": errors.IncompatibleRoles,
    },
    publishes=(BusinessDateSet,),
    tickers=(Ticker(name="purge-expired", every_seconds=600, work=_purge),),
)


@asynccontextmanager
async def open_gateway(
    runtime: Runtime,
    *,
    verifier: TokenVerifier,
    health: Health,
    secrets: Secrets,
    upstreams: Upstreams,
    settings: GatewaySettings | None = None,
    passwords: Passwords | None = None,
) -> AsyncIterator[ASGIApp]:
    """Yield the gateway's application, the first administrator made; close what it holds afterwards."""
    settings = settings or GatewaySettings()
    api = build_api(service, runtime, verifier, health)

    def own_document() -> Mapping[str, Any]:
        return document_of(api)

    minter = secrets.minter(runtime.clock)
    gateway = Gateway(
        runtime=runtime,
        settings=settings,
        secrets=secrets,
        passwords=passwords or Passwords(),
        guesses=GuessPolicy(),
        sessions=Sessions(runtime.database, runtime.clock, minter, recheck_seconds=settings.recheck_seconds),
        upstreams=upstreams,
        documents=Documents(upstreams, own_document),
        tails=Tails(upstreams, interval=settings.stream_interval_seconds),
    )
    runtime.extras[EXTRA] = gateway
    await ensure_administrator(gateway)
    try:
        yield _doors(api, gateway)
    finally:
        gateway.passwords.close()
        await upstreams.close()


def _doors(api: ASGIApp, gateway: Gateway) -> ASGIApp:
    limits = dict(service.body_limits)
    around = Around(Quick(api, gateway), service=service.name, clock=gateway.runtime.clock, limits=limits)
    return Door(around, sessions=gateway.sessions, upstreams=gateway.upstreams, settings=gateway.settings)
