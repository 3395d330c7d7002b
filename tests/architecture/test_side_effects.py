"""Importing any module opens nothing and reads no environment: what a process does begins when it is asked to."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import tree

WATCHER = Path(__file__).with_name("import_everything.py")


def import_everything(folder: Path, *packages: str) -> dict[str, list[str]]:
    """Import the packages in a process of its own and return what was imported and what that did."""
    run = subprocess.run(
        [sys.executable, "-B", str(WATCHER), str(folder), *packages],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return dict(json.loads(run.stdout.splitlines()[-1]))


def test_importing_the_whole_tree_does_nothing() -> None:
    result = import_everything(tree.ROOT, *tree.SHIPPED)

    assert result["deeds"] == []
    assert "chassis.unit_of_work" in result["imported"]
    assert "contracts.events.registry" in result["imported"]


@pytest.mark.parametrize(
    ("line", "deed"),
    [
        ("import os; URL = os.environ.get('TUOPIN_URL')", "environment TUOPIN_URL"),
        ("import os; URL = os.getenv('TUOPIN_URL')", "environment TUOPIN_URL"),
        ("import os; HAS = 'TUOPIN_URL' in os.environ", "environment TUOPIN_URL"),
        ("from pydantic_settings import BaseSettings; BaseSettings()", "environment all of it"),
        ("TEXT = open('settings.txt').read()", "open settings.txt"),
        ("from pathlib import Path; TEXT = Path('settings.txt').read_text()", "open settings.txt"),
        ("import socket; socket.create_connection(('127.0.0.1', 1))", "socket.connect"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
    ],
)
def test_a_planted_side_effect_is_seen(tmp_path: Path, line: str, deed: str) -> None:
    (tmp_path / "settings.txt").touch()
    package = tmp_path / "planted"
    package.mkdir()
    (package / "__init__.py").write_text(f"try:\n    {line}\nexcept OSError:\n    pass\n", "utf-8")

    result = import_everything(tmp_path, "planted")

    assert any(deed in seen for seen in result["deeds"])
