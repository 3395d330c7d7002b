"""Determinations in the database: who made which over a village, and what each did to every household."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.registry.domain.determination import DETERMINATION_OUTCOMES, Determination, Determined

Driver = asyncpg.Connection

EARLIER = """
SELECT area_code, determination FROM determiner
WHERE round_id = $1 AND actor_id = $2 AND area_code = ANY($3)
"""
ADD = """
INSERT INTO determination (id, round_id, determination, area, determined_on, actor_id, document, confirmed,
    turned_down, sent_back, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
# The same person may make the same determination again; another one fails on the key of the villages below.
ADD_DETERMINER = """
INSERT INTO determiner (round_id, area_code, actor_id, determination)
SELECT $1, village, $2, $3 FROM unnest($4::text[]) AS village ON CONFLICT DO NOTHING
"""
ADD_VILLAGES = """
INSERT INTO determination_village (determination_id, area_code, round_id, actor_id, determination)
SELECT $1, village, $2, $3, $4 FROM unnest($5::text[]) AS village
"""
ADD_ENTRIES = """
INSERT INTO determination_entry (determination_id, household_id, area_code, proposal, outcome, reason)
SELECT $1, n.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) AS n
"""


async def list_earlier(driver: "Driver[Any]", made: Determination, villages: Iterable[str]) -> dict[str, str]:
    """Return which determination a person has made in this round over each of the villages."""
    found = await driver.fetch(EARLIER, made.round_id, made.actor_id, list(villages))
    return {row["area_code"]: row["determination"] for row in found}


async def add_determination(
    driver: "Driver[Any]",
    made: Determination,
    determined: Sequence[Determined],
    *,
    document: str,
    counts: Mapping[str, int],
    at: datetime,
) -> None:
    """Enter a determination with its villages and households."""
    d = made
    villages = villages_of(determined)
    await driver.execute(
        ADD,
        *(d.id, d.round_id, d.kind, d.area, d.determined_on, d.actor_id, document),
        *(counts[outcome] for outcome in DETERMINATION_OUTCOMES),
        at,
    )
    await driver.execute(ADD_DETERMINER, d.round_id, d.actor_id, d.kind, villages)
    await driver.execute(ADD_VILLAGES, d.id, d.round_id, d.actor_id, d.kind, villages)
    rows = [
        (each.before.household_id, each.before.village_code, each.before.proposal, each.outcome, each.reason)
        for each in determined
    ]
    await driver.execute(ADD_ENTRIES, d.id, *(list(column) for column in zip(*rows, strict=True)))


def villages_of(determined: Iterable[Determined]) -> list[str]:
    """Return the villages that a determination reached."""
    return sorted({each.before.village_code for each in determined})
