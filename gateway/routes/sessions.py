"""Logging in, logging out, choosing a password."""

from typing import Any

from fastapi import APIRouter, Request, status
from starlette.responses import Response

from chassis.errors import Unauthenticated
from gateway.door import IDENTITY
from gateway.handlers import sessions
from gateway.identity.sessions import Identity
from gateway.schemas import Login, PasswordChange, SessionOpened, SessionShown
from gateway.state import AGateway

BEARER: dict[str, Any] = {"security": [{"HTTPBearer": []}]}

router = APIRouter(prefix="/gateway/v1", tags=["sessions"])


@router.post("/sessions", status_code=status.HTTP_201_CREATED)
async def log_in(login: Login, gateway: AGateway) -> SessionOpened:
    """Log in with name and password. A one-time password is refused here: change it first at `/gateway/v1/passwords`."""
    return await sessions.log_in(login, gateway)


@router.get("/sessions/current", openapi_extra=BEARER)
async def show_session(request: Request) -> SessionShown:
    """Say whose session this is."""
    identity = _identity(request)
    return SessionShown(
        actor_id=identity.actor_id,
        roles=sorted(identity.roles),
        area=identity.area,
        expires_at=identity.expires_at,
    )


@router.delete("/sessions/current", status_code=status.HTTP_204_NO_CONTENT, openapi_extra=BEARER)
async def log_out(request: Request, gateway: AGateway) -> Response:
    """Log out: the token is worth nothing from now on."""
    await sessions.log_out(_identity(request), gateway)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.post("/passwords", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(change: PasswordChange, gateway: AGateway) -> Response:
    """Choose a password in place of the one held so far, also of a one-time one; open sessions end."""
    await sessions.change_password(change, gateway)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


def _identity(request: Request) -> Identity:
    identity = request.scope.get(IDENTITY)
    if not isinstance(identity, Identity):
        raise Unauthenticated
    return identity
