"""What a lint looks at: one file of the tree, parsed, and the tree around it."""

import ast
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

PRODUCT = ("chassis", "contracts", "services", "gateway", "cli")
HIDDEN_BUT_OURS = {".ci"}
NOT_OURS = {"__pycache__", "node_modules", "dist", "build", "var"}
READABLE = {
    "", ".cfg", ".conf", ".css", ".csv", ".example", ".html", ".ini", ".js", ".json", ".lock", ".mako", ".md", ".properties",
    ".py", ".sh", ".sql", ".toml", ".ts", ".txt", ".xml", ".xsd", ".yaml", ".yml",
}  # fmt: skip

Hit = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One line that breaks one rule."""

    path: PurePosixPath
    line: int
    lint: str
    message: str

    def __str__(self) -> str:
        """Return it as compilers do, so that editors can jump there."""
        return f"{self.path}:{self.line}: {self.lint}: {self.message}"


@dataclass(frozen=True)
class Source:
    """One text file by its path inside the tree."""

    path: PurePosixPath
    text: str

    @property
    def is_python(self) -> bool:
        """Tell whether there is a syntax tree."""
        return self.path.suffix == ".py"

    @property
    def room(self) -> str:
        """Return the top folder, empty for a file beside them."""
        return self.path.parts[0] if len(self.path.parts) > 1 else ""

    @cached_property
    def lines(self) -> list[str]:
        """Return the file's lines."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree."""
        return ast.parse(self.text, str(self.path))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Return every node of the syntax tree, the outer ones first."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def imported(self) -> frozenset[str]:
        """Return the dotted names this file imports, members included."""
        names: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
                names.update(f"{node.module}.{alias.name}" for alias in node.names)
        return frozenset(names)

    def is_excused(self, line: int, lint: str) -> bool:
        """Tell whether the line, or a comment above it, gives a reason for the exception."""
        excuse = re.compile(rf"lint: allow-{re.escape(lint)} because \w")
        here = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        above = self.lines[line - 2].strip() if 1 < line <= len(self.lines) + 1 else ""
        return bool(excuse.search(here) or (above.startswith("#") and excuse.search(above)))


@dataclass(frozen=True, eq=False)
class Tree:
    """Every text file of the project; one tree is another only where it is the same one."""

    sources: tuple[Source, ...]

    @classmethod
    def read(cls, root: Path) -> "Tree":
        """Read the tree under a folder, without environments, caches and hidden folders."""
        return cls(tuple(_sources(root)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """One rule: its name in escape comments, why it is there, where it holds, and how it is seen."""

    name: str
    reason: str
    holds: Callable[[Source], bool]
    check: Callable[[Source, Tree], Iterator[Hit]]

    def run(self, tree: Tree) -> Iterator[Violation]:
        """Yield what breaks the rule and is not excused."""
        for source in filter(self.holds, tree.sources):
            for line, message in self.check(source, tree):
                if not source.is_excused(line, self.name):
                    yield Violation(path=source.path, line=line, lint=self.name, message=message)


def python_in(*rooms: str) -> Callable[[Source], bool]:
    """Return the condition that a source is Python in one of these top folders."""
    return lambda source: source.is_python and source.room in rooms


def _sources(root: Path) -> Iterator[Source]:
    for folder, names, files in os.walk(root):
        names[:] = sorted(n for n in names if n not in NOT_OURS and (n[0] != "." or n in HIDDEN_BUT_OURS))
        for name in sorted(files):
            path = Path(folder, name)
            # In a second work tree .git is a file, and it is git's.
            if path.suffix in READABLE and name != ".git" and not path.is_symlink():
                text = path.read_text("utf-8", errors="replace")
                yield Source(PurePosixPath(path.relative_to(root).as_posix()), text)
