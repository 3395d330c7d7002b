"""A service's SQL touches only its own tables; what others know arrives as facts."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from contracts.topics import GATEWAY, SERVICES
from scripts.lints.source import Hit, Lint, Source, Tree, python_in

TOUCHED = re.compile(
    r'\b(?:from|join|into|update|table|truncate)\s+(?:only\s+)?(?:"?(?P<schema>[a-z_]+)"?\.)?"?(?P<table>[a-z_]+)"?',
    re.IGNORECASE,
)
STATEMENT = re.compile(
    r"^\s*(?:select|insert|update|delete|with|copy|truncate|merge|lock|alter|create|drop|from|join|left|inner)\b",
    re.IGNORECASE,
)


def owner_of(source: Source) -> str:
    """Return the service a file belongs to, or the gateway, or nothing."""
    parts = source.path.parts
    if parts[0] == "gateway":
        return "gateway"
    return parts[1] if parts[0] == "services" and len(parts) > 2 else ""  # noqa: PLR2004  # services/<name>/<file>


@lru_cache(maxsize=1)
def table_owners(tree: Tree) -> dict[str, set[str]]:
    """Return which services declare a table of each name."""
    owners: dict[str, set[str]] = {}
    for source in tree.sources:
        owner = owner_of(source) if source.is_python and "tables" in source.path.as_posix() else ""
        for name in _declared(source) if owner else ():
            owners.setdefault(name, set()).add(owner)
    return owners


def _declared(source: Source) -> Iterator[str]:
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(id="Table"), args=[ast.Constant(value=str(name)), *_]):
                yield name


def _statements(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the strings that read like SQL, f-strings by their fixed parts."""
    docstrings = {id(node.value) for node in source.nodes if isinstance(node, ast.Expr)}
    for node in source.nodes:
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings and STATEMENT.match(text):
                yield node.lineno, text


def check(source: Source, tree: Tree) -> Iterator[Hit]:
    """Yield statements on another service's schema, or on a table only another service declares."""
    own, owners = owner_of(source), table_owners(tree)
    for line, statement in _statements(source):
        for touched in TOUCHED.finditer(statement):
            schema, table = touched["schema"], touched["table"].lower()
            declared_by = owners.get(table, {own})
            is_foreign_schema = schema in {*SERVICES, GATEWAY} and schema != own
            if is_foreign_schema or (own not in declared_by and schema != own):
                yield (
                    line,
                    f"{own} touches {touched[0].split()[-1]}, which is {schema or '/'.join(sorted(declared_by))}'s",
                )


LINT = Lint(
    name="foreign-table",
    reason="Each service can be moved to its own server by changing its URL.",
    holds=lambda source: python_in("services", "gateway")(source) and bool(owner_of(source)),
    check=check,
)
