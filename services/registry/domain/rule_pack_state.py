"""A rule pack's way: proposed as a draft, reviewed by a second person, in force from a day on."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from chassis.errors import Forbidden
from services.registry.domain.errors.rule_pack import (
    RulePackDayUsed,
    RulePackInForce,
    RulePackNotReviewed,
    RulePackReviewed,
    RulePackReviewedByProposer,
)
from services.registry.domain.rule_pack import RulePack

DRAFT: Final = "draft"
REVIEWED: Final = "reviewed"
# Packs that come with the service were reviewed with it.
SHIPPED: Final = "shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackVersion:
    """One version of a pack, by whom it was proposed and reviewed; `scope` is the area it was proposed for."""

    pack: RulePack
    scope: str
    proposed_by: str
    proposed_on: date | None = None
    based_on: tuple[str, int] | None = None
    reviewed_by: str | None = None
    reviewed_on: date | None = None

    @property
    def state(self) -> str:
        """Draft until a second person has reviewed it."""
        return DRAFT if self.reviewed_by is None else REVIEWED


def check_review(version: PackVersion, *, reviewer: str, area: str) -> None:
    """Refuse a second review, one from below, and one by whoever proposed the pack (our own: four eyes on every number)."""
    if not version.scope.startswith(area):
        raise Forbidden("A pack is reviewed where it was proposed, or above.")
    if version.reviewed_by is not None:
        raise RulePackReviewed
    if version.proposed_by == reviewer:
        raise RulePackReviewedByProposer


def check_activation(version: PackVersion, *, active_from: date, used_until: date | None) -> None:
    """Refuse a draft, and a day by whose rules a round or an exit began already: rules do not change under a procedure."""
    if version.reviewed_by is None:
        raise RulePackNotReviewed
    if used_until is not None and active_from <= used_until:
        message = (
            f"The rules of {used_until.isoformat()} were used, for a round or an exit; "
            "a pack comes into force after that day."
        )
        raise RulePackDayUsed(message, pointer="/active_from")


def check_change(version: PackVersion, in_force: RulePack) -> None:
    """Refuse to bring into force what is in force on that day already."""
    if (version.pack.code, version.pack.version) == (in_force.code, in_force.version):
        raise RulePackInForce(pointer="/active_from")
