"""Causes of poverty on the register: as filed, and as the last visit found them; where they differ, a plan fits badly."""

from chassis.unit_of_work import UnitOfWork
from services.registry.schemas import look as answer
from services.registry.store.count import COUNTED, ON_REGISTER_NOW, VISITED, Asked
from services.registry.workbook.codes import CAUSE

COUNTS = f"""
{COUNTED}, {VISITED}
SELECT c.cause, count(*)::int AS households, sum(c.persons)::int AS persons,
    (count(*) FILTER (WHERE v.cause = c.cause))::int AS confirmed, (count(*) FILTER (WHERE v.cause <> c.cause))::int AS differing
FROM counted AS c LEFT JOIN visited AS v USING (household_id)
WHERE {ON_REGISTER_NOW} GROUP BY c.cause ORDER BY c.cause
"""  # noqa: S608 - our own code


async def causes(unit: UnitOfWork, asked: Asked) -> answer.Causes:
    """Count households on the register by cause."""
    counted = await unit.driver.fetch(COUNTS, asked.area, asked.as_of, asked.recorded_before)
    day = asked.as_of
    return answer.Causes(
        as_of=day,
        recorded_before=asked.recorded_before,
        area=asked.area,
        population=f"households on the register on {day.isoformat()} in area {asked.area or 'any'}",
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
