"""Counts of the register as of any day and as known at any moment, computed from its history, never typed in."""

from datetime import date, datetime
from typing import Any

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.values import CATEGORIES, DIBAO, ON_THE_REGISTER
from services.registry.domain.division import division_prefix
from services.registry.schemas import answer

SOURCE = "registry service: versions of its households"
COUNTS = """
WITH content AS (
    SELECT DISTINCT ON (household_id) household_id, area_code, category, persons, moved_out FROM household_version
    WHERE valid_from <= $2 AND ($3::timestamptz IS NULL OR recorded_at < $3)
    ORDER BY household_id, version DESC, moved_out
), standing AS (
    SELECT DISTINCT ON (household_id) household_id, status FROM household_standing
    WHERE since <= $2 AND ($3::timestamptz IS NULL OR recorded_at < $3)
    ORDER BY household_id, version DESC
)
SELECT s.status, c.category, count(*) AS households, sum(c.persons)::bigint AS persons
FROM content AS c JOIN standing AS s USING (household_id)
WHERE starts_with(c.area_code, $1) AND NOT c.moved_out
GROUP BY s.status, c.category
"""


async def statistics(
    unit: UnitOfWork, *, as_of: date | None, recorded_before: datetime | None, area: str | None
) -> answer.Statistics:
    """Count households and people on the register."""
    prefix = unit.principal.area if area is None else division_prefix(area)
    if not prefix.startswith(unit.principal.area):
        raise NotFound
    day = as_of or unit.today
    counted = await unit.driver.fetch(COUNTS, prefix, day, recorded_before)
    active = [row for row in counted if row["status"] in ON_THE_REGISTER]
    dibao = [row for row in active if row["category"] == DIBAO]
    statuses = sorted({row["status"] for row in counted})
    return answer.Statistics(
        as_of=day,
        recorded_before=recorded_before,
        area=prefix,
        population=f"households on the register on {day.isoformat()} in area {prefix or 'any'}, and their people",
        source=SOURCE,
        households=_sum(active, "households"),
        persons=_sum(active, "persons"),
        dibao_households=_sum(dibao, "households"),
        dibao_persons=_sum(dibao, "persons"),
        by_category={
            category: _sum([row for row in active if row["category"] == category], "households")
            for category in CATEGORIES
        },
        by_status={
            status: _sum([row for row in counted if row["status"] == status], "households")
            for status in statuses
        },
    )


def _sum(counted: list[Any], column: str) -> int:
    return sum(row[column] for row in counted)
