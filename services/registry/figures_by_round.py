"""Rounds counted from the history: each round's households on its last day, beside its opening snapshot."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.registry.figures_lineage import lineage_of
from services.registry.schemas import statistic as answer
from services.registry.store.count import COUNTED, DIGEST, ON_REGISTER, ON_REGISTER_NOW, Asked, Rest

# Each is counted over the whole area, so a page holds few; a county plays four in its years.
MOST = 20
# A round that was closed after the moment was open as far as was known.
ROUNDS = """
SELECT id, kind, number, scope, opened_on, CASE WHEN closed_at < $3 THEN closed_on END AS closed_on FROM round
WHERE (starts_with(scope, $1) OR starts_with($1, scope)) AND opened_on <= $2 AND opened_at < $3
  AND ($4::uuid IS NULL OR id > $4)
ORDER BY id LIMIT $5
"""
# Whoever is on the register of the round's area, against whoever was at its opening: those that moved in or were
# founded meanwhile came, too, though they have no entry.
OF_ROUND = f"""
{COUNTED}, present AS MATERIALIZED (
    SELECT household_id, version, standing, persons FROM counted WHERE {ON_REGISTER_NOW}
), opening AS MATERIALIZED (
    SELECT household_id, opening_persons FROM round_entry
    WHERE round_id = $4 AND opening_persons IS NOT NULL AND starts_with(area_code, $1)
)
SELECT count(persons) AS households, coalesce(sum(persons), 0)::bigint AS persons,
    count(opening_persons) AS opening_households, coalesce(sum(opening_persons), 0)::bigint AS opening_persons,
    count(persons) FILTER (WHERE opening_persons IS NULL) AS added_households,
    coalesce(sum(persons) FILTER (WHERE opening_persons IS NULL), 0)::bigint AS added_persons,
    count(opening_persons) FILTER (WHERE persons IS NULL) AS removed_households,
    coalesce(sum(opening_persons) FILTER (WHERE persons IS NULL), 0)::bigint AS removed_persons,
    (SELECT {DIGEST} FROM present) AS sha256
FROM present FULL JOIN opening USING (household_id)
"""  # noqa: S608 - our own names


async def count_rounds(
    unit: UnitOfWork, asked: Asked, *, after: UUID | None, limit: int, is_settled: bool
) -> list[answer.Group]:
    """Return rounds of an area with their counts there, up to one more than the limit."""
    at = (asked.area, asked.as_of, asked.recorded_before)
    found = await unit.driver.fetch(ROUNDS, *at, after, limit + 1)
    return [await _count_round(unit, asked, one, is_settled=is_settled) for one in found]


async def _count_round(unit: UnitOfWork, asked: Asked, one: Any, *, is_settled: bool) -> answer.Group:
    closed_on = one["closed_on"]
    # One lies inside the other.
    area = max(asked.area, one["scope"], key=len)
    at = replace(asked, area=area, as_of=min(asked.as_of, closed_on or asked.as_of))
    row = await unit.driver.fetchrow(OF_ROUND, at.area, at.as_of, at.recorded_before, one["id"])
    assert row is not None  # noqa: S101 - an aggregate returns one row
    rest = Rest(households=row["households"], persons=row["persons"], sha256=row["sha256"])
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
        lineage=lineage_of(at, ON_REGISTER, rest, is_settled=is_settled),
    )
    return answer.Group(
        key=str(one["id"]),
        name=f"{one['kind']} {one['number']}",
        households=row["households"],
        persons=row["persons"],
        round=counts,
    )
