"""Versions of rules: published first, in use once a step has adopted them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from services.supervision.domain.rule import Rule, terms_of

Driver = asyncpg.Connection

COLUMNS = (
    "code, version, kind, parameters, severity, effective_from, effective_to, basis_document, explanation"
)
RULES = """
SELECT code, version, kind, parameters::text, severity, effective_from, effective_to, basis_document,
    explanation::text, EXISTS (
    SELECT FROM step AS s WHERE s.rule_code = r.code AND s.rule_version = r.version
) AS is_adopted
FROM rule AS r ORDER BY code, version
"""
IS_PENDING = """
SELECT EXISTS (
    SELECT FROM rule AS r WHERE NOT EXISTS (
        SELECT FROM step AS s WHERE s.rule_code = r.code AND s.rule_version = r.version
    )
) OR NOT EXISTS (SELECT FROM rule)
"""
LAST = "SELECT version, kind FROM rule WHERE code = $1 ORDER BY version DESC LIMIT 1"
ADD = f"""
INSERT INTO rule ({COLUMNS}, published_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""  # noqa: S608


async def list_rules(driver: "Driver[Any]") -> tuple[list[Rule], list[Rule]]:
    """Return the versions in use, and those that wait to be adopted."""
    rows = await driver.fetch(RULES)
    in_use = [rule_of(row) for row in rows if row["is_adopted"]]
    return in_use, [rule_of(row) for row in rows if not row["is_adopted"]]


async def is_pending(driver: "Driver[Any]") -> bool:
    """Tell whether a rule waits to be adopted, or none was ever there."""
    return bool(await driver.fetchval(IS_PENDING))


async def last_version(driver: "Driver[Any]", code: str) -> tuple[int, str | None]:
    """Return the newest version of a rule and its kind; 0 when there is none."""
    row = await driver.fetchrow(LAST, code)
    return (row["version"], row["kind"]) if row else (0, None)


async def add_rules(driver: "Driver[Any]", rules: Sequence[Rule], *, by: str, at: datetime) -> None:
    """Publish versions."""
    await driver.executemany(
        ADD,
        [
            (
                rule.code,
                rule.version,
                rule.kind,
                msgspec.json.encode(rule.terms).decode(),
                rule.severity,
                rule.effective_from,
                rule.effective_to,
                rule.basis_document,
                msgspec.json.encode(rule.explanation).decode(),
                by,
                at,
            )
            for rule in rules
        ],
    )


def rule_of(row: Any) -> Rule:
    """Return a rule as it was stored."""
    return Rule(
        code=row["code"],
        version=row["version"],
        kind=row["kind"],
        terms=terms_of(row["kind"], msgspec.json.decode(row["parameters"])),
        severity=row["severity"],
        effective_from=row["effective_from"],
        effective_to=row["effective_to"],
        basis_document=row["basis_document"],
        explanation=msgspec.json.decode(row["explanation"]),
    )
