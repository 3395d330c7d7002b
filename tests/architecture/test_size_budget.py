"""Everything can be read in one sitting: functions, modules, arguments and nesting have a budget."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import tree

LINES_OF_FUNCTION = 40
LINES_OF_MODULE = 300
LINES_OF_CHASSIS_MODULE = 250
POSITIONAL = 4
NESTING = 3

ALLOWED = Path(__file__).with_name("size_allowed.txt")
CALLED_BY_NAME = re.compile(r"(router|app|\w*_app)\.\w+|command|callback|fixture|tool")
NESTS = (
    ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.TryStar | ast.Match
)


def allowed() -> dict[str, str]:
    """Return what may exceed which limit."""
    lines = [line for line in ALLOWED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split(" because ")[0].rsplit(" ", 1) for line in lines)


def depth(node: ast.AST, above: int = 0) -> int:
    """Return how deep control statements stand inside each other; an `elif` is not deeper than its `if`."""
    deepest = above
    for field, value in ast.iter_fields(node):
        children = value if isinstance(value, list) else [value]
        for child in children:
            if not isinstance(child, ast.AST) or isinstance(child, tree.Function | ast.ClassDef | ast.Lambda):
                continue
            is_elif = isinstance(node, ast.If) and field == "orelse" and len(children) == 1
            step = int(isinstance(child, NESTS) and not (is_elif and isinstance(child, ast.If)))
            deepest = max(deepest, depth(child, above + step))
    return deepest


def positional(function: tree.Function) -> int:
    """Return how many arguments a caller may pass by position; frameworks call by name."""
    if any(CALLED_BY_NAME.search(ast.unparse(decorator)) for decorator in function.decorator_list):
        return 0
    if function.name.startswith("test_"):
        return 0
    arguments = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(arguments) - int(arguments[:1] in (["self"], ["cls"]))


def oversized(path: Path, text: str) -> Iterator[tuple[str, str, int]]:
    """Yield what exceeds the budget: place, limit, measure."""
    place = tree.name(path)
    module_limit = LINES_OF_CHASSIS_MODULE if place.startswith("chassis/") else LINES_OF_MODULE
    is_revision = "migrations" in path.parts  # a revision is written once, by a generator, and only read
    if (lines := len(text.splitlines())) > module_limit and not is_revision:
        yield place, "module", lines
    for dotted, function in tree.functions(ast.parse(text)):
        measures = {
            "lines": (function.end_lineno or 0) - function.lineno + 1,
            "positional": positional(function),
            "nesting": depth(function),
        }
        limits = {"lines": LINES_OF_FUNCTION, "positional": POSITIONAL, "nesting": NESTING}
        for limit, measure in measures.items():
            if measure > limits[limit] and not (is_revision and limit == "lines"):
                yield f"{place}::{dotted}", limit, measure


@cache
def all_oversized() -> dict[str, str]:
    """Return everything in the tree that exceeds the budget, by place, with its limit."""
    found: dict[str, str] = {}
    for path in tree.files(*tree.ALL):
        for place, limit, measure in oversized(path, path.read_text("utf-8")):
            found[place] = f"{limit} {measure}"
    return found


def test_everything_keeps_its_budget() -> None:
    excused = allowed()

    over = {place: measure for place, measure in all_oversized().items() if place not in excused}

    assert not over, "\n".join(f"{place} {measure}" for place, measure in sorted(over.items()))


def test_every_exception_is_still_needed() -> None:
    assert set(allowed()) <= set(all_oversized())


PLANTED = {
    "module": "x = 1\n" * 301,
    "lines": "def f() -> None:\n" + "    x = 1\n" * 40,
    "positional": "def f(a: int, b: int, c: int, d: int, e: int) -> None: ...\n",
    "nesting": "def f() -> None:\n    if a:\n        for b in c:\n            with d:\n                while e: pass\n",
}


@pytest.mark.parametrize(("limit", "text"), PLANTED.items())
def test_a_planted_excess_is_seen(limit: str, text: str) -> None:
    assert {found for _, found, _ in oversized(tree.ROOT / "cli" / "planted.py", text)} == {limit}


def test_what_just_fits_is_left_alone() -> None:
    fitting = (
        "def f(self, a: int, b: int, c: int, d: int, *, e: int) -> None:\n"
        "    if a:\n        pass\n    elif b:\n        for x in c:\n            with x:\n                pass\n"
    )

    assert list(oversized(tree.ROOT / "cli" / "planted.py", fitting)) == []


def test_a_chassis_module_has_the_smaller_budget() -> None:
    text = "x = 1\n" * 251

    assert [limit for _, limit, _ in oversized(tree.ROOT / "chassis" / "planted.py", text)] == ["module"]
    assert not list(oversized(tree.ROOT / "cli" / "planted.py", text))
