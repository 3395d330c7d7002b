"""Only the unit of work commits: state and its facts become durable together, or not at all."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from scripts.lints.source import PRODUCT, Hit, Lint, Source, Tree, python_in

THE_UNIT = PurePosixPath("chassis/unit_of_work.py")


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield calls of `commit` and the statement COMMIT as a literal."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "commit() outside chassis/unit_of_work.py"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_statement(node.value):
            yield node.lineno, "COMMIT outside chassis/unit_of_work.py"


def _is_statement(text: str) -> bool:
    return text.strip().rstrip(";").strip() == "COMMIT"


LINT = Lint(
    name="commit",
    reason="A second place that commits can commit state without its facts.",
    holds=lambda source: python_in(*PRODUCT)(source) and source.path != THE_UNIT,
    check=check,
)
