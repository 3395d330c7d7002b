"""The demo as it is typed: played over HTTP, compared, ended with nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from cli.demo.gates import GATES
from cli.demo.tried import TriedGate
from cli.demo.verdict import Verdict
from cli.sample.county import Rule
from tests.cli.kit import tuopin

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]


def test_another_county_plays_through_with_every_figure_and_finding_as_expected(passable: Path) -> None:
    played = tuopin("demo", "--county", "small", "--no-serve", "--data", str(passable / "data"), "--json")

    report = json.loads(played.stdout)
    assert played.returncode == 0, played.stderr
    assert report["equal"] is True
    assert report["insurer_was_told"].keys() == {"registered", "category", "policies_kept", "valid_on"}
    assert sorted(one["rule"] for one in report["findings"]) == [
        Rule.CLAIM_UNPAID,
        Rule.CLAIM_UNPAID,
        Rule.HOUSE_OVER_AREA,
        Rule.NOTICE_CUT_SHORT,
        Rule.PHOTO_REUSED,
    ]
    assert {one["gate"] for one in report["gates"]} == set(GATES)
    assert all(one["held"] and one["rule"] and one["basis"] for one in report["gates"])
    assert left_in(passable) == []


def test_a_gate_that_lets_an_attempt_pass_spoils_the_verdict() -> None:
    held = TriedGate(round="r", gate="first-notice", after=None, code="c", rule="r", basis="b")

    def verdict(*gates: TriedGate) -> Verdict:
        return Verdict(figures=(), findings=(), gates=gates)

    assert verdict(held).is_equal
    for wrong in (replace(held, code=None), replace(held, rule=None), replace(held, basis=None)):
        assert verdict(held, wrong).wrong_lines == 1


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "register.xlsx").write_text("somebody's")

    refused = tuopin("demo", "--data", str(tmp_path))

    assert refused.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["register.xlsx"]


def test_ctrl_c_ends_every_process_that_it_started(passable: Path) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "demo", "--county", "small", "--data", str(passable / "data")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.startswith("TUOPIN_")},
    )
    ends = time.monotonic() + 120
    while not (passable / "data" / "address").exists() and time.monotonic() < ends:
        time.sleep(0.1)
    assert left_in(passable) != []

    demo.send_signal(signal.SIGINT)
    demo.wait(60)

    assert left_in(passable) == []


def left_in(folder: Path) -> list[int]:
    """Return the processes that were started for a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if str(folder) in line and process.pid != os.getpid():
            found.append(process.pid)
    return found
