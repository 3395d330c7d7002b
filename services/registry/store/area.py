"""Figures and exits of areas in the database: rows that are only ever added."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from chassis.ids import new_id
from services.registry.domain.area import POOR_VILLAGE, Figure
from services.registry.domain.area_exit import Assessment

Driver = asyncpg.Connection

ADD_FIGURE = """
INSERT INTO area_figure (id, area_code, kind, year, value, as_of, basis_document, actor_id, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
# Of each kind the latest year that was known; of one year the row recorded last.
FIGURES = """
SELECT DISTINCT ON (kind) kind, year, value, as_of, basis_document, area_code FROM area_figure
WHERE area_code = $1 AND as_of <= $2 AND recorded_at < $3
ORDER BY kind, year DESC, recorded_at DESC, id DESC
"""
LIST_FIGURES = """
SELECT id, area_code, kind, year, value, as_of, basis_document, actor_id, recorded_at FROM area_figure
WHERE area_code = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""
# As above, of every village inside an area.
POOR_VILLAGES = """
SELECT area_code FROM (
    SELECT DISTINCT ON (area_code) area_code, value FROM area_figure
    WHERE kind = $4 AND starts_with(area_code, $1) AND as_of <= $2 AND recorded_at < $3
    ORDER BY area_code, year DESC, recorded_at DESC, id DESC
) AS stated WHERE value = 'yes'
"""
# One decision about an area at a time.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('area:' || $1, 0))"
ADD_EXIT = """
INSERT INTO area_exit (id, area_code, level, exited_on, notice_id, rule_pack, rule_pack_version, assessment, actor_id,
    recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10)
"""
_EXIT = "id, area_code, level, exited_on, notice_id, assessment::text AS assessment, actor_id, recorded_at"
FIND_EXIT = f"SELECT {_EXIT} FROM area_exit WHERE area_code = $1"  # noqa: S608
LIST_EXITS = f"""
SELECT {_EXIT} FROM area_exit
WHERE starts_with(area_code, $1) AND ($2::text IS NULL OR area_code > $2) ORDER BY area_code LIMIT $3
"""  # noqa: S608
COUNT_EXITS = """
SELECT count(*) FROM area_exit
WHERE starts_with(area_code, $1) AND area_code <> $2 AND exited_on <= $3 AND recorded_at < $4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """An exit about to be recorded; `frozen` is the assessment as it was answered, as JSON."""

    assessment: Assessment
    frozen: str
    on: date
    notice_id: UUID
    actor_id: str
    at: datetime


async def add_figure(driver: "Driver[Any]", figure: Figure, *, actor_id: str, at: datetime) -> UUID:
    """Record a figure and return its id."""
    figure_id = new_id()
    f = figure
    await driver.execute(
        ADD_FIGURE, figure_id, f.area_code, f.kind, f.year, f.value, f.as_of, f.basis_document, actor_id, at
    )
    return figure_id


async def load_figures(
    driver: "Driver[Any]", area_code: str, *, as_of: date, recorded_before: datetime
) -> dict[str, Figure]:
    """Return the latest figure of each kind that speaks of the day or one before it."""
    found = await driver.fetch(FIGURES, area_code, as_of, recorded_before)
    return {row["kind"]: Figure(**dict(row)) for row in found}


async def list_poor_villages(
    driver: "Driver[Any]", prefix: str, *, as_of: date, recorded_before: datetime
) -> set[str]:
    """Return the villages of an area that were poor villages on a day, as stated before a moment."""
    found = await driver.fetch(POOR_VILLAGES, prefix, as_of, recorded_before, POOR_VILLAGE)
    return {row["area_code"] for row in found}


async def list_figures(
    driver: "Driver[Any]", area_code: str, *, kind: str | None, before: UUID | None, limit: int
) -> list[Any]:
    """Return rows of figures, the latest first."""
    return list(await driver.fetch(LIST_FIGURES, area_code, kind, before, limit))


async def lock_area(driver: "Driver[Any]", area_code: str) -> None:
    """Let nobody else decide about the area until the transaction ends."""
    await driver.execute(LOCK, area_code)


async def find_exit(driver: "Driver[Any]", area_code: str) -> Any:
    """Return the row of an area's exit."""
    return await driver.fetchrow(FIND_EXIT, area_code)


async def add_exit(driver: "Driver[Any]", left: Exit) -> UUID:
    """Record an exit with its frozen assessment and return its id."""
    exit_id, held = new_id(), left.assessment
    await driver.execute(
        ADD_EXIT,
        *(
            exit_id,
            held.area_code,
            held.level,
            left.on,
            left.notice_id,
            held.rule_pack,
            held.rule_pack_version,
        ),
        *(left.frozen, left.actor_id, left.at),
    )
    return exit_id


async def list_exits(driver: "Driver[Any]", prefix: str, *, after: str | None, limit: int) -> list[Any]:
    """Return rows of exits of an area and those inside it, by code."""
    return list(await driver.fetch(LIST_EXITS, prefix, after, limit))


async def count_exits(
    driver: "Driver[Any]", prefix: str, area_code: str, *, as_of: date, recorded_before: datetime
) -> int:
    """Return how many areas inside one had left by a day."""
    return int(await driver.fetchval(COUNT_EXITS, prefix, area_code, as_of, recorded_before))
