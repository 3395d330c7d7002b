"""Rule editions in the database; their numbers are JSON of the shape that the kind has."""

from datetime import date, datetime
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
# For whoever looks at the database by day: the row keeps what was published, the next edition ends an open one.
EDITIONS = """(
    SELECT id, kind, value, effective_from, basis_document, coalesce(
        effective_to, lead(effective_from) OVER (PARTITION BY kind ORDER BY effective_from) - 1
    ) AS effective_to FROM rule
) AS edition"""
# A rule holds for everybody: what was decided anywhere counts, and the answer tells a day only.
WHOLE_AREA = "SELECT set_config('tuopin.area', 'area:', true)"
# Each kind is applied on the day of another thing. A house's own day can be corrected, the day its cap is of cannot.
APPLIED = {
    AREA_CAP: "SELECT happened_on AS day FROM house_event WHERE event = 'allocated'",
    INFRASTRUCTURE_STANDARD: "SELECT registered_on AS day FROM site",
    HOUSING_SUBSIDY: "SELECT stage_on AS day FROM subsidy_due",
}
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


async def last_applied(driver: "Driver[Any]", kind: str, *, since: date, before: date | None) -> date | None:
    """Return the last day of a period for which a rule of the kind was applied; for the rest of the transaction
    the whole area is seen.
    """
    await driver.execute(WHOLE_AREA)
    found: date | None = await driver.fetchval(
        f"SELECT max(day) FROM ({APPLIED[kind]}) AS applied "  # noqa: S608
        "WHERE day >= $1 AND ($2::date IS NULL OR day < $2)",
        since,
        before,
    )
    return found


async def hold_editions(driver: "Driver[Any]", kind: str) -> list[Rule]:
    """Return all editions of a kind; nobody publishes another until what is decided by them is stored."""
    await driver.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended('rule/' || $1, 0))", kind)
    return await list_editions(driver, kind)


async def list_editions(driver: "Driver[Any]", kind: str) -> list[Rule]:
    """Return all editions of a kind as they were published."""
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
