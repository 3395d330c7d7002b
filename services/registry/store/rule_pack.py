"""Rule packs in the database: versions, their reviews, and which is in force where and when."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from services.registry.domain.rule_pack import RulePack
from services.registry.domain.rule_pack_state import PackVersion

Driver = asyncpg.Connection

KEPT = 64
_VERSION = """
SELECT p.code, p.version, p.scope, p.based_on, p.based_on_version, p.content, p.proposed_by, p.proposed_on,
    r.reviewed_by, r.reviewed_on
FROM rule_pack AS p LEFT JOIN rule_pack_review AS r ON r.code = p.code AND r.version = p.version
"""
# Somebody's own county and what stands above it; whoever stands above a county sees the county's, too.
_ON_ONE_LINE = "(starts_with($1, p.scope) OR starts_with(p.scope, $1))"
FIND = f"{_VERSION} WHERE {_ON_ONE_LINE} AND p.code = $2 AND p.version = $3"
LIST = f"""
{_VERSION} WHERE {_ON_ONE_LINE} AND ($2::text IS NULL OR p.code = $2)
  AND ($3::text IS NULL OR (p.code, p.version) > ($3, $4::int))
ORDER BY p.code, p.version LIMIT $5
"""
CONTENT = "SELECT content FROM rule_pack WHERE code = $1 AND version = $2"
LAST_VERSION = "SELECT max(version) FROM rule_pack WHERE code = $1"
ADD = """
INSERT INTO rule_pack (code, version, scope, based_on, based_on_version, content, proposed_by, proposed_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
ADD_REVIEW = """
INSERT INTO rule_pack_review (code, version, proposed_by, reviewed_by, reviewed_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
ADD_ACTIVATION = """
INSERT INTO rule_pack_activation (id, code, version, scope, active_from, actor_id, activated_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
IN_FORCE = """
SELECT a.code, a.version, a.active_from, p.content FROM rule_pack_activation AS a
LEFT JOIN rule_pack AS p ON p.code = a.code AND p.version = a.version
WHERE a.active_from <= $1 AND starts_with($2, a.scope)
ORDER BY a.active_from DESC, a.recorded_at DESC, a.id DESC LIMIT 1
"""
ACTIVATIONS = """
SELECT p.id, p.code, p.version, p.scope, p.active_from, p.actor_id, p.activated_on, p.recorded_at
FROM rule_pack_activation AS p
WHERE (starts_with($1, p.scope) OR starts_with(p.scope, $1)) AND p.code = $2 AND p.version = $3
ORDER BY p.active_from, p.id LIMIT 100
"""
LOCK_ACTIVATIONS = "SELECT pg_advisory_xact_lock(hashtextextended('rule-packs', 0))"
HOLD_ACTIVATIONS = "SELECT pg_advisory_xact_lock_shared(hashtextextended('rule-packs', 0))"
# What an area decides by the rules of its day: rounds keep those of their opening, exits follow those of their own days.
USED_UNTIL = """
SELECT greatest(
    (SELECT max(p.opened_on) FROM round AS p WHERE starts_with($1, p.scope) OR starts_with(p.scope, $1)),
    (SELECT max(n.posted_on) FROM notice AS n
     WHERE n.kind IN ('exit-notice', 'area-exit-notice') AND starts_with(n.area_code, $1)),
    (SELECT max(e.pre_exited_on) FROM pre_exit AS e WHERE starts_with(e.area_code, $1))
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """From which day on a pack is in force in an area."""

    id: UUID
    code: str
    version: int
    scope: str
    active_from: date
    actor_id: str
    activated_on: date
    recorded_at: datetime


async def find_version(driver: "Driver[Any]", code: str, version: int, *, area: str) -> PackVersion | None:
    """Return a version that was proposed above, in or below an area."""
    row = await driver.fetchrow(FIND, area, code, version)
    return None if row is None else _version_of(row)


async def list_versions(
    driver: "Driver[Any]", *, area: str, code: str | None, after: tuple[str, int] | None, limit: int
) -> list[PackVersion]:
    """Return versions by code and number."""
    rows = await driver.fetch(LIST, area, code, *(after or (None, None)), limit)
    return [_version_of(row) for row in rows]


async def find_pack(driver: "Driver[Any]", code: str, version: int) -> RulePack | None:
    """Return the pack of a version, whoever proposed it."""
    content = await driver.fetchval(CONTENT, code, version)
    return None if content is None else decoded(content)


async def last_version(driver: "Driver[Any]", code: str) -> int:
    """Return the highest number that was given for a code."""
    return await driver.fetchval(LAST_VERSION, code) or 0


async def add_version(driver: "Driver[Any]", version: PackVersion, at: datetime) -> None:
    """Keep a proposed version."""
    pack, (based_on, number) = version.pack, version.based_on or (None, None)
    content = msgspec.json.encode(pack)
    await driver.execute(
        ADD,
        *(pack.code, pack.version, version.scope, based_on, number),
        *(content, version.proposed_by, version.proposed_on, at),
    )


async def add_review(driver: "Driver[Any]", version: PackVersion, at: datetime) -> None:
    """Keep that a second person reviewed a version."""
    pack = version.pack
    await driver.execute(
        ADD_REVIEW, pack.code, pack.version, version.proposed_by, version.reviewed_by, version.reviewed_on, at
    )


async def lock_activations(driver: "Driver[Any]") -> None:
    """Let nobody begin by the rules of a day, nor bring others into force, until the transaction ends."""
    await driver.execute(LOCK_ACTIVATIONS)


async def hold_activations(driver: "Driver[Any]") -> None:
    """Let nobody bring a pack into force until what is begun by the rules of its day is stored."""
    await driver.execute(HOLD_ACTIVATIONS)


async def add_activation(driver: "Driver[Any]", added: Activation) -> None:
    """Keep from which day on a version is in force."""
    a = added
    await driver.execute(
        ADD_ACTIVATION,
        *(a.id, a.code, a.version, a.scope, a.active_from, a.actor_id, a.activated_on, a.recorded_at),
    )


async def find_in_force(driver: "Driver[Any]", on: date, area: str) -> Any:
    """Return the activation that speaks last of a day in an area, with its pack's content unless it was shipped."""
    return await driver.fetchrow(IN_FORCE, on, area)


async def list_activations(driver: "Driver[Any]", code: str, version: int, *, area: str) -> list[Activation]:
    """Return from which days on a version is in force, above, in or below an area."""
    return [Activation(**dict(row)) for row in await driver.fetch(ACTIVATIONS, area, code, version)]


async def used_until(driver: "Driver[Any]", scope: str) -> date | None:
    """Return the last day whose rules an area has used: a round opened above, in or below it, an exit agreed or posted."""
    day: date | None = await driver.fetchval(USED_UNTIL, scope)
    return day


@lru_cache(maxsize=KEPT)
def decoded(content: bytes) -> RulePack:
    """Return the pack of a stored content, which never changes."""
    return msgspec.json.decode(content, type=RulePack)


def _version_of(row: Any) -> PackVersion:
    based_on = None if row["based_on"] is None else (row["based_on"], row["based_on_version"])
    return PackVersion(
        pack=decoded(row["content"]),
        scope=row["scope"],
        based_on=based_on,
        proposed_by=row["proposed_by"],
        proposed_on=row["proposed_on"],
        reviewed_by=row["reviewed_by"],
        reviewed_on=row["reviewed_on"],
    )
