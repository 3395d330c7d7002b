"""People of households that come back to the register: on file again, unless somebody was filed elsewhere meanwhile."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from chassis.crypto import Cipher
from services.registry.domain.household import Household
from services.registry.store.key import birth_key, name_key
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
ARE_THERE = """
SELECT count(*) = cardinality($1::uuid[]) FROM person AS p
JOIN unnest($1::uuid[], $2::uuid[]) AS n (id, household_id) ON n.id = p.id AND n.household_id = p.household_id
"""


async def restore_people(driver: "Driver[Any]", households: Sequence[Household], cipher: Cipher) -> bool:
    """Put the people of households back on file where they were freed; False when one of them belongs elsewhere now."""
    if not households:
        return True
    found = await driver.fetch(PEOPLE, [household.id for household in households])
    people = [_person(row, cipher) for row in found]
    columns = [list(column) for column in zip(*people, strict=True)]
    await driver.execute(RESTORE, *columns)
    return bool(await driver.fetchval(ARE_THERE, columns[0], columns[1]))


def _person(row: Any, cipher: Cipher) -> tuple[Any, ...]:
    member = open_member(cipher, row["sealed"])
    return (
        *(row["person_id"], row["id"], row["area_code"], row["identity_hash"]),
        name_key(cipher, member.name),
        birth_key(cipher, member.identity_number),
    )
