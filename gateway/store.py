"""Loading and saving what the gateway owns, over the unit's own transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.errors import NotFound, StaleVersion
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from gateway import tables
from gateway.domain.accounts import GuessPolicy, locked_until


class Account(NamedTuple):
    """An account as stored, without its roles' history."""

    id: UUID
    name: str
    area: str
    password_hash: str
    password_is_one_time: bool
    is_active: bool
    version: int
    created_at: datetime
    roles: tuple[str, ...]


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


class Holder(NamedTuple):
    """Who a session belongs to."""

    session_id: UUID
    expires_at: datetime
    actor_id: UUID
    area: str
    roles: tuple[str, ...]


_roles = (
    select(func.coalesce(func.array_agg(tables.account_role.c.role), text("'{}'")))
    .where(tables.account_role.c.account_id == tables.account.c.id)
    .scalar_subquery()
)
_account = select(
    tables.account.c.id,
    tables.account.c.name,
    tables.account.c.area,
    tables.account.c.password_hash,
    tables.account.c.password_is_one_time,
    tables.account.c.is_active,
    tables.account.c.version,
    tables.account.c.created_at,
    _roles.label("roles"),
)
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

HOLDER = """
SELECT s.id, s.expires_at, coalesce(a.id, c.id) AS actor_id, coalesce(a.area, c.area) AS area,
       CASE WHEN c.id IS NOT NULL THEN ARRAY[c.role]
            ELSE ARRAY(SELECT r.role FROM account_role AS r WHERE r.account_id = a.id) END AS roles
FROM session AS s
LEFT JOIN account AS a ON a.id = s.account_id AND a.is_active
LEFT JOIN client AS c ON c.id = s.client_id AND c.is_active
WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND coalesce(a.id, c.id) IS NOT NULL
"""


# -- accounts


async def find_account(connection: AsyncConnection, name: str) -> Account | None:
    """Return the account of that name, or None."""
    row = (await connection.execute(_account.where(tables.account.c.name == name))).one_or_none()
    return None if row is None else Account(*row)


async def load_account(connection: AsyncConnection, account_id: UUID) -> Account:
    """Return an account with its row locked; NotFound without one."""
    statement = _account.where(tables.account.c.id == account_id).with_for_update(of=tables.account)
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return Account(*row)


async def list_accounts(connection: AsyncConnection, *, area: str, after: str, limit: int) -> list[Account]:
    """Return up to `limit` accounts of an area in order of name."""
    statement = (
        _account.where(tables.account.c.area.startswith(area, autoescape=True), tables.account.c.name > after)
        .order_by(tables.account.c.name)
        .limit(limit)
    )
    return [Account(*row) for row in await connection.execute(statement)]


async def add_account(connection: AsyncConnection, account: Account) -> None:
    """Store a new account and its roles."""
    values = account._asdict()
    roles = values.pop("roles")
    await connection.execute(insert(tables.account).values(**values))
    await _add_roles(connection, account.id, roles)


async def save_account(connection: AsyncConnection, account: Account) -> None:
    """Store a changed account as its next version."""
    changed = account._asdict()
    roles = changed.pop("roles")
    changed["version"] = account.version + 1
    statement = update(tables.account).where(
        tables.account.c.id == account.id, tables.account.c.version == account.version
    )
    if (await connection.execute(statement.values(**changed))).rowcount != 1:
        raise StaleVersion
    await connection.execute(
        delete(tables.account_role).where(tables.account_role.c.account_id == account.id)
    )
    await _add_roles(connection, account.id, roles)


async def _add_roles(connection: AsyncConnection, account_id: UUID, roles: Sequence[str]) -> None:
    rows = [{"account_id": account_id, "role": role} for role in sorted(roles)]
    await connection.execute(insert(tables.account_role), rows)


async def count_administrators(connection: AsyncConnection) -> int:
    """Return how many active administrators there are, holding their rows so that two cannot leave at once."""
    statement = (
        select(tables.account.c.id)
        .join(tables.account_role)
        .where(tables.account.c.is_active, tables.account_role.c.role == "administrator")
        .order_by(tables.account.c.id)
        .with_for_update(of=tables.account)
    )
    return len((await connection.execute(statement)).all())


async def has_accounts(connection: AsyncConnection) -> bool:
    """Tell whether any account was ever made."""
    return (await connection.execute(select(tables.account.c.id).limit(1))).one_or_none() is not None


async def claim_first_account(connection: AsyncConnection) -> bool:
    """Hold the right to make the first account; False when another process was quicker."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("gateway.first-account"))))
    return not await has_accounts(connection)


# -- clients


async def find_client(connection: AsyncConnection, name: str) -> Client | None:
    """Return the active client of that name, or None."""
    statement = _client.where(tables.client.c.name == name, tables.client.c.is_active)
    row = (await connection.execute(statement)).one_or_none()
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


# -- sessions


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


# -- guesses


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


# -- what changed, and the clock


async def note_change(unit: UnitOfWork, kind: str, subject_id: UUID, **detail: Any) -> None:
    """Write down who changed what about identities; never a password, a key or a token."""
    await unit.connection.execute(
        insert(tables.identity_change).values(
            id=new_id(),
            changed_at=unit.now,
            actor_id=unit.principal.actor_id,
            kind=kind,
            subject_id=subject_id,
            detail=detail,
        )
    )


async def add_business_date_move(unit: UnitOfWork, *, business_date: date, previous: date) -> int:
    """Store a move of the business date and return its number; moves queue behind one lock."""
    await unit.connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("gateway.business-date"))))
    moves = tables.business_date_move
    last = (await unit.connection.execute(select(func.coalesce(func.max(moves.c.sequence), 0)))).scalar_one()
    sequence: int = last + 1
    await unit.connection.execute(
        insert(moves).values(
            sequence=sequence,
            business_date=business_date,
            previous=previous,
            moved_by=unit.principal.actor_id,
            moved_at=unit.now,
        )
    )
    return sequence


async def keep_business_date(connection: AsyncConnection, business_date: date, at: datetime) -> None:
    """Keep the date for the next start."""
    kept = tables.metadata.tables["business_date"]
    values = {"value": business_date, "set_at": at}
    await connection.execute(
        upsert(kept)
        .values(single=True, **values)
        .on_conflict_do_update(index_elements=["single"], set_=values)
    )


async def purge(connection: AsyncConnection, now: datetime, kept_since: datetime) -> None:
    """Delete what has expired: spent assertions, old guesses, sessions ended long ago."""
    await connection.execute(delete(tables.used_assertion).where(tables.used_assertion.c.expires_at < now))
    await connection.execute(delete(tables.guess).where(tables.guess.c.last_at < kept_since))
    await connection.execute(delete(tables.session).where(tables.session.c.expires_at < kept_since))
