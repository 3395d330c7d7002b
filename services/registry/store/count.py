"""Households counted as of a day and as known before a moment, from the history alone, with a digest of the versions
that each count rests on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from contracts.values import DIBAO, GENERAL, ON_THE_REGISTER, WUBAO
from services.registry.workbook.codes import DISABLED

Driver = asyncpg.Connection

TOWNSHIP: Final = "township"
VILLAGE: Final = "village"
CATEGORY: Final = "category"
STATUS: Final = "status"
CAUSE: Final = "cause"
GROUPS: Final[Mapping[str | None, str]] = {
    None: "''",
    TOWNSHIP: "left(area_code, 9) || '000'",
    VILLAGE: "area_code",
    CATEGORY: "category",
    STATUS: "status",
    CAUSE: "cause",
}

# Of all versions that speak of the day and were recorded before the moment, the last one answers. Each table is read
# once and sorted, so the cost of a household is the same in a village and in a province.
COUNTED = """
WITH content AS (
    SELECT DISTINCT ON (household_id) household_id, version, area_code, category, cause, persons, moved_out
    FROM household_version WHERE valid_from <= $2 AND recorded_at < $3
    ORDER BY household_id, version DESC, moved_out
), standing AS (
    SELECT DISTINCT ON (household_id) household_id, version, status FROM household_standing
    WHERE since <= $2 AND recorded_at < $3
    ORDER BY household_id, version DESC
), counted AS MATERIALIZED (
    SELECT c.household_id, c.version, s.version AS standing, c.area_code, c.category, c.cause, c.persons, s.status
    FROM content AS c JOIN standing AS s USING (household_id)
    WHERE starts_with(c.area_code, $1) AND NOT c.moved_out
)
"""
ON_REGISTER_NOW = f"status IN ({', '.join(repr(state) for state in sorted(ON_THE_REGISTER))})"
WITH_DISABLED = f"""EXISTS (
    SELECT FROM member_version AS m
    WHERE m.household_id = counted.household_id AND m.version = counted.version AND m.health = '{DISABLED}'
)"""
# Rows of the same shape as a population's: so many disabled people, told in one snapshot with the others.
DISABLED_PERSONS = f"""
SELECT NULL, NULL, 'disabled-persons', 0, count(*), '' FROM counted
JOIN member_version AS m ON m.household_id = counted.household_id AND m.version = counted.version
WHERE m.health = '{DISABLED}' AND {ON_REGISTER_NOW}
"""  # noqa: S608 - our own code

# Beside COUNTED: of each household the last visit that counts, as the versions known then speak of it.
VISITED = """
known AS (
    SELECT DISTINCT ON (visit_id) visit_id, household_id, kind, found ->> 'cause' AS cause FROM visit_version
    WHERE recorded_at < $3 ORDER BY visit_id, version DESC
), visited AS (
    SELECT DISTINCT ON (k.household_id) k.household_id, v.visited_on, k.cause
    FROM known AS k JOIN visit AS v ON v.id = k.visit_id
    WHERE k.kind <> 'annulled' AND v.visited_on <= $2 ORDER BY k.household_id, v.visited_on DESC, v.id DESC
)
"""

EVERY_STATE: Final = "every-state"
ON_REGISTER: Final = "on-register"
WITH_DISABLED_PERSON: Final = "with-disabled-person"
DISABLED_PERSONS_COUNTED: Final = "disabled-persons"
POPULATIONS: Final[Mapping[str, str]] = {
    EVERY_STATE: "true",
    ON_REGISTER: ON_REGISTER_NOW,
    GENERAL: f"{ON_REGISTER_NOW} AND category = '{GENERAL}'",
    DIBAO: f"{ON_REGISTER_NOW} AND category = '{DIBAO}'",
    WUBAO: f"{ON_REGISTER_NOW} AND category = '{WUBAO}'",
    WITH_DISABLED_PERSON: f"{ON_REGISTER_NOW} AND {WITH_DISABLED}",
}
# One line a household, sorted: whoever pages through the lineage can add up the same digest.
DIGEST = """
encode(sha256(convert_to(coalesce(string_agg(
    household_id || ' ' || version || ' ' || standing || chr(10), '' ORDER BY household_id), ''), 'UTF8')), 'hex')
"""
# Read before the count: a transaction that has ended by then is in it, one that has not may still add to what was known.
IS_SETTLED = """
SELECT NOT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND xact_start < $1
)
"""
# A page looks at so many households in the order of their ids, whichever of them belong to the population.
PAGE = f"""
WITH following AS MATERIALIZED (
    SELECT DISTINCT household_id FROM household_version
    WHERE starts_with(area_code, $1)
      AND household_id > coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'::uuid)
    ORDER BY household_id LIMIT $5
), counted AS MATERIALIZED (
    SELECT b.household_id, v.version, s.version AS standing, v.area_code, v.category, v.cause, v.persons, s.status,
        v.file_number, v.valid_from, s.since, starts_with(v.area_code, $1) AND NOT v.moved_out AS is_there
    FROM following AS b
    LEFT JOIN LATERAL (
        SELECT version, area_code, category, cause, persons, file_number, valid_from, moved_out FROM household_version
        WHERE household_id = b.household_id AND valid_from <= $2 AND recorded_at < $3
        ORDER BY version DESC, moved_out LIMIT 1
    ) AS v ON true
    LEFT JOIN LATERAL (
        SELECT version, status, since FROM household_standing
        WHERE household_id = b.household_id AND since <= $2 AND recorded_at < $3
        ORDER BY version DESC LIMIT 1
    ) AS s ON true
)
SELECT household_id, version, standing, area_code, category, cause, persons, status, file_number, valid_from, since,
    {ON_REGISTER_NOW} AS is_on_register, is_there AND status IS NOT NULL AND %s AS is_counted
FROM counted ORDER BY household_id
"""  # noqa: S608 - our own code


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which households a count is about: those of an area on a day, as known before a moment."""

    area: str
    as_of: date
    recorded_before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Households of one state, category and group."""

    status: str
    category: str
    key: str
    households: int
    persons: int

    @property
    def is_on_register(self) -> bool:
        """Whether they count as registered poor."""
        return self.status in ON_THE_REGISTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What a count rests on: so many households, and the digest of their versions."""

    households: int
    persons: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one statement counted, all from one snapshot."""

    groups: list[Group]
    rests: dict[str, Rest]


async def tally(
    driver: "Driver[Any]", asked: Asked, *, group: str | None = None, populations: Sequence[str]
) -> Tally:
    """Count the households of an area by state, category and group, and sum up what each population rests on."""
    found = await driver.fetch(_statement(group, populations), asked.area, asked.as_of, asked.recorded_before)
    return Tally(
        groups=[
            Group(
                status=row["status"],
                category=row["category"],
                key=row["key"],
                households=row["households"],
                persons=row["persons"],
            )
            for row in found
            if row["sha256"] is None
        ],
        rests={
            row["key"]: Rest(households=row["households"], persons=row["persons"], sha256=row["sha256"])
            for row in found
            if row["sha256"] is not None
        },
    )


async def is_settled(driver: "Driver[Any]", moment: datetime) -> bool:
    """Tell whether every command that began before a moment has ended."""
    return bool(await driver.fetchval(IS_SETTLED, moment))


async def list_counted(
    driver: "Driver[Any]", asked: Asked, population: str, *, after: UUID | None, limit: int
) -> list[Any]:
    """Return households of a population in the order of their ids, up to one more than the limit."""
    statement = PAGE % f"({POPULATIONS[population]})"
    found: list[Any] = []
    while len(found) <= limit:
        batch = await driver.fetch(
            statement, asked.area, asked.as_of, asked.recorded_before, after, limit + 1
        )
        found += [row for row in batch if row["is_counted"]]
        if len(batch) <= limit:
            break
        after = batch[-1]["household_id"]
    return found[: limit + 1]


def _statement(group: str | None, populations: Sequence[str]) -> str:
    counts = f"""
        SELECT status, category, {GROUPS[group]} AS key, count(*) AS households, sum(persons)::bigint AS persons,
            NULL AS sha256
        FROM counted GROUP BY 1, 2, 3
    """  # noqa: S608 - our own names
    rests = [
        f"""
        SELECT NULL, NULL, '{population}', count(*), coalesce(sum(persons), 0)::bigint, {DIGEST}
        FROM counted WHERE {POPULATIONS[population]}
        """  # noqa: S608 - our own names
        for population in populations
    ]
    disabled = [DISABLED_PERSONS] if WITH_DISABLED_PERSON in populations else []
    return COUNTED + " UNION ALL ".join([counts, *rests, *disabled])
