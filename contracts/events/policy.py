"""What the registry publishes about the rules in force, and about areas that leave by them."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from contracts import topics
from contracts.values import PUBLIC, AreaCode, RulePackCode


class RulePackActivated(Struct, frozen=True, kw_only=True):
    """A reviewed rule pack comes into force on a day."""

    event_type: ClassVar[str] = "registry.rule-pack-activated.v1"
    topic: ClassVar[str] = topics.RULES
    data_class: ClassVar[str] = PUBLIC
    subject_kind: ClassVar[str] = "rule-pack"

    code: RulePackCode
    version: int
    active_from: date
    document: str

    def subject_id(self) -> str:
        """Return the pack's code."""
        return self.code


class AreaExited(Struct, frozen=True, kw_only=True):
    """A village, township or county left the list of poor areas by computed criteria."""

    event_type: ClassVar[str] = "registry.area-exited.v1"
    topic: ClassVar[str] = topics.AREA
    data_class: ClassVar[str] = PUBLIC
    subject_kind: ClassVar[str] = "area"

    area_code: AreaCode
    level: str
    exited_on: date
    as_of: date
    poor_persons: int
    rural_population: int
    incidence: str
    rule_pack: RulePackCode

    def subject_id(self) -> str:
        """Return the area's code."""
        return self.area_code


EVENTS = (
    RulePackActivated,
    AreaExited,
)
