"""Where Kafka is required, a skipped test is a failed one: a missing engine must not look like success."""

import os
from collections.abc import Generator

import pytest

REQUIRED = "TUOPIN_REQUIRE_KAFKA"


def is_required() -> bool:
    """Tell whether the caller promised that everything needed is there."""
    return os.environ.get(REQUIRED, "") not in {"", "0"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip, at set-up or in the test, into a failure that keeps its reason."""
    report = yield
    if report.skipped and is_required() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{REQUIRED} is set, so this may not be skipped: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module skipped while it is collected into a failure too."""
    report = yield
    if report.skipped and is_required():
        report.outcome = "failed"
        report.longrepr = f"{REQUIRED} is set, so this module may not be skipped: {report.longrepr}"
    return report
