"""Every benchmark runs with a handful of events and ends on its ratio; what it finds means nothing at that size."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import BENCHMARKS

ROOT = Path(__file__).parents[2]
LAST_LINE = re.compile(r"(B\d+) ratio \d+\.\d\d \(\d+\.\d\d to \d+\.\d\d, 1 rounds\)")
ON_KAFKA = ("B3", "B7")
# The others start several processes each; one of every kind is enough to know that the harness holds.
QUICK = ("B4", "B8", "B14")


def last_line_of(name: str) -> str:
    """Run one benchmark at a thousandth of its size and return the last line it prints."""
    environment = {**os.environ, "TUOPIN_BENCH_SCALE": "0.001", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bench", name]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.strip().splitlines()[-1]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", QUICK)
def test_a_benchmark_ends_on_its_ratio(name: str) -> None:
    found = LAST_LINE.fullmatch(last_line_of(name))

    assert found is not None
    assert found[1] == name


@pytest.mark.kafka
@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", ON_KAFKA)
def test_a_benchmark_on_kafka_ends_on_its_ratio(name: str) -> None:
    found = LAST_LINE.fullmatch(last_line_of(name))

    assert found is not None
    assert found[1] == name


def test_an_unknown_benchmark_is_named() -> None:
    command = [sys.executable, "-m", "bench", "B99"]

    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    assert ran.returncode == 2
    assert "B99" in ran.stderr


def test_every_benchmark_has_a_module() -> None:
    missing = [
        module for module in BENCHMARKS.values() if not (ROOT / f"{module.replace('.', '/')}.py").exists()
    ]

    assert missing == []
