"""A running relocation service with its rules laid down."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from services.relocation.main import SERVICE
from tests.kit import Harness, HarnessFactory
from tests.services.relocation import builders


@pytest.fixture
async def bare(harness_for: HarnessFactory) -> AsyncIterator[Harness]:
    """The service without rules, on 1 December 2016."""
    async with harness_for(SERVICE) as harness:
        harness.clock.move_to(date(2016, 12, 1))
        yield harness


@pytest.fixture
async def relocation(bare: Harness) -> Harness:
    """The service with cap, budget standard and housing programme."""
    await builders.lay_down_rules(bare)
    return bare
