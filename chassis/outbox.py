"""Writing facts: each is one row of the outbox, committed with the state it tells of."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg


class OutboxRow(NamedTuple):
    """One fact, encoded, in the order of the table's columns."""

    event_id: UUID
    topic: str
    key: str
    aggregate_type: str
    aggregate_id: str
    type: str
    payload: bytes


COLUMNS = OutboxRow._fields
COPY_FROM = 200

INSERT_ONE = """
INSERT INTO outbox (event_id, topic, key, aggregate_type, aggregate_id, type, payload)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
INSERT_MANY = """
INSERT INTO outbox (event_id, topic, key, aggregate_type, aggregate_id, type, payload)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])
"""


async def append(driver: "asyncpg.Connection[Any]", rows: Sequence[OutboxRow]) -> None:
    """Append rows in order inside the driver's current transaction."""
    if not rows:
        return
    if len(rows) == 1:
        await driver.execute(INSERT_ONE, *rows[0])
    elif len(rows) < COPY_FROM:
        await driver.execute(INSERT_MANY, *(list(column) for column in zip(*rows, strict=True)))
    else:
        await driver.copy_records_to_table("outbox", records=rows, columns=COLUMNS)
