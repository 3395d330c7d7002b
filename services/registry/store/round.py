"""Rounds in the database: opened with an entry for every household on the register, shared by commands, signed off."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from contracts import values
from services.registry.domain.closing import Numbers, Statement
from services.registry.domain.procedure import LEFT, OPEN, OPENED
from services.registry.domain.round import Round

Driver = asyncpg.Connection

COLUMNS = (
    "id, scope, number, kind, rule_pack, rule_pack_version, opened_on, opened_by, opened_at, opening_households, "
    "opening_persons, closed_on, signed_off_by, closed_at"
)
# Who may see a round: whoever answers for a part of its area, and whoever is above.
FIND = f"""
SELECT {COLUMNS} FROM round WHERE id = $1 AND (starts_with(scope, $2) OR starts_with($2, scope))
"""  # noqa: S608
# The lock by a county's code, or its beginning, that commands share while no round may be opened or closed there.
ROUNDS = "round"
# A command is held against the openings in its caller's area; the smallest area first, for which an opening waits longest.
LOCK_ROUNDS = f"""
SELECT pg_advisory_xact_lock(hashtextextended('{ROUNDS}:' || left($1, digits), 0))
FROM (SELECT unnest(ARRAY[6, 4, 2, 0]) AS digits) AS areas
"""  # noqa: S608 - our own word
IS_DIVISION = "SELECT EXISTS (SELECT FROM division WHERE code = $1)"
OPEN_SCOPES = """
SELECT scope FROM round WHERE is_open AND (starts_with(scope, $1) OR starts_with($1, scope)) ORDER BY scope
"""
NEXT_NUMBER = "SELECT coalesce(max(number), 0) + 1 FROM round WHERE scope = $1 AND kind = $2"
# The counts are those of the rows that are entered: the snapshot and its sum cannot differ.
ADD = """
WITH content AS (
    SELECT DISTINCT ON (household_id) household_id, area_code, persons, moved_out FROM household_version
    WHERE valid_from <= $5 ORDER BY household_id, version DESC, moved_out
), standing AS (
    SELECT DISTINCT ON (household_id) household_id, status FROM household_standing
    WHERE since <= $5 ORDER BY household_id, version DESC
), entered AS (
    INSERT INTO round_entry (round_id, household_id, area_code, proposal, reason, step, step_on, outcome, opening_persons)
    SELECT $1, c.household_id, c.area_code, CASE WHEN s.status = ANY($10) THEN $13 ELSE $12 END,
        CASE WHEN s.status = ANY($10) THEN NULL ELSE $15 END, $14, $5, $16,
        CASE WHEN s.status = ANY($10) THEN c.persons END
    FROM content AS c JOIN standing AS s USING (household_id)
    WHERE starts_with(c.area_code, $2) AND NOT c.moved_out AND s.status = ANY($10 || $11)
    RETURNING opening_persons
)
INSERT INTO round (id, scope, number, kind, is_open, rule_pack, rule_pack_version, opened_on, opened_by, opened_at,
    opening_households, opening_persons)
SELECT $1, $2, $3, $4, true, $6, $7, $5, $8, $9, count(opening_persons), coalesce(sum(opening_persons), 0) FROM entered
RETURNING opening_households, opening_persons
"""
SAVE_CLOSED = """
UPDATE round SET is_open = false, closed_on = $2, signed_off_by = $3, closed_at = $4 WHERE id = $1
"""
# Who was not decided stands where it stood before the round; everybody on the register is decided by then.
LEAVE = "UPDATE round_entry SET outcome = $2 WHERE round_id = $1 AND outcome = $3 RETURNING household_id"
ADD_STATEMENT = """
INSERT INTO round_statement (round_id, number, stated_on, stated_by, stated_at, reason, numbers)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb)
"""
STATEMENTS = """
SELECT number, stated_on, stated_by, stated_at, reason, numbers::text FROM round_statement
WHERE round_id = $1 ORDER BY number LIMIT $2
"""
COVERED = """
SELECT code FROM unnest($1::text[]) AS v (code)
WHERE EXISTS (SELECT FROM round WHERE scope IN (left(v.code, 6), left(v.code, 9), v.code))
"""

MOST_STATEMENTS = 100
_numbers = msgspec.json.Decoder(Numbers)
NOT_YET_REGISTERED = (values.CANDIDATE, values.EVALUATED, values.NOTICED)


async def lock_rounds(driver: "Driver[Any]", county: str) -> None:
    """Let nobody else open or close a round in a county until the transaction ends, once all who hold its rounds have."""
    await driver.execute(LOCK_ROUNDS, county)


async def is_division(driver: "Driver[Any]", code: str) -> bool:
    """Tell whether a code stands in the division tree."""
    return bool(await driver.fetchval(IS_DIVISION, code))


async def list_open_scopes(driver: "Driver[Any]", scope: str) -> list[str]:
    """Return the scopes of open rounds that overlap a scope."""
    return [row["scope"] for row in await driver.fetch(OPEN_SCOPES, scope)]


async def next_number(driver: "Driver[Any]", scope: str, kind: str) -> int:
    """Return the number of the next round of a kind in a scope."""
    return int(await driver.fetchval(NEXT_NUMBER, scope, kind))


async def add_round(
    driver: "Driver[Any]", one: Round, *, candidates: bool, reason: str | None
) -> tuple[int, int]:
    """Enter a round with its entries, and return how many households and persons were on the register."""
    row = await driver.fetchrow(
        ADD,
        *(one.id, one.scope, one.number, one.kind, one.opened_on, one.rule_pack, one.rule_pack_version),
        *(one.opened_by, one.opened_at),
        list(values.ON_THE_REGISTER),
        list(NOT_YET_REGISTERED if candidates else ()),
        *(values.ADD, values.KEEP, OPENED, reason, OPEN),
    )
    assert row is not None  # noqa: S101 - the statement returns the row it enters
    return row["opening_households"], row["opening_persons"]


async def find_round(driver: "Driver[Any]", round_id: UUID, *, area: str) -> Round | None:
    """Return a round that covers an area or lies in it."""
    row = await driver.fetchrow(FIND, round_id, area)
    return None if row is None else round_of(row)


async def share_round(driver: "Driver[Any]", round_id: UUID, *, area: str) -> Round | None:
    """Return a round that nobody closes until the transaction ends."""
    row = await driver.fetchrow(f"{FIND} FOR SHARE", round_id, area)
    return None if row is None else round_of(row)


async def lock_round(driver: "Driver[Any]", round_id: UUID, *, area: str) -> Round | None:
    """Return a round, locked until the transaction ends."""
    row = await driver.fetchrow(f"{FIND} FOR UPDATE", round_id, area)
    return None if row is None else round_of(row)


async def save_closed(driver: "Driver[Any]", one: Round) -> list[UUID]:
    """Store that a round was signed off; leave the entries that nobody decided, and return their households."""
    await driver.execute(SAVE_CLOSED, one.id, one.closed_on, one.signed_off_by, one.closed_at)
    return [row["household_id"] for row in await driver.fetch(LEAVE, one.id, LEFT, OPEN)]


async def add_statement(driver: "Driver[Any]", round_id: UUID, statement: Statement) -> None:
    """Keep the numbers of a closed round as somebody stated them."""
    s = statement
    numbers = msgspec.json.encode(s.numbers).decode()
    await driver.execute(
        ADD_STATEMENT, round_id, *(s.number, s.stated_on, s.stated_by, s.stated_at, s.reason, numbers)
    )


async def list_statements(driver: "Driver[Any]", round_id: UUID) -> list[Statement]:
    """Return every statement of a round's numbers, that of its closing first."""
    rows = await driver.fetch(STATEMENTS, round_id, MOST_STATEMENTS)
    return [Statement(**{**row, "numbers": _numbers.decode(row["numbers"])}) for row in rows]


async def round_covers(driver: "Driver[Any]", village_codes: Iterable[str]) -> set[str]:
    """Return those of the villages that a round was ever opened for: from then on the procedure alone decides there."""
    rows = await driver.fetch(COVERED, sorted(set(village_codes)))
    return {row["code"] for row in rows}


def round_of(row: Any) -> Round:
    """Return a round from its row."""
    return Round(**{name: row[name] for name in Round.__dataclass_fields__})
