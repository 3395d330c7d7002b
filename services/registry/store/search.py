"""People and households looked up by keyed hashes: nobody's name or number stands in a query or an index."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from services.registry.workbook.codes import HEAD

Driver = asyncpg.Connection

# Each looks into one index; `{n}` is the place of its parameter.
FILTERS: Mapping[str, str] = {
    "name": "h.id IN (SELECT household_id FROM person WHERE name_key = ${n})",
    "identity_number": "h.id IN (SELECT household_id FROM person WHERE identity_hash = ${n})",
    "file_number": (
        "h.file_number = ${n} AND h.county_code IN (SELECT left(code, 6) FROM division "
        "WHERE level = 'county' AND code BETWEEN rpad(left($1, 6), 12, '0') AND rpad(left($1, 6), 12, '9'))"
    ),
    "address": "h.address_key = ${n}",
}
HOUSEHOLDS = """
SELECT h.id, h.file_number, h.area_code, h.status, h.status_since, h.category, h.persons, h.version, m.sealed
FROM household AS h
JOIN member_version AS m ON m.household_id = h.id AND m.version = h.content_version AND m.relation = $4
WHERE starts_with(h.area_code, $1) AND h.status <> 'withdrawn' AND ($2::uuid IS NULL OR h.id > $2) AND {filters}
ORDER BY h.id LIMIT $3
"""
# So many people of one name are looked at; those with the date of birth first.
MOST = 200
LIKE = """
SELECT id FROM person WHERE identity_hash = ANY($1)
UNION (SELECT id FROM person WHERE name_key = $2 AND birth_key = $3 LIMIT $6)
UNION (SELECT id FROM person WHERE name_key = $2 LIMIT $6)
UNION (SELECT p.id FROM household AS h JOIN person AS p ON p.household_id = h.id
       WHERE h.address_key = $4 AND (p.birth_key = $3 OR p.name_key = $2) LIMIT $6)
UNION (SELECT p.id FROM person AS q JOIN person AS p ON p.household_id = q.household_id
       WHERE q.name_key = $5 AND (p.birth_key = $3 OR p.name_key = $2) LIMIT $6)
"""
PEOPLE = """
SELECT p.id, p.household_id, p.area_code, h.file_number, m.sealed, v.sealed AS household_sealed, k.sealed AS head
FROM person AS p
JOIN household AS h ON h.id = p.household_id
JOIN household_version AS v ON v.household_id = h.id AND v.version = h.content_version AND NOT v.moved_out
JOIN member_version AS m ON m.household_id = h.id AND m.version = h.content_version AND m.person_id = p.id
JOIN member_version AS k ON k.household_id = h.id AND k.version = h.content_version AND k.relation = $2
WHERE p.id = ANY($1) ORDER BY p.id
"""
# The groups come out of the index alone; only those of the page are looked up.
BY_NAME_AND_BIRTH = """
WITH shared AS (
    SELECT name_key, birth_key FROM person
    WHERE starts_with(area_code, $1) AND name_key IS NOT NULL
      AND ($2::bytea IS NULL OR (name_key, birth_key) > ($2, $3))
    GROUP BY name_key, birth_key HAVING count(*) > 1 ORDER BY name_key, birth_key LIMIT $4
)
SELECT s.name_key AS first, s.birth_key AS second, (
    SELECT (array_agg(p.id ORDER BY p.id))[:$5] FROM person AS p
    WHERE p.name_key = s.name_key AND p.birth_key = s.birth_key AND starts_with(p.area_code, $1)
) AS ids
FROM shared AS s ORDER BY s.name_key, s.birth_key
"""
BY_NAME_AND_ADDRESS = """
SELECT h.address_key AS first, p.name_key AS second, (array_agg(p.id ORDER BY p.id))[:$5] AS ids
FROM household AS h JOIN person AS p ON p.household_id = h.id
WHERE starts_with(h.area_code, $1) AND h.address_key IS NOT NULL AND p.name_key IS NOT NULL
  AND ($2::bytea IS NULL OR (h.address_key, p.name_key) > ($2, $3))
GROUP BY h.address_key, p.name_key HAVING count(*) > 1 ORDER BY h.address_key, p.name_key LIMIT $4
"""
GROUPS = {"name-and-birth-date": BY_NAME_AND_BIRTH, "name-and-address": BY_NAME_AND_ADDRESS}
MOST_OF_A_GROUP = 20


async def find_households(
    driver: "Driver[Any]", wanted: Mapping[str, Any], *, area: str, after: UUID | None, limit: int
) -> list[Any]:
    """Return the rows of households of an area that match every key."""
    filters = " AND ".join(FILTERS[name].replace("{n}", str(5 + place)) for place, name in enumerate(wanted))
    query = HOUSEHOLDS.format(filters=filters)
    return list(await driver.fetch(query, area, after, limit, HEAD, *wanted.values()))


async def find_like(
    driver: "Driver[Any]",
    identities: Sequence[bytes],
    *,
    name: bytes | None,
    birth: bytes | None,
    address: bytes | None,
    head: bytes | None,
) -> list[Any]:
    """Return the rows of people who share a key with somebody asked for."""
    found = await driver.fetch(LIKE, list(identities), name, birth, address, head, MOST)
    return await list_people(driver, (row["id"] for row in found))


async def list_people(driver: "Driver[Any]", ids: Iterable[UUID]) -> list[Any]:
    """Return the rows of people on file with their household's address and head, sealed."""
    return list(await driver.fetch(PEOPLE, list(ids), HEAD))


async def list_groups(
    driver: "Driver[Any]", kind: str, *, area: str, after: tuple[bytes, bytes] | None, limit: int
) -> list[Any]:
    """Return groups of people of an area who share two keys."""
    first, second = after or (None, None)
    return list(await driver.fetch(GROUPS[kind], area, first, second, limit, MOST_OF_A_GROUP))
