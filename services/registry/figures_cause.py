"""Causes of poverty on the register: as filed, and as the last visit found them; where they differ, a plan fits badly."""

from datetime import date

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.values import ON_THE_REGISTER
from services.registry.domain.division import division_prefix
from services.registry.schemas import look as answer
from services.registry.workbook.codes import CAUSE

COUNTS = """
WITH content AS (
    SELECT DISTINCT ON (household_id) household_id, area_code, moved_out, cause, persons FROM household_version
    WHERE valid_from <= $2 ORDER BY household_id, version DESC, moved_out
), standing AS (
    SELECT DISTINCT ON (household_id) household_id, status FROM household_standing
    WHERE since <= $2 ORDER BY household_id, version DESC
), visited AS (
    SELECT DISTINCT ON (household_id) household_id, cause FROM visit WHERE visited_on <= $2 AND is_valid
    ORDER BY household_id, visited_on DESC, id DESC
)
SELECT c.cause, count(*)::int AS households, sum(c.persons)::int AS persons,
    (count(*) FILTER (WHERE v.cause = c.cause))::int AS confirmed, (count(*) FILTER (WHERE v.cause <> c.cause))::int AS differing
FROM content AS c JOIN standing AS s USING (household_id) LEFT JOIN visited AS v USING (household_id)
WHERE starts_with(c.area_code, $1) AND NOT c.moved_out AND s.status = ANY($3) GROUP BY c.cause ORDER BY c.cause
"""


async def causes(unit: UnitOfWork, *, as_of: date | None, area: str | None) -> answer.Causes:
    """Count households on the register by cause."""
    prefix = unit.principal.area if area is None else division_prefix(area)
    if not prefix.startswith(unit.principal.area):
        raise NotFound
    day = as_of or unit.today
    counted = await unit.driver.fetch(COUNTS, prefix, day, list(ON_THE_REGISTER))
    return answer.Causes(
        as_of=day,
        area=prefix,
        population=f"households on the register on {day.isoformat()} in area {prefix or 'any'}",
        causes=[
            answer.CauseCount(
                cause=row["cause"],
                term=CAUSE.term(row["cause"]),
                households=row["households"],
                persons=row["persons"],
                confirmed_by_visit=row["confirmed"],
                differing_at_visit=row["differing"],
            )
            for row in counted
        ],
    )
