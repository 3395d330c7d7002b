"""Partner clients and the assertions they have spent."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.errors import NotFound, StaleVersion
from gateway import tables


class Client(NamedTuple):
    """A partner's client as stored."""

    id: UUID
    name: str
    role: str
    area: str
    keys: dict[str, Any]
    is_active: bool
    version: int
    created_at: datetime


_client = select(
    tables.client.c.id,
    tables.client.c.name,
    tables.client.c.role,
    tables.client.c.area,
    tables.client.c["keys"],
    tables.client.c.is_active,
    tables.client.c.version,
    tables.client.c.created_at,
)


async def find_client(connection: AsyncConnection, name: str) -> Client | None:
    """Return the active client of that name as it stays until the transaction ends, or None."""
    statement = _client.where(tables.client.c.name == name, tables.client.c.is_active)
    row = (await connection.execute(statement.with_for_update(read=True))).one_or_none()
    return None if row is None else Client(*row)


async def load_client(connection: AsyncConnection, client_id: UUID) -> Client:
    """Return a client with its row locked; NotFound without one."""
    row = (
        await connection.execute(_client.where(tables.client.c.id == client_id).with_for_update())
    ).one_or_none()
    if row is None:
        raise NotFound
    return Client(*row)


async def list_clients(connection: AsyncConnection, *, area: str, after: str, limit: int) -> list[Client]:
    """Return up to `limit` clients of an area in order of name."""
    statement = (
        _client.where(tables.client.c.area.startswith(area, autoescape=True), tables.client.c.name > after)
        .order_by(tables.client.c.name)
        .limit(limit)
    )
    return [Client(*row) for row in await connection.execute(statement)]


async def add_client(connection: AsyncConnection, client: Client) -> None:
    """Store a new client."""
    await connection.execute(insert(tables.client).values(**client._asdict()))


async def save_client(connection: AsyncConnection, client: Client) -> None:
    """Store a changed client as its next version."""
    changed = {**client._asdict(), "version": client.version + 1}
    statement = update(tables.client).where(
        tables.client.c.id == client.id, tables.client.c.version == client.version
    )
    if (await connection.execute(statement.values(**changed))).rowcount != 1:
        raise StaleVersion


async def use_assertion(
    connection: AsyncConnection, client_id: UUID, jti_hash: bytes, expires_at: datetime
) -> bool:
    """Spend an assertion's id; False when it was spent before."""
    statement = (
        upsert(tables.used_assertion)
        .values(client_id=client_id, jti_hash=jti_hash, expires_at=expires_at)
        .on_conflict_do_nothing()
    )
    return (await connection.execute(statement)).rowcount == 1
