"""Partner clients: registered with public keys, let in by a signed assertion that works once."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.answers import Answer
from chassis.crypto import fingerprint
from chassis.errors import StaleVersion
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from gateway.domain.accounts import check_partner_role
from gateway.domain.errors import AreaOutsideYours
from gateway.identity.assertions import (
    CLOCK_SKEW_SECONDS,
    AssertionRefused,
    check_keys,
    claimed_issuer,
    verify_assertion,
)
from gateway.identity.sessions import new_token
from gateway.schemas import ClientChange, ClientDraft, ClientShown, PartnerToken
from gateway.state import Gateway
from gateway.store import clients as client_store
from gateway.store import sessions as session_store
from gateway.store import upkeep as upkeep_store

ISSUER = "tuopin-gateway"


def shown(client: client_store.Client) -> ClientShown:
    """Return what may be seen of a client; its keys are public."""
    return ClientShown(
        id=client.id,
        name=client.name,
        role=client.role,
        area=client.area,
        keys=client.keys["keys"],
        is_active=client.is_active,
        created_at=client.created_at,
        version=client.version,
    )


async def register_client(draft: ClientDraft, unit: UnitOfWork) -> Answer:
    """Register a partner by its public keys."""
    unit.require(roles.ADMINISTRATOR)
    check_partner_role(draft.role)
    if not draft.area.startswith(unit.principal.area):
        raise AreaOutsideYours(pointer="/area")
    async with unit:
        client = client_store.Client(
            id=new_id(),
            name=draft.name,
            role=draft.role,
            area=draft.area,
            keys=check_keys(draft.keys),
            is_active=True,
            version=1,
            created_at=unit.now,
        )
        await client_store.add_client(unit.connection, client)
        await upkeep_store.note_change(
            unit, "client-registered", client.id, role=client.role, area=client.area, kids=_kids(client)
        )
        return unit.answer(shown(client), status=201, etag=1, location=f"/gateway/v1/clients/{client.id}")


async def change_client(
    client_id: UUID, change: ClientChange, unit: UnitOfWork, gateway: Gateway, *, expected: int
) -> Answer:
    """Give a client other keys or close it; its tokens end."""
    unit.require(roles.ADMINISTRATOR)
    keys = check_keys(change.keys)
    async with unit:
        client = await client_store.load_client(unit.connection, client_id)
        unit.require_area(client.area)
        if client.version != expected:
            raise StaleVersion
        changed = client._replace(keys=keys, is_active=change.is_active)
        await client_store.save_client(unit.connection, changed)
        await session_store.end_sessions_of(unit.connection, client.id, unit.now)
        await upkeep_store.note_change(
            unit,
            "client-changed",
            client.id,
            before=_kids(client),
            after=_kids(changed),
            is_active=change.is_active,
        )
        made = unit.answer(shown(changed._replace(version=expected + 1)), etag=expected + 1)
    gateway.sessions.forget_holder(str(client_id))
    return made


async def issue_partner_token(assertion: str, audiences: frozenset[str], gateway: Gateway) -> PartnerToken:
    """Return a short bearer for a proven assertion whose id was never used; AssertionRefused otherwise."""
    name = claimed_issuer(assertion)
    token, life = new_token(), gateway.settings.client_token_life
    unit = gateway.unit()
    async with unit:
        client = await client_store.find_client(unit.connection, name)
        if client is None:
            raise AssertionRefused
        proven = verify_assertion(
            assertion, client_name=client.name, keys=client.keys, audiences=audiences, now=unit.now
        )
        kept_until = datetime.fromtimestamp(proven.expires_at + 2 * CLOCK_SKEW_SECONDS, UTC)
        jti_hash = fingerprint(proven.jti.encode())
        if not await client_store.use_assertion(unit.connection, client.id, jti_hash, kept_until):
            raise AssertionRefused
        await session_store.add_session(
            unit.connection,
            fingerprint(token.encode()),
            client_id=client.id,
            created_at=unit.now,
            expires_at=unit.now + life,
        )
    return PartnerToken(access_token=token, expires_in=int(life.total_seconds()), scope=client.role)


def _kids(client: client_store.Client) -> list[str]:
    return [key["kid"] for key in client.keys["keys"]]
