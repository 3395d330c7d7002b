"""A copy of the tree, in which what a page tells is done and tried."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
LAID_READY = Path(__file__).parent / "followed"
ENDING = ".txt"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".engines", "__pycache__", ".hypothesis", "var")


class Clone:
    """The copied tree: files are laid into it, edited in it, and commands run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def lay(self, ready: str, *beginnings: str) -> None:
        """Copy those ready files whose paths begin so."""
        source = LAID_READY / ready
        laid = 0
        for path in sorted(source.rglob(f"*{ENDING}")):
            place = path.relative_to(source).as_posix().removesuffix(ENDING)
            if place.startswith(beginnings):
                target = self.root / place
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                laid += 1
        assert laid, beginnings

    def edit(self, path: str, before: str, after: str) -> None:
        """Replace a text that stands once in a file."""
        file = self.root / path
        text = file.read_text("utf-8")
        assert text.count(before) == 1, (path, before, text.count(before))
        file.write_text(text.replace(before, after), "utf-8")

    def append(self, path: str, text: str) -> None:
        """Write at the end of a file."""
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run one of Python's programs in the tree."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.root,
            env={
                "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
                "PYTHONPATH": str(self.root),
                "HOME": str(self.root),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def passes(self, *command: str) -> None:
        """Run a program that must succeed."""
        done = self.run(*command)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


@contextmanager
def cloned() -> Iterator[Clone]:
    """Yield a copy of the tree as it stands; it goes with the block."""
    with TemporaryDirectory(prefix="tuopin-clone-", ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "tuopin"
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        yield Clone(root)


def steps_of(page: str, heading: str) -> list[str]:
    """Return the numbered steps under a heading of a page."""
    text = (ROOT / page).read_text("utf-8")
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, heading
    return [
        " ".join(step.split())
        for step in re.findall(r"^\d+\. (.*?)(?=^\d+\. |\Z)", section[1], re.MULTILINE | re.DOTALL)
    ]
