"""The tutorial's commands, run as they are written, in an empty folder."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs import curl

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 150


def blocks(page: str) -> str:
    """Return a page's shell commands as one script."""
    return "\n".join(BLOCK.findall((DOCS / page).read_text("utf-8")))


def run_script(script: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script in a session of its own, which is ended whatever happens."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TUOPIN_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{curl.ensured(folder)}{os.pathsep}{kept['PATH']}"
    started = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**kept, "PATH": path, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, said = started.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGTERM)
        out, said = started.communicate()
    return subprocess.CompletedProcess(started.args, started.returncode, out, said)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_tutorial_does_what_it_says(passable: Path) -> None:
    done = run_script(blocks("tutorial.md"), passable)

    told = f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert done.returncode == 0, told
    assert "photo-reused" in done.stdout, told
    assert '"rule":"notice-minimum-days"' in done.stdout, told
    assert done.stdout.count('"status":409') == 1, told
    assert '"closes":true' in done.stdout, told
    for state in ("candidate", "evaluated", "noticed", "registered"):
        assert f'"status":"{state}"' in done.stdout, told
    assert '"status_on_payment_date":"registered"' in done.stdout, told
    assert "5329**********18" in done.stdout, told
    assert "532931197001010018" not in done.stdout
    assert not (passable / "county" / "address").exists(), "the platform was left running"
