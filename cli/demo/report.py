"""What the demo prints: progress while it plays, two tables at the end, and what to open first."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from cli.demo.play import Report
from cli.demo.tried import TriedGate
from cli.demo.verdict import Verdict
from cli.demo.world import World
from cli.sample.step import CalendarStep
from cli.show import err, out, show_table

EQUAL = {True: "yes", False: "NO"}


@contextmanager
def progress(total: int) -> Iterator[tuple[Report, Any]]:
    """Yield a function that reports a step done, and one that says what is being done; both show on standard error."""
    columns = (
        SpinnerColumn(),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=err()) as bar:
        task = bar.add_task("starting the platform", total=total)

        def say(text: str) -> None:
            bar.update(task, description=text)
            if not err().is_terminal:
                err().print(f"{bar.tasks[0].elapsed or 0:6.1f} s  {text}")

        def report(step: CalendarStep) -> None:
            bar.advance(task)
            count = f" ({len(step.refs):,})" if len(step.refs) > 1 else ""
            say(f"{step.on}  {step.step.value.replace('-', ' ')}{count}")

        yield report, say


def show_verdict(world: World, verdict: Verdict) -> None:
    """Print the figures and the findings beside what was expected of them."""
    out().print(f"{world.plan.county.name}: {world.plan.note}", soft_wrap=True)
    show_table(
        "Figures",
        ("figure", "expected", "observed", "source", "equal"),
        [
            (one.label, one.expected_text, one.observed_text, one.source, EQUAL[one.is_equal])
            for one in verdict.figures
        ],
    )
    show_table(
        "Findings",
        ("rule", "planted as", "found", "observed", "expected", "equal"),
        [
            (
                one.rule,
                one.planted or "not planted",
                one.found,
                one.observed,
                one.expected,
                EQUAL[one.is_equal],
            )
            for one in verdict.findings
        ],
    )
    show_table(
        "Gates of the procedure tried before their turn",
        ("gate", "tried", "refused", "as", "rule", "document"),
        _gate_lines(verdict.gates),
    )
    wrong = verdict.wrong_lines
    out().print(
        "Every figure and every finding is as expected, and every gate held."
        if not wrong
        else f"{wrong} lines are not as expected."
    )


def _gate_lines(gates: Iterable[TriedGate]) -> list[tuple[object, ...]]:
    """Return a line for each gate and answer, with how often it was tried and how often it was refused by a rule."""
    tried = Counter((one.gate, one.code, one.rule, one.basis) for one in gates)
    held = Counter((one.gate, one.code, one.rule, one.basis) for one in gates if one.is_held)
    return [
        (gate, count, held[gate, code, rule, basis], code or "-", rule or "-", basis or "-")
        for (gate, code, rule, basis), count in tried.items()
    ]


def verdict_as_json(world: World, verdict: Verdict) -> dict[str, Any]:
    """Return both tables as JSON-able values."""
    return {
        "county": world.plan.county.key,
        "seed": world.plan.seed,
        "equal": verdict.is_equal,
        "insurer_was_told": world.answers,
        "figures": [
            {
                "key": one.key,
                "expected": one.expected,
                "observed": one.observed,
                "unit": one.unit,
                "source": one.source,
                "equal": one.is_equal,
            }
            for one in verdict.figures
        ],
        "findings": [
            {
                "rule": one.rule,
                "subject": one.subject,
                "planted": one.planted,
                "found": one.found,
                "observed": one.observed,
                "expected": one.expected,
                "equal": one.is_equal,
            }
            for one in verdict.findings
        ],
        "gates": [{**asdict(one), "held": one.is_held} for one in verdict.gates],
    }
