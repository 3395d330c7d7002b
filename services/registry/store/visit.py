"""Visits in the database: many entered in the same statements, each change with its version."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from chassis.crypto import Cipher
from chassis.errors import Crossed
from services.registry.domain.five_checks import Found
from services.registry.domain.visit import Team, Visit
from services.registry.store.scope import whole_register
from services.registry.store.sealed import SealedVisit, open_visit, seal

Driver = asyncpg.Connection

RECORDED, CORRECTED, ANNULLED = "recorded", "corrected", "annulled"

# Who lived in the household on the day; its file may be younger than the visit that led to it.
VISITED = """
SELECT n.position, h.id, h.area_code, h.status, h.version, coalesce(v.persons, h.persons) AS persons
FROM unnest($1::uuid[], $2::date[]) WITH ORDINALITY AS n (id, day, position)
JOIN household AS h ON h.id = n.id AND starts_with(h.area_code, $3)
LEFT JOIN LATERAL (
    SELECT persons FROM household_version
    WHERE household_id = h.id AND valid_from <= n.day AND NOT moved_out ORDER BY version DESC LIMIT 1
) AS v ON true
"""
ADD = """
INSERT INTO visit (id, area_code, village_code, household_id, round_id, visited_on, version, is_valid, checks_complete, persons,
    cause, per_capita_income_fen, recorded_at)
SELECT n.id, n.area_code, n.village_code, n.household_id, n.round_id, n.visited_on, n.version, true, n.checks_complete, n.persons,
    n.cause, n.per_capita_income_fen, n.recorded_at
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::date[], $7::int[], $8::bool[], $9::int[],
    $10::text[], $11::bigint[], $12::timestamptz[])
    AS n (id, area_code, village_code, household_id, round_id, visited_on, version, checks_complete, persons, cause,
          per_capita_income_fen, recorded_at)
"""
SAVE = """
UPDATE visit SET version = $2, is_valid = $3, checks_complete = $4, cause = $5, per_capita_income_fen = $6,
    recorded_at = $7
WHERE id = $1
"""
ADD_VERSIONS = """
INSERT INTO visit_version (visit_id, version, area_code, household_id, kind, reason, actor_id, recorded_at, found, sealed)
SELECT n.visit_id, n.version, n.area_code, n.household_id, $7, $8, $9, n.recorded_at, n.found::jsonb, n.sealed
FROM unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::bytea[], $10::timestamptz[])
    AS n (visit_id, version, area_code, household_id, found, sealed, recorded_at)
"""
ADD_PHOTOS = """
INSERT INTO visit_photo (visit_id, version, photo_sha256, area_code, household_id)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::uuid[])
"""
_VISIT = """
SELECT v.id, v.area_code, v.village_code, v.household_id, v.round_id, v.visited_on, v.version, v.is_valid, v.checks_complete, v.persons,
    v.recorded_at, n.found::text, n.sealed
FROM visit AS v JOIN visit_version AS n ON n.visit_id = v.id AND n.version = v.version
"""
FIND = f"{_VISIT} WHERE v.id = $1 AND starts_with(v.area_code, $2)"
LOCK = "SELECT id FROM visit WHERE id = $1 AND starts_with(area_code, $2) FOR UPDATE"
LOCK_SOME = "SELECT id FROM visit WHERE id = ANY($1) AND starts_with(area_code, $2) ORDER BY id FOR SHARE"
FIND_SOME = f"{_VISIT} WHERE v.id = ANY($1) AND starts_with(v.area_code, $2)"
# The last visit that counts, to a day.
LAST = f"""
{_VISIT} WHERE v.household_id = $1 AND starts_with(v.area_code, $2) AND v.is_valid AND v.visited_on <= $3
ORDER BY v.visited_on DESC, v.id DESC LIMIT 1
"""
LIST = f"""
{_VISIT} WHERE v.household_id = $1 AND starts_with(v.area_code, $2) AND ($3::uuid IS NULL OR v.id > $3)
ORDER BY v.id LIMIT $4
"""
# Another visit of the household in the round that lets its evaluations begin.
OTHER = f"""
{_VISIT} WHERE v.round_id = $1 AND v.household_id = $2 AND v.id <> $3 AND v.is_valid AND v.checks_complete
ORDER BY v.visited_on DESC, v.id DESC LIMIT 1
"""
# Of two that send the same photo for two households, the second waits and sees it. A share of all photos each, in one
# order: a lock for each of thousands would fill the server's table of locks.
LOCK_PHOTOS = """
SELECT pg_advisory_xact_lock(hashtextextended('visit-photo/' || share, 0))
FROM (SELECT DISTINCT left(photo, 2) AS share FROM unnest($1::text[]) AS photo ORDER BY share) AS asked
"""
# A correction may give a photo up, an annulment gives all of them up.
KEPT_ELSEWHERE = """
SELECT DISTINCT n.household_id, n.photo FROM unnest($1::uuid[], $2::text[]) AS n (household_id, photo)
WHERE EXISTS (
    SELECT FROM visit_photo AS p JOIN visit AS v ON v.id = p.visit_id AND v.version = p.version AND v.is_valid
    WHERE p.photo_sha256 = n.photo AND p.household_id <> n.household_id
)
"""
MOVE = """
WITH moved AS (UPDATE visit SET area_code = $2 WHERE household_id = $1 RETURNING id),
versions AS (UPDATE visit_version AS n SET area_code = $2 FROM moved WHERE n.visit_id = moved.id)
UPDATE visit_photo AS p SET area_code = $2 FROM moved WHERE p.visit_id = moved.id
"""
# Entering a visit waits for whoever moves its household.
ARE_THERE = """
SELECT count(*) = cardinality($1::uuid[]) FROM unnest($1::uuid[], $2::text[]) AS n (id, area_code)
JOIN household AS h ON h.id = n.id AND h.area_code = n.area_code
"""
_found = msgspec.json.Decoder(Found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A household that was visited: where it is, how many lived in it on the day, and where its facts stand."""

    household_id: UUID
    village_code: str
    status: str
    persons: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """How a version of visits came about."""

    kind: str
    actor_id: str
    reason: str | None = None


async def list_visited(
    driver: "Driver[Any]", visits: Sequence[tuple[UUID, date]], *, area: str
) -> dict[int, Visited]:
    """Return the households of visits by the visit's place in the list; those outside the area are missing."""
    ids, days = zip(*visits, strict=True)
    rows = await driver.fetch(VISITED, list(ids), list(days), area)
    return {
        row["position"] - 1: Visited(
            household_id=row["id"],
            village_code=row["area_code"],
            status=row["status"],
            persons=row["persons"],
            version=row["version"],
        )
        for row in rows
    }


async def add_visits(driver: "Driver[Any]", visits: Sequence[Visit], cipher: Cipher, actor_id: str) -> None:
    """Enter visits, each with its first version."""
    if not visits:
        return
    rows = [
        (
            *(v.id, v.area_code, v.village_code, v.household_id, v.round_id, v.visited_on, v.version),
            *(v.checks_complete, v.persons, v.found.cause, v.per_capita_income_fen, v.recorded_at),
        )
        for v in visits
    ]
    await driver.execute(ADD, *_columns(rows))
    if not await driver.fetchval(ARE_THERE, [v.household_id for v in visits], [v.area_code for v in visits]):
        raise Crossed
    await _add_versions(driver, visits, cipher, Stated(kind=RECORDED, actor_id=actor_id))


async def move_visits(driver: "Driver[Any]", household_id: UUID, village_code: str) -> None:
    """Let a household's visits follow it to another village, with their versions and photos."""
    await driver.execute(MOVE, household_id, village_code)


async def list_kept_elsewhere(
    driver: "Driver[Any]", asked: Sequence[tuple[UUID, str]], *, area: str
) -> set[tuple[UUID, str]]:
    """Return which of these photos of households another household has already, wherever it lives; never whose.

    Nobody else asks for the same photos until the transaction ends.
    """
    households, photos = zip(*asked, strict=True)
    await driver.execute(LOCK_PHOTOS, list(photos))
    async with whole_register(driver, area):
        found = await driver.fetch(KEPT_ELSEWHERE, list(households), list(photos))
    return {(row["household_id"], row["photo"]) for row in found}


async def save_visit(driver: "Driver[Any]", visit: Visit, cipher: Cipher, stated: Stated) -> None:
    """Store a visit that was corrected or annulled, as another version."""
    await driver.execute(
        SAVE,
        *(visit.id, visit.version, visit.is_valid, visit.checks_complete, visit.found.cause),
        *(visit.per_capita_income_fen, visit.recorded_at),
    )
    await _add_versions(driver, [visit], cipher, stated)


async def find_visit(driver: "Driver[Any]", visit_id: UUID, cipher: Cipher, *, area: str) -> Visit | None:
    """Return a visit to a household of an area."""
    row = await driver.fetchrow(FIND, visit_id, area)
    return None if row is None else visit_of(row, cipher)


async def lock_visit(driver: "Driver[Any]", visit_id: UUID, cipher: Cipher, *, area: str) -> Visit | None:
    """Return a visit, locked until the transaction ends."""
    # First waited for, then read: a statement that waits would join what the visit said before, and find nothing.
    await driver.execute(LOCK, visit_id, area)
    return await find_visit(driver, visit_id, cipher, area=area)


async def lock_visits(
    driver: "Driver[Any]", visit_ids: Iterable[UUID], cipher: Cipher, *, area: str
) -> dict[UUID, Visit]:
    """Return visits of an area as they stay until the transaction ends; others are missing."""
    ids = list(visit_ids)
    # First waited for, then read: a statement that waits would join what a visit said before.
    await driver.execute(LOCK_SOME, ids, area)
    return {row["id"]: visit_of(row, cipher) for row in await driver.fetch(FIND_SOME, ids, area)}


async def find_last_visit(
    driver: "Driver[Any]", household_id: UUID, cipher: Cipher, *, area: str, on: date
) -> Visit | None:
    """Return the last visit to a household that counts, on a day or before it."""
    row = await driver.fetchrow(LAST, household_id, area, on)
    return None if row is None else visit_of(row, cipher)


async def list_visits(
    driver: "Driver[Any]", household_id: UUID, cipher: Cipher, *, area: str, after: UUID | None, limit: int
) -> list[Visit]:
    """Return visits to a household in the order they were recorded, those that count for nothing too."""
    rows = await driver.fetch(LIST, household_id, area, after, limit)
    return [visit_of(row, cipher) for row in rows]


async def find_other_complete(driver: "Driver[Any]", visit: Visit, cipher: Cipher) -> Visit | None:
    """Return the last other visit of the household in the same round whose five checks are complete."""
    row = await driver.fetchrow(OTHER, visit.round_id, visit.household_id, visit.id)
    return None if row is None else visit_of(row, cipher)


def visit_of(row: Any, cipher: Cipher) -> Visit:
    """Return a visit from its row, opened."""
    private = open_visit(cipher, row["sealed"])
    return Visit(
        id=row["id"],
        household_id=row["household_id"],
        village_code=row["village_code"],
        area_code=row["area_code"],
        round_id=row["round_id"],
        visited_on=row["visited_on"],
        version=row["version"],
        is_valid=row["is_valid"],
        persons=row["persons"],
        found=_found.decode(row["found"]),
        team=Team(members=private.members, latitude=private.latitude, longitude=private.longitude),
        checks_complete=row["checks_complete"],
        recorded_at=row["recorded_at"],
    )


async def _add_versions(
    driver: "Driver[Any]", visits: Sequence[Visit], cipher: Cipher, stated: Stated
) -> None:
    rows = [
        (
            *(v.id, v.version, v.area_code, v.household_id, msgspec.json.encode(v.found).decode()),
            _sealed(v.team, cipher),
        )
        for v in visits
    ]
    await driver.execute(
        ADD_VERSIONS,
        *_columns(rows),
        *(stated.kind, stated.reason, stated.actor_id, [visit.recorded_at for visit in visits]),
    )
    photos = [
        (v.id, v.version, photo, v.area_code, v.household_id) for v in visits for photo in v.found.photos
    ]
    await driver.execute(ADD_PHOTOS, *_columns(photos))


def _sealed(team: Team, cipher: Cipher) -> bytes:
    return seal(cipher, SealedVisit(team.members, team.latitude, team.longitude))


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
