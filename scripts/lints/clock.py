"""Time comes in as an argument: a rule that asks the wall clock cannot be replayed or tried at another date."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from scripts.lints.source import PRODUCT, Hit, Lint, Source, Tree, python_in

THE_CLOCK = PurePosixPath("chassis/clock.py")
ASKED = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}


def _base_name(node: ast.expr) -> str:
    """Return the last name before the attribute: `datetime` in `dt.datetime.now`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield each question to the wall clock; durations (monotonic, perf_counter) are free."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in ASKED.get(_base_name(node.value), ()):
            yield (
                node.lineno,
                f"{_base_name(node.value)}.{node.attr} outside chassis/clock.py; take a Clock or a date",
            )
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            taken = ASKED["time"].intersection(alias.name for alias in node.names)
            yield from (
                (node.lineno, f"time.{name} outside chassis/clock.py; take a Clock") for name in taken
            )


LINT = Lint(
    name="clock",
    reason="The business date moves by command; whoever asks the wall clock does not hear of it.",
    holds=lambda source: python_in(*PRODUCT, "deploy")(source) and source.path != THE_CLOCK,
    check=check,
)
