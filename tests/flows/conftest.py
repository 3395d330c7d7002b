"""One town a module, on a platform in a process of its own."""

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.town import Town, household, open_town


@pytest.fixture(scope="module")
async def town() -> AsyncIterator[Town]:
    with tempfile.TemporaryDirectory(prefix="tuopin-town-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - the database server may run under another account
        async with open_town(Path(folder)) as opened:
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
