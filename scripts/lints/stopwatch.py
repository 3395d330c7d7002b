"""A test does not say how fast: that is the machine's answer on the day. Figures are taken in bench/, beside a ceiling."""

import ast
from collections.abc import Iterator

from scripts.lints.source import Hit, Lint, Source, Tree, python_in

CLOCKS = {"monotonic", "perf_counter", "time", "process_time"}


def _is_elapsed(node: ast.AST) -> bool:
    """Tell whether something is subtracted from what a clock says."""
    match node:
        case ast.BinOp(op=ast.Sub(), left=ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name))):
            return name in CLOCKS
        case _:
            return False


def _measured(source: Source) -> frozenset[str]:
    """Return the names that hold a time that passed."""
    return frozenset(
        target.id
        for node in source.nodes
        if isinstance(node, ast.Assign) and _is_elapsed(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield each assertion about a time that passed; a loop that waits may have its limit."""
    measured = _measured(source)
    limits = {id(each) for node in source.nodes if isinstance(node, ast.While) for each in ast.walk(node)}
    for node in source.nodes:
        if isinstance(node, ast.Assert) and id(node) not in limits:
            parts = list(ast.walk(node.test))
            if any(
                _is_elapsed(part) or (isinstance(part, ast.Name) and part.id in measured) for part in parts
            ):
                yield node.lineno, "an assertion about time; measure it in bench/, or count what takes it"


LINT = Lint(
    name="stopwatch",
    reason="On a busy machine it fails without a defect, on a fast one it passes with one.",
    # What is killed must be ready again within seconds: there the time is what is promised.
    holds=lambda source: python_in("tests")(source) and source.path.parts[1] != "faults",
    check=check,
)
