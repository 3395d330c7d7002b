"""Entries of a round in the database: locked by village or by household, saved many at a time."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from contracts import values
from services.registry.domain.procedure import EFFECTIVE, Entry

Driver = asyncpg.Connection

COLUMNS = (
    "round_id, household_id, area_code, proposal, reason, step, step_on, outcome, opening_persons, visit_id"
)
LOCK_AREA = f"""
SELECT {COLUMNS} FROM round_entry
WHERE round_id = $1 AND starts_with(area_code, $2) ORDER BY household_id FOR UPDATE
"""  # noqa: S608
LOCK_SOME = f"""
SELECT {COLUMNS} FROM round_entry
WHERE round_id = $1 AND household_id = ANY($2) AND starts_with(area_code, $3) ORDER BY household_id FOR UPDATE
"""  # noqa: S608
# Entry by entry: right after an opening PostgreSQL knows nothing of the table yet, and a join with a list of all changes
# would compare each with each.
SAVE = """
UPDATE round_entry SET proposal = $3, reason = $4, step = $5, step_on = $6, outcome = $7, visit_id = $8
WHERE round_id = $1 AND household_id = $2
"""
ADD = f"""
INSERT INTO round_entry ({COLUMNS})
SELECT $1, n.household_id, n.area_code, n.proposal, n.reason, n.step, n.step_on, n.outcome, NULL, NULL
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[])
    AS n (household_id, area_code, proposal, reason, step, step_on, outcome)
"""  # noqa: S608
ENTERED_ANYWHERE = "SELECT DISTINCT household_id FROM round_entry WHERE household_id = ANY($1)"
ENTERED = "SELECT household_id FROM round_entry WHERE round_id = $1 AND household_id = ANY($2)"
# A round with entries that change is not closed meanwhile.
LOCK_OPEN = f"""
SELECT {", ".join(f"e.{name}" for name in COLUMNS.split(", "))}, r.scope
FROM round_entry AS e JOIN round AS r ON r.id = e.round_id
WHERE r.is_open AND e.household_id = ANY($1) ORDER BY e.round_id, e.household_id FOR UPDATE OF e FOR SHARE OF r
"""  # noqa: S608
PLACE = "UPDATE round_entry SET area_code = $3, outcome = $4 WHERE round_id = $1 AND household_id = $2"
FOLLOW = f"""
INSERT INTO round_entry ({COLUMNS})
SELECT round_id, $3, $4, proposal, reason, step, step_on, outcome, NULL, NULL FROM round_entry
WHERE round_id = $1 AND household_id = $2
"""  # noqa: S608
CAME_BY_PROCEDURE = """
SELECT EXISTS (
    SELECT 1 FROM round_entry WHERE household_id = $1 AND proposal = $2 AND outcome = $3
)
"""


async def lock_area(driver: "Driver[Any]", round_id: UUID, area: str) -> list[Entry]:
    """Return the entries of a round in an area, locked until the transaction ends."""
    return [entry_of(row) for row in await driver.fetch(LOCK_AREA, round_id, area)]


async def lock_some(
    driver: "Driver[Any]", round_id: UUID, household_ids: Iterable[UUID], *, area: str
) -> dict[UUID, Entry]:
    """Return entries of some households in an area, locked; others are missing."""
    rows = await driver.fetch(LOCK_SOME, round_id, list(set(household_ids)), area)
    return {row["household_id"]: entry_of(row) for row in rows}


async def lock_open(driver: "Driver[Any]", household_ids: Iterable[UUID]) -> list[tuple[Entry, str]]:
    """Return the entries of some households in rounds that are open, locked, each with its round's scope."""
    rows = await driver.fetch(LOCK_OPEN, list(set(household_ids)))
    return [(entry_of(row), row["scope"]) for row in rows]


async def place_entry(driver: "Driver[Any]", entry: Entry) -> None:
    """Store where an entry's household lives now, and what became of the entry by that."""
    await driver.execute(PLACE, entry.round_id, entry.household_id, entry.village_code, entry.outcome)


async def follow_entry(driver: "Driver[Any]", origin: Entry, household_id: UUID) -> None:
    """Enter a household that split off into the round of its origin, at the same step."""
    await driver.execute(FOLLOW, origin.round_id, origin.household_id, household_id, origin.village_code)


async def came_by_procedure(driver: "Driver[Any]", household_id: UUID) -> bool:
    """Tell whether a household came onto the register by the procedure of a round."""
    found: bool = await driver.fetchval(CAME_BY_PROCEDURE, household_id, values.ADD, EFFECTIVE)
    return found


async def save_entries(driver: "Driver[Any]", round_id: UUID, changed: Sequence[Entry]) -> None:
    """Store what changed of entries of one round."""
    values = [
        (
            round_id,
            one.household_id,
            one.proposal,
            one.reason,
            one.step,
            one.step_on,
            one.outcome,
            one.visit_id,
        )
        for one in changed
    ]
    await driver.executemany(SAVE, values)


async def list_entered(driver: "Driver[Any]", round_id: UUID, household_ids: Sequence[UUID]) -> set[UUID]:
    """Return which households have an entry in a round."""
    rows = await driver.fetch(ENTERED, round_id, list(household_ids))
    return {row["household_id"] for row in rows}


async def list_entered_anywhere(driver: "Driver[Any]", household_ids: Sequence[UUID]) -> set[UUID]:
    """Return which households have an entry in any round."""
    rows = await driver.fetch(ENTERED_ANYWHERE, list(household_ids))
    return {row["household_id"] for row in rows}


async def add_entries(driver: "Driver[Any]", round_id: UUID, added: Sequence[Entry]) -> None:
    """Enter households that were not on the register when the round was opened."""
    if not added:
        return
    values = [
        (e.household_id, e.village_code, e.proposal, e.reason, e.step, e.step_on, e.outcome) for e in added
    ]
    await driver.execute(ADD, round_id, *(list(column) for column in zip(*values, strict=True)))


def entry_of(row: Any) -> Entry:
    """Return an entry from its row."""
    return Entry(
        round_id=row["round_id"],
        household_id=row["household_id"],
        village_code=row["area_code"],
        proposal=row["proposal"],
        reason=row["reason"],
        step=row["step"],
        step_on=row["step_on"],
        outcome=row["outcome"],
        opening_persons=row["opening_persons"],
        visit_id=row["visit_id"],
    )
