"""No binary fraction near money: 0.1 + 0.2 is not 0.3, and the auditor counts in fen."""

import ast
import re
from collections.abc import Iterator

from scripts.lints.source import PRODUCT, Hit, Lint, Source, Tree, python_in

MONEY = re.compile(r"(^|_)(amounts?|fen|yuan|money|balance|rate_fen|price|cost)(_|$)")
MONEY_MODULES = {"chassis.money", "chassis.money.parse_yuan", "chassis.money.format_yuan"}
PLACES = {"latitude", "longitude"}  # degrees may stand beside money
BINARY_COLUMNS = {"Float", "Double", "REAL", "DOUBLE_PRECISION"}


def _is_float(node: ast.expr | None) -> bool:
    """Tell whether an expression is a float: its type, a call of it or a literal."""
    if node is None:
        return False
    return any(
        (isinstance(part, ast.Name) and part.id == "float")
        or (isinstance(part, ast.Constant) and isinstance(part.value, float))
        for part in ast.walk(node)
    )


def _names_money(node: ast.AST) -> bool:
    for part in ast.walk(node):
        name = {ast.Name: "id", ast.Attribute: "attr", ast.arg: "arg", ast.keyword: "arg"}.get(type(part))
        if name and MONEY.search(str(getattr(part, name) or "").lower()):
            return True
    return False


def _is_binary_column(node: ast.Call) -> bool:
    first = node.args[0] if node.args else None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str) and MONEY.search(first.value)):
        return False
    return any(isinstance(p, ast.Name) and p.id in BINARY_COLUMNS for a in node.args for p in ast.walk(a))


def _near_money(node: ast.AST) -> bool:
    """Tell whether the node binds, passes or computes a float where a name says money."""
    match node:
        case ast.AnnAssign(target=target, annotation=annotation, value=value):
            near = _names_money(target) and (_is_float(annotation) or _is_float(value))
        case ast.Assign(targets=targets, value=value):
            near = any(map(_names_money, targets)) and _is_float(value)
        case ast.arg(annotation=annotation):
            near = _names_money(node) and _is_float(annotation)
        case ast.keyword(arg=str(name), value=value):
            near = bool(MONEY.search(name)) and _is_float(value)
        case ast.BinOp():
            near = _is_float(node) and _names_money(node)
        case ast.Call(func=ast.Name(id="float"), args=args):
            near = any(map(_names_money, args))
        case ast.Call():
            near = _is_binary_column(node)
        case _:
            near = False
    return near


def _parts_of_places(source: Source) -> set[int]:
    """Return the nodes that say where something is, not what it costs."""
    parts: set[int] = set()
    for node in source.nodes:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)) if name in PLACES:
                parts.update(map(id, ast.walk(node)))
            case ast.arg(arg=name) if name in PLACES:
                parts.update(map(id, ast.walk(node)))
    return parts


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield floats in names of money anywhere, and any float in a module that imports money."""
    handles_money = bool(MONEY_MODULES & source.imported)
    places = _parts_of_places(source) if handles_money else set()
    seen: set[int] = set()
    for node in source.nodes:
        is_bare = isinstance(node, ast.Name | ast.Constant) and _is_float(node) and id(node) not in places
        is_near = _near_money(node) or (handles_money and is_bare)
        line = getattr(node, "lineno", 0)
        if is_near and line not in seen:
            seen.add(line)
            yield line, "a float near money; use integer fen, or Decimal while computing"


LINT = Lint(
    name="float",
    reason="A float loses fen without a word.",
    holds=python_in(*PRODUCT),
    check=check,
)
