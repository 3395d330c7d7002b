"""Findings: written as they stand after a batch, never deleted but by a rebuild that makes them anew."""

from collections.abc import Iterable
from typing import Any

import asyncpg
import msgspec

from services.supervision.domain.finding import OPEN, Finding

Driver = asyncpg.Connection

COLUMNS = (
    "id, area_code, rule, rule_version, kind, severity, state, subject, occurrence, households, observed, expected, "
    "explanation, evidence, due_on, opened_on, opened_at, opened_by, closed_on, closed_at, closed_by, reason"
)
MARKS = ", ".join(f"${number}" for number in range(1, 23))
SAVE = f"""
INSERT INTO finding ({COLUMNS}) VALUES ({MARKS})
ON CONFLICT (id) DO UPDATE SET
    area_code = excluded.area_code, rule_version = excluded.rule_version, severity = excluded.severity,
    state = excluded.state, households = excluded.households, observed = excluded.observed,
    expected = excluded.expected, explanation = excluded.explanation, evidence = excluded.evidence,
    due_on = excluded.due_on, closed_on = excluded.closed_on, closed_at = excluded.closed_at,
    closed_by = excluded.closed_by, reason = excluded.reason
"""  # noqa: S608


async def save_findings(driver: "Driver[Any]", findings: Iterable[Finding]) -> None:
    """Store findings; those that closed first, so that their successor may be the open one."""
    rows = [_row(finding) for finding in sorted(findings, key=lambda finding: finding.state == OPEN)]
    if rows:
        # Arrays of arrays cannot be unnested by row: a prepared statement is sent once and pipelined instead.
        await driver.executemany(SAVE, rows)


def _row(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.id,
        finding.area_code,
        finding.rule,
        finding.rule_version,
        finding.kind,
        finding.severity,
        finding.state,
        finding.subject,
        finding.occurrence,
        list(finding.households),
        finding.observed,
        finding.expected,
        msgspec.json.encode(finding.explanation).decode(),
        list(finding.evidence),
        finding.due_on,
        finding.opened_on,
        finding.opened_at,
        finding.opened_by,
        finding.closed_on,
        finding.closed_at,
        finding.closed_by,
        finding.reason,
    )
