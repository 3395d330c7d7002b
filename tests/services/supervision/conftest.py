"""A migrated supervision service for each test."""

from collections.abc import AsyncIterator

import pytest

from services.supervision.main import SERVICE
from tests.kit import Harness, HarnessFactory


@pytest.fixture
async def supervision(harness_for: HarnessFactory) -> AsyncIterator[Harness]:
    """A supervision service that has heard nothing yet."""
    async with harness_for(SERVICE) as harness:
        yield harness
