"""Stale records: households on the register that nobody visited or confirmed for longer than the rule pack allows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts.values import PRE_EXIT, REGISTERED, RETURNED, VERIFIED
from services.registry import rules
from services.registry.domain.exit_criteria import TAKEN_BACK
from services.registry.domain.freshness import add_months
from services.registry.domain.rule_pack import RulePack
from services.registry.schemas import look as answer
from services.registry.store.count import COUNTED, ON_REGISTER_NOW, VISITED, Asked
from services.registry.store.division import list_villages
from services.registry.store.row import COUNTY_DIGITS

FRESH_RULE = "record-fresh"
# Whoever comes onto the register, stays on it or comes back to it was looked at then; beside that count the visits.
# Nobody looks at a household when its pre-exit is taken back: it only stands as before.
SEEN = f"""
{COUNTED}, {VISITED}, confirmed AS (
    SELECT s.household_id, max(s.since) AS day FROM household_standing AS s
    WHERE s.since <= $2 AND s.recorded_at < $3 AND s.status = ANY($4) AND NOT EXISTS (
        SELECT FROM pre_exit AS p JOIN household_standing AS b
            ON b.household_id = p.household_id AND b.status = '{PRE_EXIT}' AND b.since = p.pre_exited_on
        WHERE p.household_id = s.household_id AND p.outcome = '{TAKEN_BACK}' AND p.ended_on = s.since
          AND b.version < s.version
    ) GROUP BY s.household_id
), seen AS (
    SELECT household_id, c.area_code, c.status, greatest(f.day, v.visited_on) AS last_seen_on, m.months
    FROM counted AS c JOIN confirmed AS f USING (household_id)
    JOIN unnest($5::text[], $6::int[]) AS m (county, months) ON m.county = left(c.area_code, 6)
    LEFT JOIN visited AS v USING (household_id)
    WHERE {ON_REGISTER_NOW}
)
"""  # noqa: S608 - our own words
# The day on which a record is fresh no more follows that of the last look by so many months.
STALE = "(last_seen_on + make_interval(months => months))::date < $2"
COUNTS = f"""
{SEEN} SELECT area_code, count(*)::int AS households, (count(*) FILTER (WHERE {STALE}))::int AS stale
FROM seen GROUP BY area_code ORDER BY area_code
"""  # noqa: S608
LIST = f"""
{SEEN} SELECT s.household_id, h.file_number, s.area_code, s.status, s.last_seen_on
FROM seen AS s JOIN household AS h ON h.id = s.household_id
WHERE {STALE} AND ($7::uuid IS NULL OR s.household_id > $7) ORDER BY s.household_id LIMIT $8
"""  # noqa: S608
# A pre-exit is no look of its own: it rests on a visit.
LOOKS = (REGISTERED, VERIFIED, RETURNED)


async def stale_records(
    unit: UnitOfWork, asked: Asked, *, cursor: str | None, limit: int
) -> answer.StaleRecords:
    """Return the stale records of an area; the counts stand on the first page."""
    villages = await list_villages(unit.driver, asked.area)
    packs = await rules.packs_in_force(unit.driver, asked.as_of, areas=villages)
    months = [pack.freshness_months for pack in packs.values()]
    values = (asked.area, asked.as_of, asked.recorded_before, list(LOOKS), list(packs), months)
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(LIST, *values, last, limit + 1)
    page: Page[answer.StaleRecord] = page_of(
        found, limit, lambda row: _record(row, packs), lambda row: (row["household_id"],)
    )
    counted = await unit.driver.fetch(COUNTS, *values) if cursor is None else None
    own = await rules.pack_in_force(unit.driver, asked.as_of, area=asked.area)
    counts = None if counted is None else _counts(counted, asked, {asked.area: own, **packs})
    return answer.StaleRecords(items=page.items, next=page.next, counts=counts)


def _record(row: Any, packs: Mapping[str, RulePack]) -> answer.StaleRecord:
    pack = packs[row["area_code"][:COUNTY_DIGITS]]
    return answer.StaleRecord(
        household_id=row["household_id"],
        file_number=row["file_number"],
        village_code=row["area_code"],
        status=row["status"],
        last_seen_on=row["last_seen_on"],
        stale_since=add_months(row["last_seen_on"], pack.freshness_months) + timedelta(days=1),
    )


def _counts(counted: list[Any], asked: Asked, packs: Mapping[str, RulePack]) -> answer.Freshness:
    own = packs[asked.area]
    return answer.Freshness(
        as_of=asked.as_of,
        recorded_before=asked.recorded_before,
        months=own.freshness_months,
        months_by_county={
            area: pack.freshness_months for area, pack in packs.items() if len(area) == COUNTY_DIGITS
        },
        rule_document=own.basis(FRESH_RULE),
        population=f"households on the register on {asked.as_of.isoformat()} in area {asked.area or 'any'}",
        households=sum(row["households"] for row in counted),
        stale=sum(row["stale"] for row in counted),
        by_village={row["area_code"]: row["stale"] for row in counted if row["stale"]},
    )
