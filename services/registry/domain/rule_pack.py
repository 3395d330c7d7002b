"""A rule pack: every line, limit, period, quorum and list that the county procedure counts by, with its document.

Code knows the kinds of rule; the pack says the numbers, and in which document they stand.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from msgspec import Struct

POVERTY_LINE: Final = "poverty"
DIBAO_LINE: Final = "dibao"


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An income line of a year, in fen a person and year; `area` is the beginning of a division code, or all."""

    kind: str
    year: int
    amount_fen: int
    area: str = ""


class EvaluationRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a meeting decides: the share of those entitled who must be there, and of those there who must agree."""

    evaluation: str
    quorum: str
    majority: str

    def is_quorate(self, present: int, eligible: int) -> bool:
        """A meeting at the quorum is quorate."""
        return present >= Fraction(self.quorum) * eligible

    def is_carried(self, votes_for: int, present: int) -> bool:
        """More than the share of those present must agree."""
        return votes_for > Fraction(self.majority) * present


class DeterminationRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which role makes a determination."""

    determination: str
    role: str


class ExitRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a household needs to leave the register as no longer poor."""

    assurances: tuple[str, ...]
    guarantees: tuple[str, ...]
    signature: bool
    policy_kept_months: int


class AreaExitRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a village, township or county needs: an incidence in percent it may not exceed, and further criteria.

    `limits` holds the percentage that a further criterion must reach; 100 where none stands.
    """

    level: str
    max_incidence_percent: str
    further: tuple[str, ...]
    notice_days: int
    limits: Mapping[str, str] = {}


class StabilityRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When income counts as stable: above the line in so many looks, with so large a share earned, not transferred."""

    looks: int
    earned_share_percent: str


class RulePack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a pack."""

    code: str
    version: int
    title: str
    document: str
    documents: Mapping[str, str]
    lines: tuple[Line, ...]
    evaluations: tuple[EvaluationRule, ...]
    determinations: tuple[DeterminationRule, ...]
    notice_days: Mapping[str, int]
    visit_team_min: int
    checks: tuple[str, ...]
    ruled_out_by: tuple[str, ...]
    add_reasons: tuple[str, ...]
    remove_reasons: tuple[str, ...]
    correct_reasons: tuple[str, ...]
    turn_down_reasons: tuple[str, ...]
    exit: ExitRule
    area_exits: tuple[AreaExitRule, ...]
    stability: StabilityRule
    freshness_months: int
    key_village_above_households: int
    # A national pack that comes with the service is in force from a day on without a command.
    adopted_from: date | None = None

    def basis(self, rule: str) -> str:
        """Return the document that a rule stands in; the pack's own where none is named."""
        return self.documents.get(rule, self.document)

    def line(self, kind: str, year: int, area: str = "") -> Line | None:
        """Return a line of a year for an area: the nearest area's, of the latest year that is not later."""
        found = [
            line
            for line in self.lines
            if line.kind == kind and line.year <= year and area.startswith(line.area)
        ]
        return max(found, key=lambda line: (line.year, len(line.area)), default=None)

    def line_fen(self, kind: str, year: int, area: str = "") -> int | None:
        """Return the amount of a line of a year for an area."""
        line = self.line(kind, year, area)
        return line.amount_fen if line else None

    def evaluation(self, kind: str) -> EvaluationRule:
        """Return the rule of one of the evaluations."""
        return next(rule for rule in self.evaluations if rule.evaluation == kind)

    def determination(self, kind: str) -> DeterminationRule:
        """Return the rule of one of the determinations."""
        return next(rule for rule in self.determinations if rule.determination == kind)

    def area_exit(self, level: str) -> AreaExitRule | None:
        """Return the rule by which areas of a level leave, where the pack has one."""
        return next((rule for rule in self.area_exits if rule.level == level), None)
