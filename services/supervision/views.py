"""What is read: findings, rules, the trail and how far supervision has looked."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.supervision import schemas
from services.supervision.domain.chain import START, first_broken
from services.supervision.domain.errors import FindingUnknown
from services.supervision.domain.rule import Rule
from services.supervision.store import rule as rules_store
from services.supervision.store import trail
from services.supervision.store.finding import COLUMNS

FINDINGS = f"""
SELECT {COLUMNS} FROM finding
WHERE starts_with(area_code, $1) AND ($3::uuid IS NULL OR id > $3)
  AND ($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR rule = $5)
  AND ($6::text IS NULL OR subject = $6) AND ($7::uuid IS NULL OR households @> ARRAY[$7])
  AND ($8::text IS NULL OR severity = $8)
ORDER BY id LIMIT $2
"""  # noqa: S608
ONE_FINDING = f"SELECT {COLUMNS} FROM finding WHERE id = $1 AND starts_with(area_code, $2)"  # noqa: S608
EVIDENCE = """
SELECT position, recorded_at, payload FROM trail WHERE event_id = ANY($1) ORDER BY position
"""
TRAIL = """
SELECT position, payload FROM trail
WHERE position > $1 AND starts_with(area_code, $2)
  AND ($4::text IS NULL OR type = $4) AND ($5::text IS NULL OR subject = $5)
  AND ($6::timestamptz IS NULL OR recorded_at >= $6)
ORDER BY position LIMIT $3
"""
HEARD_AT = "SELECT recorded_at FROM trail ORDER BY position DESC LIMIT 1"
# The chain can only be checked whole; the answer tells positions and hashes, never an entry.
WHOLE_AREA = "SELECT set_config('tuopin.area', 'area:', true)"
CHECKED_AT_ONCE = 5000


class Wanted(NamedTuple):
    """Which findings a caller asks for."""

    state: str | None = None
    rule: str | None = None
    subject: str | None = None
    household: UUID | None = None
    severity: str | None = None


class Looked(NamedTuple):
    """Which entries of the trail a caller asks for."""

    after: int
    limit: int
    type: str | None = None
    subject: str | None = None
    since: datetime | None = None


async def list_findings(
    unit: UnitOfWork, wanted: Wanted, *, cursor: str | None, limit: int
) -> Page[schemas.Finding]:
    """Return findings in the order in which they were opened."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(
        FINDINGS,
        unit.principal.area,
        limit + 1,
        last,
        wanted.state,
        wanted.rule,
        wanted.subject,
        wanted.household,
        wanted.severity,
    )
    return page_of(rows, limit, lambda row: schemas.Finding(**_fields(row)), lambda row: (row["id"],))


async def show_finding(unit: UnitOfWork, finding_id: UUID) -> schemas.FindingInFull:
    """Return one finding with the events that opened and closed it."""
    row = await unit.driver.fetchrow(ONE_FINDING, finding_id, unit.principal.area)
    if row is None:
        raise FindingUnknown
    named = {*row["evidence"], row["opened_by"], row["closed_by"]} - {None}
    events = [
        schemas.EvidenceEvent(
            position=entry["position"],
            recorded_at=entry["recorded_at"],
            envelope=msgspec.json.decode(entry["payload"]),
        )
        for entry in await unit.driver.fetch(EVIDENCE, list(named))
    ]
    return schemas.FindingInFull(**_fields(row), events=events)


async def list_rules(unit: UnitOfWork) -> schemas.RuleList:
    """Return every version of every rule."""
    in_use, waiting = await rules_store.list_rules(unit.driver)
    shown = [rule_of(rule, is_adopted=True) for rule in in_use]
    shown += [rule_of(rule, is_adopted=False) for rule in waiting]
    return schemas.RuleList(items=sorted(shown, key=lambda rule: (rule.code, rule.version)))


def rule_of(rule: Rule, *, is_adopted: bool) -> schemas.Rule:
    """Return a rule as it is answered."""
    return schemas.Rule(
        code=rule.code,
        version=rule.version,
        kind=rule.kind,
        parameters=msgspec.to_builtins(rule.terms),
        severity=rule.severity,
        effective_from=rule.effective_from,
        effective_to=rule.effective_to,
        basis_document=rule.basis_document,
        explanation=schemas.Explanation(**rule.explanation),
        is_adopted=is_adopted,
    )


async def read_trail(unit: UnitOfWork, looked: Looked) -> bytes:
    """Return entries as JSON, each envelope exactly as it was heard."""
    rows = await unit.driver.fetch(
        TRAIL, looked.after, unit.principal.area, looked.limit, looked.type, looked.subject, looked.since
    )
    items = [{"position": row["position"], "envelope": msgspec.Raw(row["payload"])} for row in rows]
    following = rows[-1]["position"] if len(rows) == looked.limit else None
    return msgspec.json.encode({"items": items, "next": following})


async def verify_trail(unit: UnitOfWork) -> schemas.Verification:
    """Recompute every hash from the first entry on, and compare the end with the head that was kept."""
    await unit.driver.execute(WHOLE_AREA)
    progress = await trail.read_progress(unit.driver)
    head, broken = START, None
    while broken is None and (links := await trail.links_after(unit.driver, head.position, CHECKED_AT_ONCE)):
        head, broken = first_broken(head, links)
    if broken is None and head.position < progress.head.position:
        broken = head.position + 1  # entries were cut off at the end
    return schemas.Verification(
        is_whole=broken is None,
        checked_through=head.position,
        head_position=progress.head.position,
        head_hash=progress.head.hash.hex(),
        first_broken=broken,
    )


async def show_clock(unit: UnitOfWork) -> schemas.Clock:
    """Return how far supervision has looked."""
    progress = await trail.read_progress(unit.driver)
    return schemas.Clock(
        business_date=unit.today,
        deadlines_through=progress.through,
        events_through=progress.head.position,
        events_through_at=await unit.driver.fetchval(HEARD_AT),
    )


def _fields(row: Any) -> dict[str, Any]:
    fields = dict(row)
    fields["explanation"] = schemas.Explanation(**fields["explanation"])
    return fields
