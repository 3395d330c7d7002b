"""What supervision publishes: findings, opened when a rule fires and closed when their cause is gone."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from contracts import topics
from contracts.values import INTERNAL


class FindingFact(Struct, frozen=True, kw_only=True):
    """Every fact about a finding says which rule saw what, and where."""

    topic: ClassVar[str] = topics.FINDING
    data_class: ClassVar[str] = INTERNAL
    subject_kind: ClassVar[str] = "finding"

    finding_id: UUID
    rule: str
    rule_version: int
    subject: str
    observed: str
    expected: str
    evidence: tuple[UUID, ...]

    def subject_id(self) -> str:
        """Return the finding's id."""
        return str(self.finding_id)


class FindingOpened(FindingFact, frozen=True, kw_only=True):
    """A rule fired: what was observed is not what was expected."""

    event_type: ClassVar[str] = "supervision.finding-opened.v1"

    opened_on: date


class FindingClosed(FindingFact, frozen=True, kw_only=True):
    """The cause of a finding is gone, or a person explained it; the reason says which."""

    event_type: ClassVar[str] = "supervision.finding-closed.v1"

    closed_on: date
    reason: str


EVENTS = (FindingOpened, FindingClosed)
