"""Rounds counted from the history: each round's households on its last day, beside its opening snapshot."""

from dataclasses import replace
from typing import Any

import asyncpg

from services.registry.schemas import statistic as answer
from services.registry.store.count import COUNTED, ON_REGISTER_NOW, Asked

Driver = asyncpg.Connection

# A county plays four rounds in its years; the oldest stand first.
MAX_ROUNDS = 100
ROUNDS = """
SELECT id, kind, number, scope, opened_on, closed_on FROM round
WHERE (starts_with(scope, $1) OR starts_with($1, scope)) AND opened_on <= $2 AND opened_at < $3
ORDER BY id LIMIT $4
"""
# Whoever is on the register of the round's area, against whoever was at its opening: those that moved in or were
# founded meanwhile came, too, though they have no entry.
OF_ROUND = f"""
{COUNTED}, present AS MATERIALIZED (
    SELECT household_id, persons FROM counted WHERE {ON_REGISTER_NOW} AND starts_with(area_code, $5)
), opening AS MATERIALIZED (
    SELECT household_id, opening_persons FROM round_entry
    WHERE round_id = $4 AND opening_persons IS NOT NULL AND starts_with(area_code, $1)
)
SELECT count(persons) AS households, coalesce(sum(persons), 0)::bigint AS persons,
    count(opening_persons) AS opening_households, coalesce(sum(opening_persons), 0)::bigint AS opening_persons,
    count(persons) FILTER (WHERE opening_persons IS NULL) AS added_households,
    coalesce(sum(persons) FILTER (WHERE opening_persons IS NULL), 0)::bigint AS added_persons,
    count(opening_persons) FILTER (WHERE persons IS NULL) AS removed_households,
    coalesce(sum(opening_persons) FILTER (WHERE persons IS NULL), 0)::bigint AS removed_persons
FROM present FULL JOIN opening USING (household_id)
"""  # noqa: S608 - our own names


async def count_rounds(driver: "Driver[Any]", asked: Asked) -> list[answer.Group]:
    """Return every round of an area with its counts there."""
    found = await driver.fetch(ROUNDS, asked.area, asked.as_of, asked.recorded_before, MAX_ROUNDS)
    return [await _count_round(driver, asked, one) for one in found]


async def _count_round(driver: "Driver[Any]", asked: Asked, one: Any) -> answer.Group:
    closed_on = one["closed_on"]
    at = asked if closed_on is None else replace(asked, as_of=min(asked.as_of, closed_on))
    row = await driver.fetchrow(OF_ROUND, at.area, at.as_of, at.recorded_before, one["id"], one["scope"])
    assert row is not None  # noqa: S101 - an aggregate returns one row
    changed = row["persons"] - (row["opening_persons"] + row["added_persons"] - row["removed_persons"])
    counts = answer.RoundCounts(
        kind=one["kind"],
        number=one["number"],
        scope=one["scope"],
        as_of=at.as_of,
        opened_on=one["opened_on"],
        closed_on=closed_on,
        opening_households=row["opening_households"],
        opening_persons=row["opening_persons"],
        added_households=row["added_households"],
        added_persons=row["added_persons"],
        removed_households=row["removed_households"],
        removed_persons=row["removed_persons"],
        changed_persons=changed,
    )
    return answer.Group(
        key=str(one["id"]),
        name=f"{one['kind']} {one['number']}",
        households=row["households"],
        persons=row["persons"],
        round=counts,
    )
