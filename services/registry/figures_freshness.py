"""Stale records: households on the register that nobody visited or confirmed for longer than the rule pack allows."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts.values import ON_THE_REGISTER, PRE_EXIT, REGISTERED, RETURNED, VERIFIED
from services.registry import rules
from services.registry.domain.division import division_prefix
from services.registry.domain.exit_criteria import TAKEN_BACK
from services.registry.domain.freshness import add_months
from services.registry.domain.rule_pack import RulePack
from services.registry.schemas import look as answer
from services.registry.store.division import list_villages
from services.registry.store.row import COUNTY_DIGITS

FRESH_RULE = "record-fresh"
# Whoever comes onto the register, stays on it or comes back to it was looked at then; beside that count the visits.
# Nobody looks at a household when its pre-exit is taken back: it only stands as before.
SEEN = f"""
WITH content AS (
    SELECT DISTINCT ON (household_id) household_id, area_code, moved_out FROM household_version
    WHERE valid_from <= $2 ORDER BY household_id, version DESC, moved_out
), standing AS (
    SELECT DISTINCT ON (household_id) household_id, status FROM household_standing
    WHERE since <= $2 ORDER BY household_id, version DESC
), confirmed AS (
    SELECT s.household_id, max(s.since) AS day FROM household_standing AS s
    WHERE s.since <= $2 AND s.status = ANY($4) AND NOT EXISTS (
        SELECT FROM pre_exit AS p JOIN household_standing AS b
            ON b.household_id = p.household_id AND b.status = '{PRE_EXIT}' AND b.since = p.pre_exited_on
        WHERE p.household_id = s.household_id AND p.outcome = '{TAKEN_BACK}' AND p.ended_on = s.since
          AND b.version < s.version
    ) GROUP BY s.household_id
), visited AS (
    SELECT household_id, max(visited_on) AS day FROM visit WHERE visited_on <= $2 AND is_valid GROUP BY household_id
), seen AS (
    SELECT household_id, c.area_code, s.status, greatest(f.day, v.day) AS last_seen_on, m.months
    FROM content AS c JOIN standing AS s USING (household_id) JOIN confirmed AS f USING (household_id)
    JOIN unnest($5::text[], $6::int[]) AS m (county, months) ON m.county = left(c.area_code, 6)
    LEFT JOIN visited AS v USING (household_id)
    WHERE starts_with(c.area_code, $1) AND NOT c.moved_out AND s.status = ANY($3)
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
    unit: UnitOfWork, *, as_of: date | None, area: str | None, cursor: str | None, limit: int
) -> answer.StaleRecords:
    """Return the stale records of an area; the counts stand on the first page."""
    prefix = unit.principal.area if area is None else division_prefix(area)
    if not prefix.startswith(unit.principal.area):
        raise NotFound
    day = as_of or unit.today
    packs = await rules.packs_in_force(unit.driver, day, areas=await list_villages(unit.driver, prefix))
    months = [pack.freshness_months for pack in packs.values()]
    asked = (prefix, day, list(ON_THE_REGISTER), list(LOOKS), list(packs), months)
    (last,) = decode_cursor(cursor, UUID) or (None,)
    found = await unit.driver.fetch(LIST, *asked, last, limit + 1)
    page: Page[answer.StaleRecord] = page_of(
        found, limit, lambda row: _record(row, packs), lambda row: (row["household_id"],)
    )
    counted = await unit.driver.fetch(COUNTS, *asked) if cursor is None else None
    own = await rules.pack_in_force(unit.driver, day, area=prefix)
    counts = None if counted is None else _counts(counted, prefix, day, {prefix: own, **packs})
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


def _counts(counted: list[Any], prefix: str, day: date, packs: Mapping[str, RulePack]) -> answer.Freshness:
    own = packs[prefix]
    return answer.Freshness(
        as_of=day,
        months=own.freshness_months,
        months_by_county={
            area: pack.freshness_months for area, pack in packs.items() if len(area) == COUNTY_DIGITS
        },
        rule_document=own.basis(FRESH_RULE),
        population=f"households on the register on {day.isoformat()} in area {prefix or 'any'}",
        households=sum(row["households"] for row in counted),
        stale=sum(row["stale"] for row in counted),
        by_village={row["area_code"]: row["stale"] for row in counted if row["stale"]},
    )
