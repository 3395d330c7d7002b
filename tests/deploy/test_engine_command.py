"""`python -m deploy.engines`: one command starts both engines, another ends them."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.engines import process

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
ROOT = Path(__file__).resolve().parents[2]


def command(action: str, data: Path) -> list[str]:
    return [sys.executable, "-m", "deploy.engines", action, "--data", str(data)]


def call(action: str, data: Path) -> str:
    return subprocess.run(command(action, data), cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def started(passable: Path) -> Iterator[dict[str, Any]]:
    yield json.loads(call("start", passable)) | {"data": passable}
    call("stop", passable)


async def test_both_engines_serve_after_the_command_has_ended(started: dict[str, Any]) -> None:
    connection = await asyncpg.connect(started["postgres"])
    answer = await connection.fetchval("SELECT 1")
    await connection.close()

    assert answer == 1
    assert process.find(started["kafka_pid"]) is not None


def test_a_second_start_tells_the_same_places(started: dict[str, Any]) -> None:
    again = json.loads(call("start", started["data"]))

    assert again == {name: value for name, value in started.items() if name != "data"}


def test_stop_ends_both_engines(started: dict[str, Any]) -> None:
    call("stop", started["data"])

    assert process.find(started["kafka_pid"]) is None
    assert process.find(started["postgres_pid"]) is None


def test_the_foreground_command_takes_both_engines_with_it(passable: Path) -> None:
    with subprocess.Popen(command("run", passable), cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        told = json.loads(running.stdout.readline())
        running.send_signal(signal.SIGINT)

    assert running.returncode == 0
    assert process.find(told["kafka_pid"]) is None
    assert process.find(told["postgres_pid"]) is None
