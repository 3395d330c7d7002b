"""A migrated subsidy service with one programme, for each test."""

from collections.abc import AsyncIterator

import pytest

from services.subsidy.main import SERVICE
from tests.kit import Harness, HarnessFactory
from tests.services.subsidy.builders import publish


@pytest.fixture
async def subsidy(harness_for: HarnessFactory) -> AsyncIterator[Harness]:
    """A subsidy service with the programme of the builders."""
    async with harness_for(SERVICE) as harness:
        assert (await publish(harness)).status_code == 201
        yield harness
