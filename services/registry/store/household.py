"""Households in the database: one entered in one statement, many by COPY, each change with its version."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from chassis.crypto import Cipher
from contracts.values import CLOSED
from services.registry.domain.household import Household
from services.registry.store import row as rows
from services.registry.store.cross_check import move_matches
from services.registry.store.key import address_key
from services.registry.store.pre_exit import move_pre_exits
from services.registry.store.row import Filed, Trace
from services.registry.store.visit import move_visits

Driver = asyncpg.Connection

CURRENT = ", ".join(rows.HOUSEHOLD_COLUMNS)
LOCK = f"""
SELECT {CURRENT} FROM household
WHERE id = ANY($1) AND starts_with(area_code, $2) ORDER BY id FOR UPDATE
"""  # noqa: S608
LOCK_OF_CHANGE_SET = f"""
SELECT {CURRENT} FROM household WHERE change_set_id = $1 ORDER BY id FOR UPDATE
"""  # noqa: S608
SAVE = """
UPDATE household AS h SET area_code = n.area_code, county_code = left(n.area_code, 6), file_number = n.file_number,
    status = n.status, status_since = n.status_since, category = n.category, persons = n.persons, version = n.version,
    content_version = n.content_version, village_since = n.village_since, recorded_at = n.recorded_at
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::int[], $8::int[], $9::int[],
    $10::date[], $11::timestamptz[])
    AS n (id, area_code, file_number, status, status_since, category, persons, version, content_version,
          village_since, recorded_at)
WHERE h.id = n.id
"""
ADD_STANDINGS = f"""
INSERT INTO household_standing ({", ".join(rows.STANDING_COLUMNS)})
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[], $8::uuid[],
    $9::timestamptz[])
"""  # noqa: S608
# A closed file takes no more versions: its last one is the closing.
CLOSED_FOR = """
SELECT h.id, s.reason FROM household AS h
JOIN household_standing AS s ON s.household_id = h.id AND s.version = h.version AND s.status = h.status
WHERE h.id = ANY($1) AND h.status = $2
"""
_VERSION = ", ".join(rows.VERSION_COLUMNS)
_MEMBER = ", ".join(rows.MEMBER_COLUMNS)


_V = ", ".join(f"${number}" for number in range(1, 23))


def _typed(first: int, types: str) -> str:
    return ", ".join(f"${first + offset}::{kind}" for offset, kind in enumerate(types.split()))


_HOUSEHOLD_TYPES = "uuid text text text text date text int int int date uuid timestamptz bytea"
_VERSION_TYPES = (
    "uuid int bool text date timestamptz text uuid text text text text text text int int "
    "bigint bigint bigint bigint bigint bytea"
)
_MEMBER_TYPES = "uuid[] int[] int[] text[] uuid[] bytea[] bytea[] text[] text[] text[] text[] text[] text[] text[] text[] bool[]"
_VERSION_FROM = 1 + len(rows.NEW_HOUSEHOLD_COLUMNS)
_MEMBERS_FROM = _VERSION_FROM + len(rows.VERSION_COLUMNS)
_KEYS_FROM = _MEMBERS_FROM + len(rows.MEMBER_COLUMNS)

# Registration day: one round trip for a household, its people and its history. No village, no row.
ADD_ONE = f"""
WITH h AS (
    INSERT INTO household ({", ".join(rows.NEW_HOUSEHOLD_COLUMNS)})
    SELECT {_typed(1, _HOUSEHOLD_TYPES)} FROM division WHERE code = $2 AND level = 'village' RETURNING id
), v AS (
    INSERT INTO household_version ({_VERSION})
    SELECT {_typed(_VERSION_FROM, _VERSION_TYPES)} FROM h
), s AS (
    INSERT INTO household_standing ({", ".join(rows.STANDING_COLUMNS)})
    SELECT $1::uuid, $9::int, $2::text, $5::text, $6::date, NULL, ${_VERSION_FROM + 6}::text, NULL,
        $13::timestamptz FROM h
), m AS (
    INSERT INTO member_version ({_MEMBER})
    SELECT n.* FROM h, unnest({_typed(_MEMBERS_FROM, _MEMBER_TYPES)}) AS n
), p AS (
    INSERT INTO person (id, household_id, area_code, identity_hash, name_key, birth_key)
    SELECT n.id, h.id, $2::text, n.identity_hash, n.name_key, n.birth_key
    FROM h, unnest(${_MEMBERS_FROM + 4}::uuid[], ${_MEMBERS_FROM + 5}::bytea[], ${_KEYS_FROM}::bytea[],
        ${_KEYS_FROM + 1}::bytea[]) AS n (id, identity_hash, name_key, birth_key)
)
SELECT id FROM h
"""  # noqa: S608
ADD_VERSION = f"INSERT INTO household_version ({_VERSION}) VALUES ({_V})"  # noqa: S608
ADD_MEMBERS = f"""
INSERT INTO member_version ({_MEMBER}) SELECT * FROM unnest({_typed(1, _MEMBER_TYPES)})
"""  # noqa: S608
LEAVE_PEOPLE = "DELETE FROM person WHERE household_id = $1 AND id <> ALL($2::uuid[])"
KEEP_PEOPLE = """
INSERT INTO person (id, household_id, area_code, identity_hash, name_key, birth_key)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[])
ON CONFLICT (id) DO UPDATE SET household_id = excluded.household_id, area_code = excluded.area_code,
    identity_hash = excluded.identity_hash, name_key = excluded.name_key, birth_key = excluded.birth_key
"""
ADDRESS = "UPDATE household SET address_key = $2 WHERE id = $1 AND address_key IS DISTINCT FROM $2"
MOVE_OUT = """
INSERT INTO household_version
SELECT household_id, $2, true, area_code, $3, $4, $5, NULL, NULL, file_number, category, attribute, standard, cause,
    persons, housing_area_dm2, wage_income_fen, business_income_fen, transfer_income_fen, property_income_fen,
    production_cost_fen, sealed
FROM household_version WHERE household_id = $1 AND version = $6 AND NOT moved_out
"""
PEOPLE = f"""
SELECT {_MEMBER} FROM member_version WHERE household_id = $1 AND version = $2 ORDER BY position
"""  # noqa: S608
CONTENT = f"""
SELECT {_VERSION} FROM household_version WHERE household_id = $1 AND version = $2 AND NOT moved_out
"""  # noqa: S608


async def add_household(driver: "Driver[Any]", filed: Filed, cipher: Cipher, trace: Trace) -> bool:
    """Enter one household with its people and history; False when its village is none of the tree."""
    added = await driver.fetchval(
        ADD_ONE,
        *rows.new_household_row(filed, cipher),
        *rows.version_row(filed, cipher, trace, filed.household.status_since),
        *(list(column) for column in zip(*rows.member_rows(filed, cipher), strict=True)),
        *(list(column) for column in zip(*rows.person_keys(filed.draft.members, cipher), strict=True)),
    )
    return added is not None


async def lock_households(driver: "Driver[Any]", ids: Iterable[UUID], *, area: str) -> dict[UUID, Household]:
    """Return households of an area, locked until the transaction ends; others are missing."""
    found = await driver.fetch(LOCK, list(set(ids)), area)
    return {row["id"]: rows.household_of(row) for row in found}


async def lock_change_set(driver: "Driver[Any]", change_set_id: UUID) -> list[Household]:
    """Return the households that a change set entered, locked."""
    found = await driver.fetch(LOCK_OF_CHANGE_SET, change_set_id)
    return [rows.household_of(row) for row in found]


async def list_closing_reasons(driver: "Driver[Any]", ids: Iterable[UUID]) -> dict[UUID, str | None]:
    """Return why those of the households whose files are closed were closed."""
    return {row["id"]: row["reason"] for row in await driver.fetch(CLOSED_FOR, list(set(ids)), CLOSED)}


async def save_standings(driver: "Driver[Any]", changed: Sequence[Household], trace: Trace) -> None:
    """Store households whose state changed, each with a row of its history."""
    if not changed:
        return
    await _save(driver, changed)
    standings = [rows.standing_row(household, trace) for household in changed]
    await driver.execute(ADD_STANDINGS, *(list(column) for column in zip(*standings, strict=True)))


async def load_content(
    driver: "Driver[Any]", household: Household, cipher: Cipher
) -> tuple[Filed, list[bytes]]:
    """Return what the household's file says now, and the keyed hashes of its people."""
    version = await driver.fetchrow(CONTENT, household.id, household.content_version)
    members = await driver.fetch(PEOPLE, household.id, household.content_version)
    assert version is not None  # noqa: S101 - a household is entered together with its first version
    filed = Filed(
        household=household,
        draft=rows.draft_of(version, members, cipher),
        person_ids=[member["person_id"] for member in members],
    )
    return filed, [member["identity_hash"] for member in members]


async def save_content(
    driver: "Driver[Any]", before: Household, filed: Filed, *, cipher: Cipher, valid_from: date, trace: Trace
) -> None:
    """Store a new version of a household's file with its people."""
    after = filed.household
    moves = after.village_code != before.village_code
    if moves:
        await driver.execute(
            MOVE_OUT,
            after.id,
            after.version,
            valid_from,
            trace.recorded_at,
            trace.actor_id,
            before.content_version,
        )
    await _save(driver, [after])
    members = rows.member_rows(filed, cipher)
    people = rows.person_rows(members, filed.draft.members, cipher)
    await driver.execute(ADDRESS, after.id, address_key(cipher, filed.draft.address))
    await driver.execute(ADD_VERSION, *rows.version_row(filed, cipher, trace, valid_from))
    await driver.execute(ADD_MEMBERS, *(list(column) for column in zip(*members, strict=True)))
    await driver.execute(LEAVE_PEOPLE, after.id, [person[0] for person in people])
    await driver.execute(KEEP_PEOPLE, *(list(column) for column in zip(*people, strict=True)))
    if moves:
        await move_matches(driver, after.id, after.village_code)
        await move_visits(driver, after.id, after.village_code)
        await move_pre_exits(driver, after.id, after.village_code)
        standing = rows.standing_row(after, trace)
        await driver.execute(ADD_STANDINGS, *([value] for value in standing))


async def remove_people(driver: "Driver[Any]", households: Sequence[Household]) -> None:
    """Free the people of households whose entry was undone or whose file is closed: they may be filed anew."""
    if households:
        await driver.execute(
            "DELETE FROM person WHERE household_id = ANY($1)", [household.id for household in households]
        )


async def _save(driver: "Driver[Any]", changed: Sequence[Household]) -> None:
    values = [
        (
            h.id,
            h.village_code,
            h.file_number,
            h.status,
            h.status_since,
            h.category,
            h.persons,
            h.version,
            h.content_version,
            h.village_since,
            h.recorded_at,
        )
        for h in changed
    ]
    await driver.execute(SAVE, *(list(column) for column in zip(*values, strict=True)))
