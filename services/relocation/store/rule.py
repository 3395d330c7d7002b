"""Rule editions in the database; their numbers are JSON of the shape that the kind has."""

from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from services.relocation.domain.rule import (
    AREA_CAP,
    HOUSING_SUBSIDY,
    INFRASTRUCTURE_STANDARD,
    AreaCap,
    HousingProgramme,
    InfrastructureStandard,
    Rule,
    Terms,
)

Driver = asyncpg.Connection

COLUMNS = "id, kind, value::text AS value, effective_from, effective_to, basis_document"
SHAPES: dict[str, type[Terms]] = {
    AREA_CAP: AreaCap,
    INFRASTRUCTURE_STANDARD: InfrastructureStandard,
    HOUSING_SUBSIDY: HousingProgramme,
}
ADD = """
INSERT INTO rule (id, kind, value, effective_from, effective_to, basis_document, published_by, recorded_at)
VALUES ($1, $2, $3::text::jsonb, $4, $5, $6, $7, $8)
"""


def rule_of(row: Any) -> Rule:
    """Return a rule from a row with COLUMNS."""
    return Rule(
        id=row["id"],
        kind=row["kind"],
        terms=msgspec.json.decode(row["value"], type=SHAPES[row["kind"]]),
        effective_from=row["effective_from"],
        effective_to=row["effective_to"],
        basis_document=row["basis_document"],
    )


async def lock_kind(driver: "Driver[Any]", kind: str) -> None:
    """Let one transaction at a time publish editions of a kind, so that no two overlap."""
    await driver.execute("SELECT pg_advisory_xact_lock(hashtextextended('rule/' || $1, 0))", kind)


async def list_editions(driver: "Driver[Any]", kind: str) -> list[Rule]:
    """Return all editions of a kind."""
    rows = await driver.fetch(
        f"SELECT {COLUMNS} FROM rule WHERE kind = $1 ORDER BY effective_from LIMIT 1000",  # noqa: S608
        kind,
    )
    return [rule_of(row) for row in rows]


async def add_rule(driver: "Driver[Any]", rule: Rule, *, by: str, at: datetime) -> None:
    """Insert an edition."""
    await driver.execute(
        ADD,
        rule.id,
        rule.kind,
        msgspec.json.encode(rule.terms).decode(),
        rule.effective_from,
        rule.effective_to,
        rule.basis_document,
        by,
        at,
    )
