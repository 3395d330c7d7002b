"""Messages that could not be handled: kept with their cause, in order per key, until an operator decides."""

from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from chassis.bus.port import Message
from chassis.errors import NotFound, Unavailable
from chassis.ids import new_id

# The lock makes a replay that settles the last letter of a key wait until what arrives meanwhile stands behind it.
HOLD = """
SELECT topic, key FROM dead_letter WHERE state IN ('parked', 'waiting')
AND (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[])) FOR UPDATE
"""
COUNT = "SELECT count(*) FROM dead_letter WHERE state IN ('parked', 'waiting')"
BEHIND = "waits behind an earlier message of its key"
PARK = """
INSERT INTO dead_letter (id, source, origin, event_id, topic, key, type, payload, cause, attempts, state)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
WHERE NOT EXISTS (
    SELECT 1 FROM dead_letter
    WHERE topic = $5 AND key = $6 AND state IN ('parked', 'waiting')
      AND (event_id = $4 OR (source = $2 AND origin = $3))
) AND NOT EXISTS (SELECT 1 FROM inbox WHERE event_id = $4)
"""
LIST = """
SELECT id, order_no, source, origin, event_id, topic, key, type, cause, attempts, state, parked_at, settled_at, settled_by
FROM dead_letter WHERE ($1::text IS NULL OR state = $1) ORDER BY order_no LIMIT $2
"""
OPEN_OF_KEY = """
SELECT id, origin, topic, key, type, payload FROM dead_letter
WHERE topic = $1 AND key = $2 AND state IN ('parked', 'waiting') ORDER BY order_no
"""
SAME_KEY = """
SELECT id, origin, topic, key, type, payload FROM dead_letter
WHERE state IN ('parked', 'waiting')
  AND (topic, key) = (SELECT topic, key FROM dead_letter WHERE id = $1)
ORDER BY order_no
"""
SETTLE = """
UPDATE dead_letter SET state = $2, settled_at = now(), settled_by = $3
WHERE id = $1 AND state IN ('parked', 'waiting') RETURNING topic, key, event_id
"""
GIVEN_UP = "INSERT INTO inbox (event_id) VALUES ($1) ON CONFLICT DO NOTHING"
NEXT_OF_KEY = """
UPDATE dead_letter SET state = 'parked', cause = 'the one before it was discarded' WHERE id = (
    SELECT id FROM dead_letter WHERE topic = $1 AND key = $2 AND state IN ('parked', 'waiting') ORDER BY order_no LIMIT 1
) AND state = 'waiting'
"""
FAILED_AGAIN = "UPDATE dead_letter SET state = 'parked', cause = $2, attempts = attempts + 1 WHERE id = $1"


async def hold_keys(
    driver: "asyncpg.Connection[Any]", keys: AbstractSet[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return which (topic, key) have open letters, and lock these: later messages of the key wait behind them."""
    if not keys:
        return set()
    columns = ([topic for topic, _ in keys], [key for _, key in keys])
    return {(row["topic"], row["key"]) for row in await driver.fetch(HOLD, *columns)}


async def count_open(driver: "asyncpg.Connection[Any]") -> int:
    """Return how many letters are parked or wait."""
    return int(await driver.fetchval(COUNT))


async def park_waiting(driver: "asyncpg.Connection[Any]", source: str, message: Message) -> None:
    """Keep a message behind the open letters of its key."""
    await park(driver, source, message, state="waiting", cause=BEHIND, attempts=0)


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


async def settle(driver: "asyncpg.Connection[Any]", letter_id: UUID, *, state: str, by: str) -> Any:
    """Close a letter as replayed or discarded and return its topic, key and event; NotFound when it is not open."""
    row = await driver.fetchrow(SETTLE, letter_id, state, by)
    if row is None:
        raise NotFound("No open dead letter has that id.")
    return row


async def replay(
    letter_id: UUID, *, by: str, unit_factory: Callable[[], Any], apply: Callable[[Message], Awaitable[None]]
) -> int:
    """Apply the letter's key in order, with what arrives meanwhile, up to the first that fails; return how many went."""
    async with unit_factory() as unit:
        rows = await waiting_with(unit.driver, letter_id)
    key, done = (rows[0]["topic"], rows[0]["key"]), 0
    while rows:
        for row in rows:
            if not await _applied_again(row, by=by, unit_factory=unit_factory, apply=apply):
                return done
            done += 1
        async with unit_factory() as unit:
            rows = list(await unit.driver.fetch(OPEN_OF_KEY, *key))
    return done


async def _applied_again(
    row: Any, *, by: str, unit_factory: Callable[[], Any], apply: Callable[[Message], Awaitable[None]]
) -> bool:
    message = Message(row["origin"], row["topic"], row["key"], row["type"], row["payload"])
    try:
        await apply(message)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - kept with the letter
        async with unit_factory() as unit:
            await unit.driver.execute(FAILED_AGAIN, row["id"], cause_of(error))
        return False
    async with unit_factory() as unit:
        await settle(unit.driver, row["id"], state="replayed", by=by)
    return True


async def discard(letter_id: UUID, *, by: str, unit_factory: Callable[[], Any]) -> None:
    """Give a letter up, also for when it is delivered again; the next of its key can then be replayed."""
    async with unit_factory() as unit:
        letter = await settle(unit.driver, letter_id, state="discarded", by=by)
        if letter["event_id"] is not None:
            await unit.driver.execute(GIVEN_UP, letter["event_id"])
        await unit.driver.execute(NEXT_OF_KEY, letter["topic"], letter["key"])


def cause_of(error: BaseException) -> str:
    """Return what kind of error it was and where, without its text, which may quote a row."""
    code = getattr(error, "code", None) or getattr(error, "sqlstate", None)
    frames = error.__traceback__
    while frames is not None and frames.tb_next is not None:
        frames = frames.tb_next
    where = f"{frames.tb_frame.f_code.co_name}:{frames.tb_lineno}" if frames is not None else ""
    return " ".join(part for part in (type(error).__name__, str(code or ""), where) if part)


class _Id(msgspec.Struct):
    id: UUID


def id_in(payload: bytes) -> UUID | None:
    """Return the event id in a payload, None when not even that can be read."""
    try:
        return msgspec.json.decode(payload, type=_Id).id
    except msgspec.MsgspecError:
        return None
