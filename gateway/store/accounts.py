"""Accounts and their roles."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.errors import NotFound, StaleVersion
from gateway import tables


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


async def find_account(connection: AsyncConnection, name: str) -> Account | None:
    """Return the account of that name, or None."""
    row = (await connection.execute(_account.where(tables.account.c.name == name))).one_or_none()
    return None if row is None else Account(*row)


async def load_account(connection: AsyncConnection, account_id: UUID) -> Account:
    """Return an account with its row locked; NotFound without one."""
    # First waited for, then read: a statement that waits would join the roles that were held before.
    await connection.execute(
        select(tables.account.c.id).where(tables.account.c.id == account_id).with_for_update()
    )
    row = (await connection.execute(_account.where(tables.account.c.id == account_id))).one_or_none()
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


async def areas_of_administrators(connection: AsyncConnection) -> list[str]:
    """Return each active administrator's area, holding their rows so that two cannot leave at once."""
    administrators = (
        select(tables.account.c.area)
        .join(tables.account_role)
        .where(tables.account.c.is_active, tables.account_role.c.role == "administrator")
    )
    # First waited for, then read: a statement that waits would find whoever was one before.
    await connection.execute(administrators.order_by(tables.account.c.id).with_for_update(of=tables.account))
    return list((await connection.execute(administrators)).scalars())


async def holds_still(connection: AsyncConnection, account: Account) -> bool:
    """Tell whether an account is as it was read, and keep it so until the transaction ends."""
    unchanged = tables.account.c.id == account.id, tables.account.c.version == account.version
    statement = select(tables.account.c.id).where(*unchanged).with_for_update(read=True)
    return (await connection.execute(statement)).one_or_none() is not None


async def has_accounts(connection: AsyncConnection) -> bool:
    """Tell whether any account was ever made."""
    return (await connection.execute(select(tables.account.c.id).limit(1))).one_or_none() is not None


async def claim_first_account(connection: AsyncConnection) -> bool:
    """Hold the right to make the first account; False when another process was quicker."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("gateway.first-account"))))
    return not await has_accounts(connection)
