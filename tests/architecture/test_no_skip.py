"""The plugin that turns skips into failures is tried on a test that skips."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPING = "import pytest\n\n\ndef test_that_lacks_something() -> None:\n    pytest.skip('no engine here')\n"
SKIPPING_MODULE = "import pytest\n\npytest.importorskip('a_module_nobody_has')\n"


def run(folder: Path, text: str, required: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with the plugin on one planted file."""
    (folder / "test_planted.py").write_text(text, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.plugins.no_skip",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
    ]
    return subprocess.run(
        [*command, "--rootdir", str(folder), str(folder)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "TUOPIN_REQUIRE_KAFKA": required},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("text", [SKIPPING, SKIPPING_MODULE])
def test_a_skip_fails_where_kafka_is_required(tmp_path: Path, text: str) -> None:
    result = run(tmp_path, text, "1")

    assert result.returncode != 0
    assert "may not be skipped" in result.stdout


def test_a_skip_stays_a_skip_elsewhere(tmp_path: Path) -> None:
    result = run(tmp_path, SKIPPING, "")

    assert result.returncode == 0
    assert "1 skipped" in result.stdout
