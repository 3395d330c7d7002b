"""Moments at the edge of the calendar: refused by their name where UTC has no date for them."""

import pytest

from tests.kit import Harness
from tests.services.registry.builders import COUNTY, get
from tests.services.registry.rounds import OFFICER

PATHS = (
    "/households/01a21ac9-0fc8-77bb-b9b2-cc9afbac6ec4",
    "/statistics",
    f"/areas/{COUNTY}",
    "/overlaps",
    "/line-mismatches",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_moment_that_utc_has_no_date_for_is_refused(
    registry: Harness, path: str, moment: str
) -> None:
    refused = await get(registry, path, params={"recorded_before": moment}, **OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")
    assert "recorded_before" in refused.json()["errors"][0]["pointer"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_the_first_and_the_last_moment_are_answered(registry: Harness, path: str, moment: str) -> None:
    answer = await get(registry, path, params={"recorded_before": moment}, **OFFICER)

    assert answer.status_code < 500, answer.text
