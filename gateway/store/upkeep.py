"""What changed and who changed it, the moves of the business date, and the clean-up."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.events.gateway import BusinessDateSet
from gateway import tables


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


async def add_business_date_move(unit: UnitOfWork, move: BusinessDateSet) -> int:
    """Store a move of the business date and return its number; moves queue behind one lock."""
    await unit.connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("gateway.business-date"))))
    moves = tables.business_date_move
    last = (await unit.connection.execute(select(func.coalesce(func.max(moves.c.sequence), 0)))).scalar_one()
    sequence: int = last + 1
    await unit.connection.execute(
        insert(moves).values(
            sequence=sequence,
            business_date=move.business_date,
            previous=move.previous,
            follows_calendar=move.follows_calendar,
            moved_by=unit.principal.actor_id,
            moved_at=unit.now,
        )
    )
    return sequence


async def keep_business_date(connection: AsyncConnection, business_date: date | None, at: datetime) -> None:
    """Keep the date for the next start; None keeps none, which is the calendar's."""
    kept = tables.metadata.tables["business_date"]
    if business_date is None:
        await connection.execute(delete(kept))
        return
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
