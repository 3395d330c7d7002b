"""One town a module, on a platform in a process of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.flows.town import Town, household, open_town
from tests.kit import passable


@pytest.fixture(scope="module")
async def town() -> AsyncIterator[Town]:
    with passable("town") as folder:
        async with open_town(folder) as opened:
            yield opened


@pytest.fixture(scope="module")
async def paying_town(town: Town) -> Town:
    """A town with a batch at the bank, and another one paid."""
    household_id = await town.file(household())
    await town.open_money({"holder": "样例县财政", "number": "0000000000000001", "bank_code": "000100000001"})
    town.made["batch"] = await town.release_batch(household_id, "a" * 64)
    paid = await town.release_batch(household_id, "b" * 64)
    town.paid_report = town.report_on(await town.order(paid), "R0")
    assert (await town.hand_in(town.paid_report)).status_code == 201
    await town.until_paid("3000.00")
    return town
