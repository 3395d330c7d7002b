"""Tests do not replace our own code: a test of a replacement proves nothing about what is shipped."""

import ast
from collections.abc import Iterator

from scripts.lints.source import PRODUCT, Hit, Lint, Source, Tree, python_in

REPLACING = {"patch", "setattr", "object", "dict", "multiple", "delattr"}
OWN = tuple(f"{room}." for room in PRODUCT)


def _is_replacing(node: ast.Call) -> bool:
    match node.func:
        case ast.Name(id="patch"):
            return True
        case ast.Attribute(value=ast.Name(id="monkeypatch" | "patch" | "mocker" | "mock"), attr=attr):
            return attr in REPLACING
        case ast.Attribute(attr="patch", value=ast.Attribute() | ast.Name()):
            return not node.keywords and bool(node.args) and isinstance(node.args[0], ast.Constant)
        case _:
            return False


def _own_names(source: Source) -> frozenset[str]:
    """Return the names by which this file knows our own modules and their members."""
    names: set[str] = set()
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module and f"{node.module}.".startswith(OWN):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            names.update(
                alias.asname or alias.name.split(".")[0]
                for alias in node.names
                if f"{alias.name}.".startswith(OWN)
            )
    return frozenset(names)


def _root_name(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield each replacement whose target is ours, named by a string or by the imported module."""
    own = _own_names(source)
    for node in source.nodes:
        if not (isinstance(node, ast.Call) and node.args and _is_replacing(node)):
            continue
        target = node.args[0]
        by_string = isinstance(target, ast.Constant) and str(target.value).startswith(OWN)
        if by_string or _root_name(target) in own:
            yield (
                node.lineno,
                "a test replaces our own code; use a fake of the bus, the clock or foreign HTTP",
            )


LINT = Lint(
    name="mock",
    reason="A test that runs a replacement stays green when the real code breaks.",
    holds=python_in("tests"),
    check=check,
)
