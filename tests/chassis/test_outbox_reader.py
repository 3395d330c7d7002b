"""The snapshot pair loses and reorders nothing where the usual cursor loses; a poll is quick under a held snapshot."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest

from chassis.database import plain_dsn
from chassis.outbox_reader import READER_SETTINGS, OutboxReader, OutboxRestored, SnapshotPosition
from tests.chassis.bus.world import toy_dsn
from tests.chassis.toy import TOY
from tests.kit import Harness, HarnessFactory

INSERT = """
INSERT INTO toy.outbox (event_id, topic, key, aggregate_type, aggregate_id, type, payload)
SELECT gen_random_uuid(), $2, $3, 'note', $3, 'toy.note-written.v1', '' FROM generate_series(1, $1)
"""


@pytest.fixture
async def toy(harness_for: HarnessFactory) -> AsyncIterator[Harness]:
    async with harness_for(TOY) as harness:
        yield harness


async def connect(toy: Harness) -> "asyncpg.Connection[Any]":
    return await asyncpg.connect(plain_dsn(toy.admin_url))


async def reading(toy: Harness) -> "asyncpg.Connection[Any]":
    return await asyncpg.connect(toy_dsn(toy), server_settings=dict(READER_SETTINGS))


async def drained(
    connection: "asyncpg.Connection[Any]", reader: OutboxReader, position: SnapshotPosition, limit: int
) -> tuple[list[int], SnapshotPosition]:
    ids: list[int] = []
    while True:
        rows, position = await reader.read(connection, position, limit)
        ids.extend(row["id"] for row in rows)
        if not rows:
            return ids, position


async def write_slowly(
    connection: "asyncpg.Connection[Any]", keys: Sequence[str], chance: random.Random
) -> None:
    for _ in range(60):
        key = chance.choice(keys)
        async with connection.transaction():
            # What the product does with the aggregate's row: one writer per key at a time.
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext($1))", key)
            await connection.execute(INSERT, chance.randint(1, 3), "toy.note", key)
            await asyncio.sleep(chance.random() * 0.01)


async def naive(connection: "asyncpg.Connection[Any]", last: int, limit: int) -> tuple[list[Any], int]:
    rows = await connection.fetch("SELECT id FROM toy.outbox WHERE id > $1 ORDER BY id LIMIT $2", last, limit)
    return list(rows), rows[-1]["id"] if rows else last


async def test_nothing_is_lost_or_reordered_where_the_usual_cursor_loses(toy: Harness) -> None:
    chance = random.Random(20160601)  # noqa: S311 - a fixed course of events
    writers = [await connect(toy) for _ in range(12)]
    keys = [f"k{number}" for number in range(9)]
    work = [asyncio.create_task(write_slowly(one, keys, chance)) for one in writers]
    connection, beside = await reading(toy), await reading(toy)
    reader, position, last = OutboxReader(), SnapshotPosition(), 0
    seen: list[Any] = []
    seen_by_naive: list[int] = []

    is_over = False
    while not is_over:
        is_over = all(task.done() for task in work)
        rows, position = await reader.read(connection, position, 20)
        seen.extend(rows)
        found, last = await naive(beside, last, 20)
        seen_by_naive.extend(row["id"] for row in found)
        is_over = is_over and not rows
    written = [row["id"] for row in await toy.sql("SELECT id FROM toy.outbox ORDER BY id")]
    for one in (*writers, connection, beside):
        await one.close()

    assert sorted(row["id"] for row in seen) == written
    for key in keys:
        of_key = [row["id"] for row in seen if row["key"] == key]
        assert of_key == sorted(of_key)
    assert len(seen_by_naive) < len(written), "the control lost nothing: this test proves nothing"


async def test_a_backlog_comes_in_chunks_and_a_position_survives_as_text(toy: Harness) -> None:
    writer, connection = await connect(toy), await reading(toy)
    await writer.execute(INSERT, 950, "toy.note", "k")
    reader = OutboxReader()

    first, position = await reader.read(connection, SnapshotPosition(), 100)
    await writer.execute(INSERT, 30, "toy.note", "k")
    rest, position = await drained(connection, reader, SnapshotPosition.parse(str(position)), 100)
    later, _ = await drained(connection, reader, position, 100)

    assert [row["id"] for row in first] + rest + later == list(range(1, 981))
    await writer.close()
    await connection.close()


async def test_what_commits_late_is_read_late_and_once(toy: Harness) -> None:
    late, writer, connection = await connect(toy), await connect(toy), await reading(toy)
    reader = OutboxReader()
    transaction = late.transaction()
    await transaction.start()
    await late.execute(INSERT, 2, "toy.note", "late")
    await writer.execute(INSERT, 300, "toy.note", "early")

    before, position = await drained(connection, reader, SnapshotPosition(), 50)
    await transaction.commit()
    after, position = await drained(connection, reader, position, 50)
    nothing, _ = await drained(connection, reader, position, 50)

    assert (before, after, nothing) == (list(range(3, 303)), [1, 2], [])
    for one in (late, writer, connection):
        await one.close()


async def test_a_rolled_back_row_is_never_read(toy: Harness) -> None:
    writer, connection = await connect(toy), await reading(toy)
    transaction = writer.transaction()
    await transaction.start()
    await writer.execute(INSERT, 5, "toy.note", "k")
    reader = OutboxReader()
    _, position = await reader.read(connection, SnapshotPosition(), 10)
    await transaction.rollback()

    rows, _ = await reader.read(connection, position, 10)

    assert rows == []
    await writer.close()
    await connection.close()


async def test_only_the_topics_asked_for_are_read(toy: Harness) -> None:
    writer, connection = await connect(toy), await reading(toy)
    for topic in ("a", "b", "a", "c"):
        await writer.execute(INSERT, 40, topic, "k")

    ids, position = await drained(connection, OutboxReader(topics=["a"]), SnapshotPosition(), 25)
    depth, age = await OutboxReader(topics=["b"]).backlog(connection, SnapshotPosition())

    assert ids == [*range(1, 41), *range(81, 121)]
    assert await OutboxReader().backlog(connection, position) == (0, 0.0)
    assert depth == 40
    assert age > 0
    await writer.close()
    await connection.close()


async def test_the_index_answers_without_statistics_and_under_a_held_snapshot(toy: Harness) -> None:
    writer, holder, connection = await connect(toy), await connect(toy), await reading(toy)
    await writer.execute("ALTER TABLE toy.outbox SET (autovacuum_enabled = false)")
    await writer.execute(INSERT, 20_000, "toy.note", "k")
    hold = holder.transaction()
    await hold.start()
    await holder.execute("SELECT pg_current_xact_id()")
    _, position = await drained(connection, OutboxReader(), SnapshotPosition(), 2000)
    for _ in range(20):
        await writer.execute(INSERT, 500, "toy.note", "k")
    _, position = await drained(connection, OutboxReader(), position, 2000)

    reader = OutboxReader()
    plan = await connection.fetch(
        f"EXPLAIN (ANALYZE, FORMAT TEXT) {reader._fresh}",
        *position.unseen(),
        None,
        2001,
    )
    text = "\n".join(row[0] for row in plan)

    assert "Seq Scan" not in text
    assert "rows=10000" not in text
    assert "Rows Removed by Filter" not in text
    await hold.rollback()
    for one in (writer, holder, connection):
        await one.close()


async def test_a_position_ahead_of_the_server_is_refused(toy: Harness) -> None:
    connection = await reading(toy)

    with pytest.raises(OutboxRestored):
        await OutboxReader().read(connection, SnapshotPosition(lower="999999999:999999999:"), 10)

    await connection.close()
