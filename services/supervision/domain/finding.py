"""A finding: opened when a rule fires, kept up to date while it does, closed when its cause is gone."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.supervision.domain.rule import Rule

OPEN = "open"
CLOSED = "closed"
_MILLISECOND_BITS = 48


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one rule holds against one subject; `occurrence` tells years apart where a rule fires once a year."""

    id: UUID
    rule: str
    rule_version: int
    kind: str
    severity: str
    subject: str
    occurrence: str
    observed: str
    expected: str
    explanation: dict[str, str]
    evidence: tuple[UUID, ...]
    households: tuple[UUID, ...]
    area_code: str
    due_on: date | None
    opened_on: date
    opened_at: datetime
    opened_by: UUID | None
    state: str = OPEN
    closed_on: date | None = None
    closed_at: datetime | None = None
    closed_by: UUID | None = None
    reason: str | None = None


class Firing(Struct, frozen=True, kw_only=True):
    """A rule that fires on the present state: the content of a finding, without its history."""

    rule: Rule
    subject: str
    observed: str
    expected: str
    evidence: tuple[UUID, ...]
    values: dict[str, Any]
    occurrence: str = ""
    due_on: date | None = None

    @property
    def key(self) -> str:
        """What may be held open only once."""
        return f"{self.rule.code}|{self.subject}|{self.occurrence}"


class Cause(Protocol):
    """What made the rules be asked again: an event, the clock, or a new rule."""

    @property
    def label(self) -> str:
        """What it was, in words."""
        ...

    @property
    def on(self) -> date:
        """The business date it counts for."""
        ...

    @property
    def at(self) -> datetime:
        """The moment it was recorded here."""
        ...

    @property
    def event_id(self) -> UUID | None:
        """The event, if it was one."""
        ...


class Occasion(Struct, frozen=True, kw_only=True):
    """A cause that is no event: the clock has moved, or a rule was adopted."""

    label: str
    on: date
    at: datetime
    event_id: UUID | None = None


class Whose(Struct, frozen=True, kw_only=True):
    """Whom a finding concerns, and where."""

    area_code: str
    households: tuple[UUID, ...]


class Move(StrEnum):
    """What happened to a finding."""

    OPENED = "opened"
    REFRESHED = "refreshed"
    CLOSED = "closed"


Change = tuple[Move, Finding]


def reconcile(
    held: dict[str, Finding], firings: Iterable[Firing], kinds: frozenset[str], *, whose: Whose, cause: Cause
) -> Iterator[Change]:
    """Bring the open findings of some rule kinds in line with what fires now, and yield what changed."""
    gone = {key for key, finding in held.items() if finding.kind in kinds}
    for firing in firings:
        key = firing.key
        known = held.get(key)
        fresh = (
            _open(firing, whose=whose, cause=cause) if known is None else _refresh(known, firing, whose=whose)
        )
        gone.discard(key)
        if fresh != known:
            held[key] = fresh
            yield (Move.OPENED if known is None else Move.REFRESHED), fresh
    for key in sorted(gone):
        finding = held.pop(key)
        yield (
            Move.CLOSED,
            replace(
                finding,
                state=CLOSED,
                closed_on=cause.on,
                closed_at=cause.at,
                closed_by=cause.event_id,
                reason=f"{cause.label} removed the cause",
            ),
        )


def _open(firing: Firing, *, whose: Whose, cause: Cause) -> Finding:
    return Finding(
        id=_id_of(firing.key, cause),
        rule=firing.rule.code,
        rule_version=firing.rule.version,
        kind=firing.rule.kind,
        severity=firing.rule.severity,
        subject=firing.subject,
        occurrence=firing.occurrence,
        observed=firing.observed,
        expected=firing.expected,
        explanation=firing.rule.explain(firing.values),
        evidence=firing.evidence,
        households=whose.households,
        area_code=whose.area_code,
        due_on=firing.due_on,
        opened_on=cause.on,
        opened_at=cause.at,
        opened_by=cause.event_id,
    )


def _refresh(known: Finding, firing: Firing, *, whose: Whose) -> Finding:
    if (
        known.observed == firing.observed
        and known.expected == firing.expected
        and known.evidence == firing.evidence
        and known.rule_version == firing.rule.version
        and known.area_code == whose.area_code
        and known.households == whose.households
    ):
        return known
    return replace(
        known,
        rule_version=firing.rule.version,
        severity=firing.rule.severity,
        observed=firing.observed,
        expected=firing.expected,
        explanation=firing.rule.explain(firing.values),
        evidence=firing.evidence,
        households=whose.households,
        area_code=whose.area_code,
        due_on=firing.due_on,
    )


def _id_of(key: str, cause: Cause) -> UUID:
    """Return a UUIDv7 whose random part is a hash, so that a rebuild gives every finding its old id back."""
    digest = sha256(
        f"{key}|{cause.event_id}|{cause.label}|{cause.on}|{cause.at.isoformat()}".encode()
    ).digest()
    tail = int.from_bytes(digest[:10], "big")
    number = (int(cause.at.timestamp() * 1000) & ((1 << _MILLISECOND_BITS) - 1)) << 80 | tail
    number = number & ~(0xF << 76) | 0x7 << 76
    return UUID(int=number & ~(0x3 << 62) | 0x2 << 62)
