"""The copy of the register: households as last heard of, and their standing on any date."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from contracts.values import UNKNOWN
from services.subsidy.domain.claim import Applicant
from services.subsidy.domain.household import Household, Standing

Driver = asyncpg.Connection

# A withdrawn household never counted, on any date; otherwise the latest standing begun by the day holds.
STATUS_ON = """
CASE WHEN h.status = 'withdrawn' THEN h.status ELSE coalesce((
    SELECT s.status FROM household_standing AS s
    WHERE s.household_id = h.household_id AND s.since <= {day}
    ORDER BY s.since DESC, s.sequence DESC LIMIT 1
), 'unknown') END
"""
APPLICANTS = f"""
SELECT h.household_id, h.area_code, {STATUS_ON.format(day="$2")} AS status
FROM household_copy AS h WHERE h.household_id = ANY($1) AND starts_with(h.area_code, $3)
ORDER BY h.household_id
"""  # noqa: S608
# A move takes the claims along that there are: one that is just filed waits, and is filed where the household went.
HOLD_APPLICANTS = "SELECT FROM household_copy WHERE household_id = ANY($1) ORDER BY household_id FOR SHARE"
STATUSES = f"""
SELECT h.household_id, n.day, {STATUS_ON.format(day="n.day")} AS status
FROM unnest($1::uuid[], $2::date[]) AS n (household_id, day)
JOIN household_copy AS h ON h.household_id = n.household_id
ORDER BY h.household_id
"""  # noqa: S608
HOLD_PLACES = """
INSERT INTO household_copy (household_id, area_code, status, sequence)
SELECT household_id, area_code, 'unknown', 0 FROM unnest($1::uuid[], $2::text[]) AS n (household_id, area_code)
ORDER BY household_id
ON CONFLICT (household_id) DO NOTHING
"""
LOCK = """
SELECT household_id, area_code, persons, category, status, sequence FROM household_copy
WHERE household_id = ANY($1) ORDER BY household_id FOR NO KEY UPDATE
"""
SAVE = """
UPDATE household_copy AS h SET area_code = n.area_code, persons = n.persons, category = n.category,
    status = n.status, sequence = n.sequence
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[])
    AS n (household_id, area_code, persons, category, status, sequence)
WHERE h.household_id = n.household_id
"""
ADD_STANDINGS = """
INSERT INTO household_standing (household_id, sequence, since, status, area_code)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::date[], $4::text[], $5::text[])
ON CONFLICT (household_id, sequence) DO NOTHING
"""
MOVE = """
UPDATE {table} AS t SET area_code = n.area_code
FROM unnest($1::uuid[], $2::text[]) AS n (household_id, area_code)
WHERE t.household_id = n.household_id AND t.area_code <> n.area_code
"""

# In the order in which decisions lock claims, so that neither waits for the other in a circle.
LOCK_CLAIMS = "SELECT id FROM claim WHERE household_id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
# What is kept by claim goes where the claim went.
FOLLOW_CLAIM = """
UPDATE {table} AS t SET area_code = c.area_code FROM claim AS c
WHERE c.household_id = ANY($1) AND t.claim_id = c.id AND t.area_code <> c.area_code
"""


async def hold_applicants(
    driver: "Driver[Any]", ids: Iterable[UUID], *, on: date, area: str
) -> dict[UUID, Applicant]:
    """Return households within an area with their status on a day; they stay where they are until the transaction ends."""
    wanted = list(set(ids))
    await driver.execute(HOLD_APPLICANTS, wanted)
    rows = await driver.fetch(APPLICANTS, wanted, on, area)
    return {row["household_id"]: Applicant(**dict(row)) for row in rows if row["status"] != UNKNOWN}


async def lock_households(driver: "Driver[Any]", areas: Mapping[UUID, str]) -> dict[UUID, Household]:
    """Return households locked until the transaction ends; one not heard of yet gets a place to lock.

    Registry and finance facts of a household arrive in any order, so both lock it before they look.
    """
    await driver.execute(HOLD_PLACES, list(areas), list(areas.values()))
    rows = await driver.fetch(LOCK, list(areas))
    return {
        row["household_id"]: Household(
            id=row["household_id"],
            area_code=row["area_code"],
            persons=row["persons"],
            category=row["category"],
            status=row["status"],
            sequence=row["sequence"],
        )
        for row in rows
    }


async def save_households(driver: "Driver[Any]", households: Iterable[Household]) -> None:
    """Store the present state of households that were locked."""
    rows = [(h.id, h.area_code, h.persons, h.category, h.status, h.sequence) for h in households]
    if rows:
        await driver.execute(SAVE, *(list(column) for column in zip(*rows, strict=True)))


async def add_standings(
    driver: "Driver[Any]", standings: Sequence[Standing], households: Mapping[UUID, Household]
) -> None:
    """Append standings; one that is already there stays."""
    rows = [
        (s.household_id, s.sequence, s.since, s.status, households[s.household_id].area_code)
        for s in standings
    ]
    if rows:
        await driver.execute(ADD_STANDINGS, *(list(column) for column in zip(*rows, strict=True)))


async def move_households(driver: "Driver[Any]", areas: Mapping[UUID, str]) -> None:
    """Let what is kept by household and by claim follow those that changed their village."""
    if areas:
        await driver.fetch(LOCK_CLAIMS, list(areas))
        for table in ("household_standing", "disbursement", "claim"):
            await driver.execute(MOVE.format(table=table), list(areas), list(areas.values()))
        for table in ("claim_version", "evidence", "payment_problem"):
            await driver.execute(FOLLOW_CLAIM.format(table=table), list(areas))


async def statuses_on(
    driver: "Driver[Any]", asked: Iterable[tuple[UUID, date]]
) -> dict[tuple[UUID, date], str]:
    """Return the status of each household on its day; one never heard of is missing."""
    pairs = list(set(asked))
    if not pairs:
        return {}
    ids, days = zip(*pairs, strict=True)
    rows = await driver.fetch(STATUSES, list(ids), list(days))
    return {(row["household_id"], row["day"]): row["status"] for row in rows}
