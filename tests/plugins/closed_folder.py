"""pytest's own folder stays closed to other accounts.

pytest closes it whenever a run begins. A test that opened it for PostgreSQL's account would lose its server as soon as
another run began, one that a test starts among them.
"""

import stat
from collections.abc import Generator
from pathlib import Path

import pytest

OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def find_opened(folder: Path) -> Path | None:
    """Return the folder of all runs, `pytest-of-<user>`, where it is open to other accounts."""
    for above in folder.parents:
        if above.name.startswith("pytest-of-"):
            return above if above.stat().st_mode & OPEN_TO_OTHERS else None
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Fail a test after which pytest's folder is open, and close it again."""
    yield
    factory: pytest.TempPathFactory = item.config._tmp_path_factory  # type: ignore[attr-defined]
    opened = find_opened(factory.getbasetemp())
    if opened is not None:
        opened.chmod(stat.S_IRWXU)
        pytest.fail(f"{opened} was opened to other accounts; a database server's folder is `passable`")
