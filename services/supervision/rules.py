"""The rules in use: shipped ones are adopted at the first start, later versions by the ticker."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import asyncpg
import msgspec

from services.supervision.domain.chain import Head
from services.supervision.domain.rule import Rule, terms_of
from services.supervision.store import rule as rules_store
from services.supervision.store import trail

Driver = asyncpg.Connection
SHIPPED: Final = "shipped"


class _Shipped(msgspec.Struct):
    code: str
    kind: str
    severity: str
    parameters: dict[str, Any]
    effective_from: date
    effective_to: date | None
    basis_document: str
    explanation: dict[str, str]


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """Return the first version of every rule that comes with the service."""
    text = Path(__file__).with_name("default_rules.json").read_bytes()
    return tuple(
        Rule(
            code=one.code,
            version=1,
            kind=one.kind,
            terms=terms_of(one.kind, one.parameters),
            severity=one.severity,
            effective_from=one.effective_from,
            effective_to=one.effective_to,
            basis_document=one.basis_document,
            explanation=one.explanation,
        )
        for one in msgspec.json.decode(text, type=list[_Shipped])
    )


async def rules_in_use(
    driver: "Driver[Any]", head: Head, *, on: date, at: datetime
) -> tuple[list[Rule], list[Rule]]:
    """Return the versions in use and those waiting; the shipped ones are adopted when there were none.

    Those that a newer release ships wait as any new rule does, to be asked about everything known. Only the one
    writer may ask: the progress row must be locked.
    """
    in_use, waiting = await rules_store.list_rules(driver)
    known = {rule.code for rule in in_use + waiting}
    missing = [rule for rule in shipped_rules() if rule.code not in known]
    if missing:
        await rules_store.add_rules(driver, missing, by=SHIPPED, at=at)
    if in_use:
        return in_use, waiting + missing
    await note_adopted(driver, head, missing, on=on, at=at)
    return missing, waiting


async def note_adopted(
    driver: "Driver[Any]", head: Head, rules: Sequence[Rule], *, on: date, at: datetime
) -> None:
    """Note after which entry of the trail rules came into use."""
    rows = [(head.position, rule.code, rule.version, on, at) for rule in rules]
    await trail.add_rule_steps(driver, rows)
