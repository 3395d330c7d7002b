"""The findings that supervision holds against the planted cases: each found exactly once, and nothing else."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cli.demo.tried import TriedGate
from cli.demo.world import World
from cli.sample.figures import ComparedFigure
from cli.sample.plan import PlantedCase


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFinding:
    """One line of the second table: a planted case with what was found, or a finding that nobody planted."""

    rule: str
    subject: str
    planted: str | None
    found: int
    observed: str
    expected: str

    @property
    def is_equal(self) -> bool:
        """Return whether a planted case was found exactly once."""
        return self.planted is not None and self.found == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The closing tables."""

    figures: tuple[ComparedFigure, ...]
    findings: tuple[ComparedFinding, ...]
    gates: tuple[TriedGate, ...]

    @property
    def is_equal(self) -> bool:
        """Return whether every figure and finding is as expected, and every gate held."""
        return not self.wrong_lines

    @property
    def wrong_lines(self) -> int:
        """Return how many lines are not as expected."""
        unequal = sum(not one.is_equal for one in self.figures) + sum(
            not one.is_equal for one in self.findings
        )
        return unequal + sum(not one.is_held for one in self.gates)


def compare_findings(world: World, findings: Iterable[dict[str, Any]]) -> tuple[ComparedFinding, ...]:
    """Return one line for each planted case, then one for each finding that was not planted."""
    found = list(findings)
    counts = Counter((one["rule"], one["subject"]) for one in found)
    first = {(one["rule"], one["subject"]): one for one in reversed(found)}
    planted = {(case.rule.value, subject_of(world, case)): case for case in world.plan.planted}
    lines = []
    for (rule, subject), case in planted.items():
        finding = first.get((rule, subject), {})
        lines.append(
            ComparedFinding(
                rule=rule,
                subject=subject,
                planted=case.case_id,
                found=counts[rule, subject],
                observed=str(finding.get("observed", "-")),
                expected=str(finding.get("expected", case.expected)),
            )
        )
    lines += [
        ComparedFinding(
            rule=rule,
            subject=subject,
            planted=None,
            found=counts[rule, subject],
            observed=str(finding["observed"]),
            expected=str(finding["expected"]),
        )
        for (rule, subject), finding in first.items()
        if (rule, subject) not in planted
    ]
    return tuple(lines)


def subject_of(world: World, case: PlantedCase) -> str:
    """Return the subject of a planted case with the id that its service gave it."""
    kind, _, key = case.subject.partition("/")
    ids = {
        "claim": world.claims,
        "house": world.houses,
        "household": world.households,
        "round": world.rounds,
        "notice": world.cut_notices,
    }
    return f"{kind}/{ids[kind][key] if kind in ids else key}"
