"""One embedded platform for all tests of commands, reached over HTTP as a county would reach it."""

from collections.abc import Iterator

import pytest

from tests.cli.kit import Office, open_office
from tests.kit import passable


@pytest.fixture(scope="package")
def office() -> Iterator[Office]:
    with passable("office") as folder, open_office(folder) as opened:
        opened.hire("officer", "county-officer", "532931")
        yield opened
