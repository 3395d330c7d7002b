"""One embedded platform for all tests of commands, reached over HTTP as a county would reach it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kit import Office, open_office


@pytest.fixture(scope="package")
def office() -> Iterator[Office]:
    with (
        tempfile.TemporaryDirectory(prefix="tuopin-office-", ignore_cleanup_errors=True) as folder,
        open_office(Path(folder)) as opened,
    ):
        opened.hire("officer", "county-officer", "532931")
        yield opened
