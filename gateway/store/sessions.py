"""Sessions by the hash of their token, and guesses by the hash of a name."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from gateway import tables
from gateway.domain.accounts import GuessPolicy, locked_until


class Holder(NamedTuple):
    """Who a session belongs to."""

    session_id: UUID
    expires_at: datetime
    actor_id: UUID
    area: str
    roles: tuple[str, ...]


HOLDER = """
SELECT s.id, s.expires_at, coalesce(a.id, c.id) AS actor_id, coalesce(a.area, c.area) AS area,
       CASE WHEN c.id IS NOT NULL THEN ARRAY[c.role]
            ELSE ARRAY(SELECT r.role FROM account_role AS r WHERE r.account_id = a.id) END AS roles
FROM session AS s
LEFT JOIN account AS a ON a.id = s.account_id AND a.is_active
LEFT JOIN client AS c ON c.id = s.client_id AND c.is_active
WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND coalesce(a.id, c.id) IS NOT NULL
"""


async def add_session(
    connection: AsyncConnection,
    token_hash: bytes,
    *,
    account_id: UUID | None = None,
    client_id: UUID | None = None,
    created_at: datetime,
    expires_at: datetime,
) -> UUID:
    """Store a session by the hash of its token and return its id."""
    session_id = new_id()
    await connection.execute(
        insert(tables.session).values(
            id=session_id,
            token_hash=token_hash,
            account_id=account_id,
            client_id=client_id,
            created_at=created_at,
            expires_at=expires_at,
        )
    )
    return session_id


async def find_holder(driver: "asyncpg.Connection[Any]", token_hash: bytes, now: datetime) -> Holder | None:
    """Return who holds an open session, or None; a hot read, so it runs prepared on the driver."""
    row = await driver.fetchrow(HOLDER, token_hash, now)
    if row is None:
        return None
    return Holder(row["id"], row["expires_at"], row["actor_id"], row["area"], tuple(row["roles"]))


async def end_session(connection: AsyncConnection, token_hash: bytes, at: datetime) -> None:
    """End one session."""
    statement = update(tables.session).where(
        tables.session.c.token_hash == token_hash, tables.session.c.ended_at.is_(None)
    )
    await connection.execute(statement.values(ended_at=at))


async def end_sessions_of(connection: AsyncConnection, holder_id: UUID, at: datetime) -> None:
    """End every session of an account or client."""
    statement = update(tables.session).where(
        (tables.session.c.account_id == holder_id) | (tables.session.c.client_id == holder_id),
        tables.session.c.ended_at.is_(None),
    )
    await connection.execute(statement.values(ended_at=at))


async def reserve_guess(
    connection: AsyncConnection, name_hash: bytes, now: datetime, policy: GuessPolicy
) -> datetime | None:
    """Count a guess before it is checked, so that a hundred at once cannot slip by; return until when none is allowed."""
    guess = tables.guess
    await connection.execute(
        upsert(guess).values(name_hash=name_hash, failures=0, last_at=now).on_conflict_do_nothing()
    )
    row = (
        await connection.execute(
            select(guess.c.failures, guess.c.locked_until)
            .where(guess.c.name_hash == name_hash)
            .with_for_update()
        )
    ).one()
    if row.locked_until is not None and row.locked_until > now:
        locked: datetime = row.locked_until
        return locked
    failures = row.failures + 1
    values = {"failures": failures, "last_at": now, "locked_until": locked_until(failures, now, policy)}
    await connection.execute(update(guess).where(guess.c.name_hash == name_hash).values(**values))
    return None


async def forget_guesses(connection: AsyncConnection, name_hash: bytes) -> None:
    """Start counting anew after a right password."""
    await connection.execute(delete(tables.guess).where(tables.guess.c.name_hash == name_hash))
