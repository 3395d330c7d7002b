"""The log: what cannot be written fails nothing that is told in it."""

import subprocess
import sys
from pathlib import Path

LOGGING = """
import structlog
from chassis.telemetry import configure_logging
configure_logging("INFO")
for number in range(3):
    structlog.get_logger("test").error("told", number=number)
print("went on")
"""


def test_a_log_on_a_full_disk_fails_nothing() -> None:
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [sys.executable, "-c", LOGGING], stdout=subprocess.PIPE, stderr=full, text=True, check=False
        )

    assert told.stdout == "went on\n"
