"""Objections in the database: who objects and what they say is sealed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from chassis.crypto import Cipher
from services.registry.domain.division import division_prefix
from services.registry.domain.notice import Notice
from services.registry.domain.objection import Objection

Driver = asyncpg.Connection

COLUMNS = (
    "id, notice_id, area_code, household_id, channel, filed_on, filed_by, outcome, decided_on, decided_by"
)
ADD = """
INSERT INTO objection (id, notice_id, area_code, household_id, channel, filed_on, filed_by, filed_at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
FIND = f"SELECT {COLUMNS} FROM objection WHERE id = $1 AND starts_with(area_code, $2)"  # noqa: S608
LOCK = f"{FIND} FOR UPDATE"
DECIDE = """
UPDATE objection SET outcome = $2, decided_on = $3, decided_by = $4, decided_at = $5, sealed_answer = $6 WHERE id = $1
"""
# An answer is owed even when the list it was about was voided: the list after it waits, too.
COUNT_OPEN = """
SELECT count(*) FROM objection AS o JOIN notice AS n ON n.id = o.notice_id
WHERE o.outcome IS NULL AND n.area_code = $1 AND n.kind = $2 AND n.round_id IS NOT DISTINCT FROM $3
"""
IS_OF_AREA = "SELECT EXISTS (SELECT FROM household WHERE id = $1 AND starts_with(area_code, $2))"


class SealedObjection(msgspec.Struct, frozen=True, array_like=True):
    """What an objection's row keeps encrypted."""

    by: str
    text: str

    def __repr__(self) -> str:
        return "SealedObjection(...)"


async def add_objection(
    driver: "Driver[Any]", objection: Objection, words: SealedObjection, *, cipher: Cipher, at: datetime
) -> None:
    """Enter an objection."""
    o = objection
    await driver.execute(
        ADD,
        *(o.id, o.notice_id, o.area_code, o.household_id, o.channel, o.filed_on, o.filed_by, at),
        cipher.encrypt(msgspec.json.encode(words)),
    )


async def find_objection(driver: "Driver[Any]", objection_id: UUID, *, area: str) -> Objection | None:
    """Return an objection of an area."""
    row = await driver.fetchrow(FIND, objection_id, area)
    return None if row is None else Objection(**dict(row))


async def lock_objection(driver: "Driver[Any]", objection_id: UUID, *, area: str) -> Objection | None:
    """Return an objection of an area, locked until the transaction ends."""
    row = await driver.fetchrow(LOCK, objection_id, area)
    return None if row is None else Objection(**dict(row))


async def save_decision(
    driver: "Driver[Any]", decided: Objection, words: str, *, cipher: Cipher, at: datetime
) -> None:
    """Store the answer to an objection."""
    d = decided
    await driver.execute(DECIDE, d.id, d.outcome, d.decided_on, d.decided_by, at, cipher.encrypt(words))


async def count_open(driver: "Driver[Any]", notice: Notice) -> int:
    """Return how many objections to a notice, or to one that it replaces, wait for an answer."""
    return int(await driver.fetchval(COUNT_OPEN, notice.area_code, notice.kind, notice.round_id))


async def is_of_area(driver: "Driver[Any]", household_id: UUID, area_code: str) -> bool:
    """Tell whether a household lives in the area of a list."""
    return bool(await driver.fetchval(IS_OF_AREA, household_id, division_prefix(area_code)))


def open_words(cipher: Cipher, stored: bytes) -> SealedObjection:
    """Return who objects and what they say."""
    return msgspec.json.decode(cipher.decrypt_bytes(stored), type=SealedObjection)
