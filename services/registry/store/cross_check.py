"""Lists of other offices in the database: people by keyed hash, matched in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from chassis.errors import Crossed
from contracts.values import CLOSED, EXPLAINED, WITHDRAWN
from services.registry.domain.cross_check import Resolution
from services.registry.store.scope import whole_register

Driver = asyncpg.Connection

AT_ONCE = 5_000
ADD_LIST = """
INSERT INTO cross_check_list (id, area_code, kind, office, as_of, document_sha256, rows, persons, actor_id, imported_on,
    recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
ADD_ROWS = """
INSERT INTO cross_check_row (list_id, area_code, identity_hash, sealed)
SELECT $1, $2, * FROM unnest($3::bytea[], $4::bytea[])
"""
FIND_LIST = """
SELECT id, area_code, kind, office, as_of, document_sha256, rows, persons, actor_id, imported_on, recorded_at
FROM cross_check_list WHERE id = $1 AND starts_with(area_code, $2)
"""
# Who stands on the list and on the register, and was not matched before.
FOUND = """
SELECT p.id AS person_id, p.household_id, p.area_code, r.sealed, h.version
FROM cross_check_row AS r
JOIN person AS p ON p.identity_hash = r.identity_hash
JOIN household AS h ON h.id = p.household_id
WHERE r.list_id = $1 AND starts_with(p.area_code, $2) AND h.status <> ALL($3::text[])
  AND NOT EXISTS (
      SELECT 1 FROM cross_check_match AS m
      WHERE m.list_id = r.list_id AND m.person_id = p.id AND m.household_id = p.household_id
  )
ORDER BY p.household_id, p.id
"""
LOCK_LIST = "SELECT pg_advisory_xact_lock(hashtextextended('cross-check/' || $1, 0))"
ADD_MATCHES = """
INSERT INTO cross_check_match (list_id, kind, rules_out, matched_on, recorded_at, id, household_id, person_id, area_code,
    sealed)
SELECT $1, $2, $3, $4, $5, * FROM unnest($6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::bytea[])
"""
FIND_MATCH = """
SELECT m.id, m.list_id, m.kind, m.household_id, m.area_code, h.version FROM cross_check_match AS m
JOIN household AS h ON h.id = m.household_id
WHERE m.id = $1 AND starts_with(m.area_code, $2)
"""
# Entering a match waits for whoever moves its household.
ARE_THERE = """
SELECT count(*) = cardinality($1::uuid[]) FROM unnest($1::uuid[], $2::text[]) AS n (id, area_code)
JOIN household AS h ON h.id = n.id AND h.area_code = n.area_code
"""
# Whoever moves a household locks it first, and takes its matches along afterwards.
HOLD_PLACE = "SELECT FROM household WHERE id = $1 FOR KEY SHARE"
_RESOLUTION = (
    "match_id, area_code, number, outcome, reason, actor_id, resolved_on, recorded_at, corrects, corrects_actor_id, "
    "correction_reason"
)
ADD_RESOLUTION = f"""
INSERT INTO cross_check_resolution ({_RESOLUTION}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""  # noqa: S608
RESOLUTIONS = f"""
SELECT {_RESOLUTION} FROM cross_check_resolution WHERE match_id = ANY($1) ORDER BY match_id, number
"""  # noqa: S608
# The resolution of a match `m` that holds: the last.
HOLDING = """
LEFT JOIN LATERAL (
    SELECT outcome, reason, actor_id, resolved_on FROM cross_check_resolution
    WHERE match_id = m.id ORDER BY number DESC LIMIT 1
) AS r ON true
"""
# A match that is not explained; and whoever came onto the register after the newest list of a kind was matched.
RULED_OUT = f"""
SELECT m.household_id FROM cross_check_match AS m {HOLDING}
WHERE m.household_id = ANY($1) AND m.kind = ANY($2::text[]) AND r.outcome IS DISTINCT FROM $3
UNION
SELECT p.household_id FROM person AS p
JOIN cross_check_row AS w ON w.identity_hash = p.identity_hash
JOIN cross_check_list AS l ON l.id = w.list_id AND starts_with(p.area_code, left(l.area_code, 6))
WHERE p.household_id = ANY($1) AND l.kind = ANY($2::text[])
  AND l.as_of = (SELECT max(n.as_of) FROM cross_check_list AS n WHERE n.kind = l.kind AND n.area_code = l.area_code)
  AND NOT EXISTS (
      SELECT 1 FROM cross_check_match AS m
      WHERE m.list_id = l.id AND m.person_id = p.id AND m.household_id = p.household_id
  )
"""  # noqa: S608
MOVE_MATCHES = """
WITH moved AS (UPDATE cross_check_match SET area_code = $2 WHERE household_id = $1 RETURNING id)
UPDATE cross_check_resolution AS r SET area_code = $2 FROM moved WHERE r.match_id = moved.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheckList:
    """One list of an office; its people are rows of their own."""

    id: UUID
    area_code: str
    kind: str
    office: str
    as_of: date
    document_sha256: str
    rows: int
    persons: int
    actor_id: str
    imported_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody of a household who stands on a list."""

    id: UUID
    household_id: UUID
    person_id: UUID
    area_code: str
    household_version: int
    sealed: bytes


async def add_list(
    driver: "Driver[Any]", added: CrossCheckList, hashed: Sequence[tuple[bytes, bytes]]
) -> None:
    """Keep a list with its people, each a keyed hash and what is said of them, sealed."""
    a = added
    await driver.execute(
        ADD_LIST,
        *(a.id, a.area_code, a.kind, a.office, a.as_of, a.document_sha256, a.rows, a.persons),
        *(a.actor_id, a.imported_on, a.recorded_at),
    )
    for first in range(0, len(hashed), AT_ONCE):
        columns = zip(*hashed[first : first + AT_ONCE], strict=True)
        await driver.execute(ADD_ROWS, a.id, a.area_code, *(list(column) for column in columns))


async def find_list(driver: "Driver[Any]", list_id: UUID, *, area: str) -> CrossCheckList | None:
    """Return a list of an area."""
    row = await driver.fetchrow(FIND_LIST, list_id, area)
    return None if row is None else CrossCheckList(**dict(row))


async def lock_list(driver: "Driver[Any]", list_id: UUID) -> None:
    """Let nobody else match a list until the transaction ends."""
    await driver.execute(LOCK_LIST, str(list_id))


async def find_unmatched(driver: "Driver[Any]", list_id: UUID, *, area: str) -> list[Any]:
    """Return the people on file in an area who stand on a list and were not matched before."""
    return list(await driver.fetch(FOUND, list_id, area, [CLOSED, WITHDRAWN]))


async def add_matches(
    driver: "Driver[Any]",
    of: CrossCheckList,
    found: Sequence[Found],
    *,
    rules_out: bool,
    on: date,
    at: datetime,
) -> None:
    """Keep whom a list names."""
    if not found:
        return
    values = [(f.id, f.household_id, f.person_id, f.area_code, f.sealed) for f in found]
    columns = (list(column) for column in zip(*values, strict=True))
    await driver.execute(ADD_MATCHES, of.id, of.kind, rules_out, on, at, *columns)
    if not await driver.fetchval(ARE_THERE, [f.household_id for f in found], [f.area_code for f in found]):
        raise Crossed


async def find_match(driver: "Driver[Any]", match_id: UUID, *, area: str) -> Any:
    """Return a match of an area."""
    return await driver.fetchrow(FIND_MATCH, match_id, area)


async def hold_match(driver: "Driver[Any]", match_id: UUID, *, area: str) -> Any:
    """Return a match of an area, whose household does not move until the transaction ends."""
    seen = await find_match(driver, match_id, area=area)
    if seen is None:
        return None
    await driver.execute(HOLD_PLACE, seen["household_id"])
    return await find_match(driver, match_id, area=area)


async def list_resolutions(driver: "Driver[Any]", match_ids: Iterable[UUID]) -> dict[UUID, list[Resolution]]:
    """Return the resolutions of matches, the one that holds last; open matches are missing."""
    found: dict[UUID, list[Resolution]] = {}
    for row in await driver.fetch(RESOLUTIONS, list(match_ids)):
        found.setdefault(row["match_id"], []).append(Resolution(**dict(row)))
    return found


async def add_resolution(driver: "Driver[Any]", resolution: Resolution) -> None:
    """Keep what became of a match; of two at once the second is refused by the key."""
    r = resolution
    await driver.execute(
        ADD_RESOLUTION,
        *(r.match_id, r.area_code, r.number, r.outcome, r.reason, r.actor_id, r.resolved_on, r.recorded_at),
        *(r.corrects, r.corrects_actor_id, r.correction_reason),
    )


async def open_ruling_out(
    driver: "Driver[Any]", household_ids: Iterable[UUID], kinds: Iterable[str], *, area: str
) -> set[UUID]:
    """Return the households that a list of one of these kinds (`pack.ruled_out_by`) names, not explained so far.

    A household that joined after the newest list was matched counts too. A list is its county's and no township's to
    see, yet it rules out whoever asks: of households that the caller of an area has, the answer says no more than that.
    """
    async with whole_register(driver, area):
        found = await driver.fetch(RULED_OUT, list(household_ids), list(kinds), EXPLAINED)
    return {row["household_id"] for row in found}


async def move_matches(driver: "Driver[Any]", household_id: UUID, village_code: str) -> None:
    """Let a household's matches follow it to another village."""
    await driver.execute(MOVE_MATCHES, household_id, village_code)
