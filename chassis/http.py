"""How a route gets its unit of work: authenticated, scoped, and tied to the request's Idempotency-Key."""

import re
from typing import Annotated

import structlog
from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis import idempotency
from chassis.auth import Principal, TokenVerifier
from chassis.correlation import traceparent_of
from chassis.errors import StaleVersion, Unauthenticated, VersionRequired
from chassis.runtime import Runtime
from chassis.unit_of_work import UnitOfWork

# Digits and no other numerals, no more than a version can have.
_VERSION = re.compile(r"[0-9]{1,18}")
_bearer = HTTPBearer(auto_error=False, description="A token minted by the gateway.")


async def caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """Return who calls; Unauthenticated without a valid token."""
    if credentials is None:
        raise Unauthenticated
    verifier: TokenVerifier = request.app.state.verifier
    principal = verifier.verify(credentials.credentials)
    structlog.contextvars.bind_contextvars(actor=principal.actor_id)
    return principal


Caller = Annotated[Principal, Depends(caller)]


async def command_unit(
    request: Request,
    principal: Caller,
    idempotency_key: Annotated[
        str | None,
        Header(description="Required on POST: one key, one effect; a replay returns the first answer."),
    ] = None,
) -> UnitOfWork:
    """Return the unit of a state-changing request; a POST must carry an Idempotency-Key."""
    reservation = None
    if request.method == "POST" or idempotency_key is not None:
        reservation = idempotency.reservation_for(
            client=principal.actor_id,
            method=request.method,
            path=request.url.path,
            query=request.url.query,
            key=idempotency.parse_key(idempotency_key),
            body=await request.body(),
        )
    return _unit(request, principal, reservation=reservation)


async def query_unit(request: Request, principal: Caller) -> UnitOfWork:
    """Return the unit of a reading request."""
    return _unit(request, principal, read_only=True)


async def recorded_query_unit(request: Request, principal: Caller) -> UnitOfWork:
    """Return the unit of a question that is itself recorded: it writes, but repeats harmlessly without a key."""
    return _unit(request, principal)


CommandUnit = Annotated[UnitOfWork, Depends(command_unit)]
QueryUnit = Annotated[UnitOfWork, Depends(query_unit)]
RecordedQueryUnit = Annotated[UnitOfWork, Depends(recorded_query_unit)]


async def if_match(
    _: Caller,  # who may not call learns nothing of what is missing
    header: Annotated[
        str | None, Header(alias="If-Match", description='The ETag that was read, such as "3".')
    ] = None,
) -> int:
    """Return the version named by If-Match; VersionRequired without it, StaleVersion for a foreign tag."""
    if header is None:
        raise VersionRequired
    tag = header.strip().removeprefix("W/").strip('"')
    if not _VERSION.fullmatch(tag):
        raise StaleVersion
    return int(tag)


ExpectedVersion = Annotated[int, Depends(if_match)]


def _unit(
    request: Request,
    principal: Principal,
    *,
    reservation: idempotency.Reservation | None = None,
    read_only: bool = False,
) -> UnitOfWork:
    runtime: Runtime = request.app.state.runtime
    return UnitOfWork(
        runtime,
        principal,
        reservation=reservation,
        read_only=read_only,
        correlation_id=request.scope.get("tuopin.request_id"),
        traceparent=traceparent_of(dict(request.scope["headers"])),
    )
