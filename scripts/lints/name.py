"""Names say what a thing is: a Manager, a Helper or a Base says only that nobody knew."""

import ast
import re
from collections.abc import Iterator

from scripts.lints.source import PRODUCT, Hit, Lint, Source, Tree, python_in

EMPTY_CLASS = re.compile(r"(Manager|Helpers?|Utils?|Base|Impl|Abstract\w*)$")
EMPTY_MODULE = re.compile(r"^(utils?|helpers?|managers?|common|misc|base|impl)$")


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield classes and modules with a name that says nothing."""
    if EMPTY_MODULE.match(source.path.stem):
        yield 1, f"the module name {source.path.stem} says nothing about what is inside"
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and EMPTY_CLASS.search(node.name):
            yield node.lineno, f"the class name {node.name} says nothing about what it is"


LINT = Lint(
    name="name",
    reason="Rooms named after nothing collect everything.",
    holds=python_in(*PRODUCT, "deploy", "bench", "scripts", "tests"),
    check=check,
)
