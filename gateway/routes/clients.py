"""Partners: registered by their public keys, let in by the OAuth 2.0 token endpoint."""

from urllib.parse import parse_qs
from uuid import UUID

from fastapi import APIRouter, Request, status
from starlette.responses import Response

from chassis.answers import answer
from chassis.http import CommandUnit, ExpectedVersion, QueryUnit
from chassis.pagination import CursorParam, Limit, Page, decode_cursor, page_of
from contracts import roles
from gateway.handlers import clients
from gateway.identity.assertions import ASSERTION_TYPE, AssertionRefused
from gateway.schemas import ClientChange, ClientDraft, ClientShown, PartnerToken
from gateway.state import AGateway
from gateway.store import clients as client_store

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
LONGEST_FORM = 16 * 1024

router = APIRouter(tags=["partners"])


@router.post("/gateway/v1/clients", status_code=status.HTTP_201_CREATED, response_model=ClientShown)
async def register_client(draft: ClientDraft, unit: CommandUnit) -> Response:
    """Register a bank, an insurer or an auditor by its public keys."""
    return await clients.register_client(draft, unit)


@router.get("/gateway/v1/clients")
async def list_clients(unit: QueryUnit, limit: Limit = 50, cursor: CursorParam = None) -> Page[ClientShown]:
    """List the partners of your area by name."""
    unit.require(roles.ADMINISTRATOR, roles.AUDITOR)
    after = decode_cursor(cursor, str) or ("",)
    async with unit:
        rows = await client_store.list_clients(
            unit.connection, area=unit.principal.area, after=after[0], limit=limit + 1
        )
    return page_of(rows, limit, clients.shown, lambda row: (row.name,))


@router.put("/gateway/v1/clients/{client_id}", response_model=ClientShown)
async def change_client(
    client_id: UUID, change: ClientChange, expected: ExpectedVersion, unit: CommandUnit, gateway: AGateway
) -> Response:
    """Replace a partner's keys, or close it; its tokens end."""
    return await clients.change_client(client_id, change, unit, gateway, expected=expected)


_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type", "client_assertion_type", "client_assertion"],
                    "properties": {
                        "grant_type": {"type": "string", "const": "client_credentials"},
                        "client_assertion_type": {"type": "string", "const": ASSERTION_TYPE},
                        "client_assertion": {"type": "string"},
                    },
                }
            }
        },
    }
}


@router.post(TOKEN_PATH, response_model=PartnerToken, openapi_extra=_FORM)
async def issue_token(request: Request, gateway: AGateway) -> Response:
    """Exchange a signed assertion (RFC 7523) for a short bearer token; each assertion works once.

    The assertion's `iss` and `sub` are the client's name, `aud` is `tuopin-gateway` or this endpoint's public
    address, `exp` at most five minutes away, `jti` never used before.
    """
    form = _form(await request.body())
    if form.get("grant_type") != "client_credentials":
        return _oauth_error("unsupported_grant_type", status.HTTP_400_BAD_REQUEST)
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
        return _oauth_error("invalid_client", status.HTTP_401_UNAUTHORIZED)
    audiences = {clients.ISSUER}
    if gateway.settings.public_url is not None:
        audiences.add(gateway.settings.public_url.rstrip("/") + TOKEN_PATH)
    try:
        token = await clients.issue_partner_token(form["client_assertion"], frozenset(audiences), gateway)
    except AssertionRefused:
        return _oauth_error("invalid_client", status.HTTP_401_UNAUTHORIZED)
    return answer(token)


def _form(body: bytes) -> dict[str, str]:
    if len(body) > LONGEST_FORM:
        return {}
    try:
        found = parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _oauth_error(code: str, http_status: int) -> Response:
    # The one place with another error shape than RFC 9457: OAuth clients read RFC 6749 5.2.
    return answer({"error": code}, status=http_status)
