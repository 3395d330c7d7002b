"""Messages that could not be handled: kept with their cause, in order per key, until an operator decides."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from chassis.bus.port import Message
from chassis.errors import NotFound
from chassis.ids import new_id

HELD = "SELECT DISTINCT topic, key FROM dead_letter WHERE state IN ('parked', 'waiting')"
PARK = """
INSERT INTO dead_letter (id, source, origin, event_id, topic, key, type, payload, cause, attempts, state)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
WHERE NOT EXISTS (
    SELECT 1 FROM dead_letter WHERE source = $2 AND origin = $3 AND state IN ('parked', 'waiting')
) AND NOT EXISTS (SELECT 1 FROM inbox WHERE event_id = $4)
"""
LIST = """
SELECT id, order_no, source, origin, event_id, topic, key, type, cause, attempts, state, parked_at, settled_at, settled_by
FROM dead_letter WHERE ($1::text IS NULL OR state = $1) ORDER BY order_no LIMIT $2
"""
SAME_KEY = """
SELECT id, origin, topic, key, type, payload FROM dead_letter
WHERE state IN ('parked', 'waiting')
  AND (topic, key) = (SELECT topic, key FROM dead_letter WHERE id = $1)
ORDER BY order_no
"""
SETTLE = "UPDATE dead_letter SET state = $2, settled_at = now(), settled_by = $3 WHERE id = $1 AND state IN ('parked', 'waiting')"
FAILED_AGAIN = "UPDATE dead_letter SET state = 'parked', cause = $2, attempts = attempts + 1 WHERE id = $1"


async def held_keys(driver: "asyncpg.Connection[Any]") -> set[tuple[str, str]]:
    """Return (topic, key) of everything that waits: later messages of these keys wait too."""
    return {(row["topic"], row["key"]) for row in await driver.fetch(HELD)}


async def park(
    driver: "asyncpg.Connection[Any]", source: str, message: Message, *, state: str, cause: str, attempts: int
) -> None:
    """Keep a message; parking it twice keeps one."""
    event_id = id_in(message.payload)
    await driver.execute(
        PARK, new_id(), source, message.origin, event_id, message.topic, message.key, message.type,
        message.payload, cause, attempts, state,
    )  # fmt: skip


async def list_dead_letters(
    driver: "asyncpg.Connection[Any]", *, state: str | None = None, limit: int = 100
) -> Sequence[Any]:
    """Return dead letters, oldest first, without their payload."""
    return list(await driver.fetch(LIST, state, limit))


async def waiting_with(driver: "asyncpg.Connection[Any]", letter_id: UUID) -> Sequence[Any]:
    """Return the open letters of the same key, oldest first; NotFound when the letter is not open."""
    rows = list(await driver.fetch(SAME_KEY, letter_id))
    if not any(row["id"] == letter_id for row in rows):
        raise NotFound("No open dead letter has that id.")
    return rows


async def settle(driver: "asyncpg.Connection[Any]", letter_id: UUID, *, state: str, by: str) -> None:
    """Close a letter as replayed or discarded; NotFound when it is not open."""
    if await driver.execute(SETTLE, letter_id, state, by) != "UPDATE 1":
        raise NotFound("No open dead letter has that id.")


async def replay(
    letter_id: UUID, *, by: str, unit_factory: Callable[[], Any], apply: Callable[[Message], Awaitable[None]]
) -> int:
    """Apply the letter and those of its key in order, stopping at the first that fails again; return how many went."""
    from chassis.consumer import cause_of

    async with unit_factory() as unit:
        rows = await waiting_with(unit.driver, letter_id)
    for done, row in enumerate(rows):
        message = Message(row["origin"], row["topic"], row["key"], row["type"], row["payload"])
        try:
            await apply(message)
        except Exception as error:  # noqa: BLE001 - kept with the letter
            async with unit_factory() as unit:
                await unit.driver.execute(FAILED_AGAIN, row["id"], cause_of(error))
            return done
        async with unit_factory() as unit:
            await settle(unit.driver, row["id"], state="replayed", by=by)
    return len(rows)


async def discard(letter_id: UUID, *, by: str, unit_factory: Callable[[], Any]) -> None:
    """Give a letter up; the next of its key can then be replayed."""
    async with unit_factory() as unit:
        await settle(unit.driver, letter_id, state="discarded", by=by)


class _Id(msgspec.Struct):
    id: UUID


def id_in(payload: bytes) -> UUID | None:
    """Return the event id in a payload, None when not even that can be read."""
    try:
        return msgspec.json.decode(payload, type=_Id).id
    except msgspec.MsgspecError:
        return None
