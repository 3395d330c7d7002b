"""The plugin that keeps pytest's folder closed is tried on a test that opens it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPENING = """
def test_that_opens_the_way(tmp_path):
    above = next(folder for folder in tmp_path.parents if folder.name.startswith("pytest-of-"))
    above.chmod(0o711)


def test_after_it(tmp_path):
    pass
"""
ALONE = ("-p", "tests.plugins.closed_folder", "-p", "no:cacheprovider", "-c", "/dev/null")


def test_a_test_that_opens_the_folder_fails_and_the_next_does_not(tmp_path: Path) -> None:
    (tmp_path / "test_planted.py").write_text(OPENING, "utf-8")

    result = subprocess.run(
        [sys.executable, "-m", "pytest", *ALONE, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DEBUG_TEMPROOT": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "2 passed, 1 error" in result.stdout
    assert "a database server's folder is `passable`" in result.stdout
    folder = next(tmp_path.glob("pytest-of-*"))
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
