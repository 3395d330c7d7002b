"""The project's own Python files, parsed, for tests that hold for all of them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("chassis", "contracts", "services", "gateway", "cli")
ALL = (*SHIPPED, "deploy", "bench", "scripts", "tests")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*rooms: str) -> list[Path]:
    """Return the Python files of these folders, migrations included."""
    return sorted(
        path for room in rooms for path in (ROOT / room).rglob("*.py") if "__pycache__" not in path.parts
    )


def name(path: Path) -> str:
    """Return a file's path inside the tree."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), name(path))


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Yield every function with its dotted name, nested ones too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function | ast.ClassDef):
            dotted = f"{prefix}{node.name}"
            if isinstance(node, Function):
                yield dotted, node
            yield from functions(node, f"{dotted}.")
        else:
            yield from functions(node, prefix)


def public_functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Yield what others may call: functions of the module and methods of its classes, none of them hidden."""
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for member in members:
            if isinstance(member, Function) and not is_private(f"{prefix}{member.name}"):
                yield f"{prefix}{member.name}", member


def is_private(dotted: str) -> bool:
    """Tell whether any part of a name hides it."""
    return any(part.startswith("_") for part in dotted.split("."))
