"""Text that no database can hold names the parameter that it came in."""

import pytest

from contracts import roles
from tests.kit import Harness


@pytest.mark.parametrize("path", ["payments?programme=%00", "batches?programme=%00"])
async def test_a_programme_that_no_database_can_hold_names_its_parameter(finance: Harness, path: str) -> None:
    refused = await finance.call("GET", f"/finance/v1/{path}", roles=[roles.OFFICER])

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "query:programme"
