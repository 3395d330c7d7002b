"""People of households that come back to the register: on file again, unless somebody was filed elsewhere meanwhile."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from chassis.crypto import Cipher
from services.registry.domain.household import Household
from services.registry.store.key import birth_key, name_key
from services.registry.store.scope import whole_register
from services.registry.store.sealed import open_member

Driver = asyncpg.Connection

PEOPLE = """
SELECT m.person_id, h.id, h.area_code, m.identity_hash, m.sealed FROM household AS h
JOIN member_version AS m ON m.household_id = h.id AND m.version = h.content_version
WHERE h.id = ANY($1) ORDER BY h.id, m.position
"""
RESTORE = """
INSERT INTO person (id, household_id, area_code, identity_hash, name_key, birth_key)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[])
ON CONFLICT (id) DO NOTHING
"""
ELSEWHERE = """
SELECT DISTINCT n.household_id FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS n (id, household_id, identity_hash)
JOIN person AS p ON p.id = n.id OR p.identity_hash = n.identity_hash
WHERE (p.id, p.household_id) <> (n.id, n.household_id) ORDER BY n.household_id
"""


async def restore_people(
    driver: "Driver[Any]", households: Sequence[Household], cipher: Cipher, *, area: str
) -> list[UUID]:
    """Put the people of households back on file where they were freed; return whose people belong elsewhere now."""
    if not households:
        return []
    found = await driver.fetch(PEOPLE, [household.id for household in households])
    people = [_person(row, cipher) for row in found]
    ids, of, areas, hashes, *keys = [list(column) for column in zip(*people, strict=True)]
    # Wherever that is: of households that the caller has, it is told only that it is so.
    async with whole_register(driver, area):
        elsewhere = [row["household_id"] for row in await driver.fetch(ELSEWHERE, ids, of, hashes)]
    if not elsewhere:
        await driver.execute(RESTORE, ids, of, areas, hashes, *keys)
    return elsewhere


def _person(row: Any, cipher: Cipher) -> tuple[Any, ...]:
    member = open_member(cipher, row["sealed"])
    return (
        *(row["person_id"], row["id"], row["area_code"], row["identity_hash"]),
        name_key(cipher, member.name),
        birth_key(cipher, member.identity_number),
    )
