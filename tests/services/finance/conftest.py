"""A running finance service on 1 December 2016, with and without money."""

from collections.abc import AsyncIterator

import pytest

from services.finance.main import SERVICE
from tests.kit import Harness, HarnessFactory
from tests.services.finance import builders


@pytest.fixture
async def finance(harness_for: HarnessFactory) -> AsyncIterator[Harness]:
    """The service without money, beside a registry that answers."""
    async with harness_for(SERVICE) as harness:
        harness.clock.move_to(builders.TODAY)
        harness.peer_apps["registry"] = builders.ForeignRegistry()
        yield harness


@pytest.fixture
async def funded(finance: Harness) -> Harness:
    """The service with a million yuan received and half of it set aside for the programme."""
    fund_id = await builders.open_fund(finance)
    answer = await builders.allocate(finance, fund_id, "500000.00")
    assert answer.status_code == 201, answer.text
    return finance
