"""Only the command line prints: a service speaks by answers, facts and structured logs."""

import ast
from collections.abc import Iterator

from scripts.lints.source import Hit, Lint, Source, Tree, python_in


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield calls of print and pprint."""
    for node in source.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"print", "pprint"}
        ):
            yield node.lineno, "print in a service; log with ids, or return it"


LINT = Lint(
    name="print",
    reason="A printed line has no level, no ids, and may hold a payload.",
    holds=python_in("chassis", "contracts", "services", "gateway"),
    check=check,
)
