"""Rounds and notices: loaded and saved a whole batch at a time."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from services.supervision.domain.board import full_code
from services.supervision.domain.sheet import Notice, Round

Driver = asyncpg.Connection

LOAD_ROUNDS: Final = "SELECT state::text FROM round ORDER BY id"
LOAD_NOTICES: Final = "SELECT state::text FROM notice WHERE id = ANY($1) ORDER BY id"
SAVE: Final = """
INSERT INTO {table} (id, area_code, state)
SELECT n.id, n.area_code, n.state::jsonb FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n (id, area_code, state)
ON CONFLICT (id) DO UPDATE SET area_code = excluded.area_code, state = excluded.state
"""
EVERY_NOTICE: Final = "SELECT id FROM notice WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2"

_round = msgspec.json.Decoder(Round)
_notice = msgspec.json.Decoder(Notice)
_encode = msgspec.json.Encoder().encode


async def load_rounds(driver: "Driver[Any]") -> dict[UUID, Round]:
    """Return every round."""
    rows = await driver.fetch(LOAD_ROUNDS)
    return {one.round_id: one for one in (_round.decode(row["state"]) for row in rows)}


async def load_notices(driver: "Driver[Any]", ids: Iterable[UUID]) -> dict[UUID, Notice]:
    """Return the notices there are of some ids."""
    rows = await driver.fetch(LOAD_NOTICES, list(ids))
    return {one.notice_id: one for one in (_notice.decode(row["state"]) for row in rows)}


async def save_rounds(driver: "Driver[Any]", rounds: Sequence[Round]) -> None:
    """Store rounds."""
    await _save(driver, "round", [(one.round_id, one.area_code, _encode(one)) for one in rounds])


async def save_notices(driver: "Driver[Any]", notices: Sequence[Notice]) -> None:
    """Store notices."""
    await _save(driver, "notice", [(one.notice_id, one.area_code, _encode(one)) for one in notices])


async def every_notice(driver: "Driver[Any]", after: UUID | None, limit: int) -> list[UUID]:
    """Return notice ids in order, some at a time."""
    return [row["id"] for row in await driver.fetch(EVERY_NOTICE, after, limit)]


async def _save(driver: "Driver[Any]", table: str, rows: Sequence[tuple[UUID, str, bytes]]) -> None:
    if rows:
        await driver.execute(
            SAVE.format(table=table),
            [key for key, _, _ in rows],
            [full_code(area_code) for _, area_code, _ in rows],
            [state.decode() for _, _, state in rows],
        )
