"""A migrated registry with a small division tree, for each test."""

from collections.abc import AsyncIterator

import pytest

from services.registry.main import SERVICE
from tests.kit import Harness, HarnessFactory
from tests.services.registry.access.world import World
from tests.services.registry.builders import import_divisions


@pytest.fixture
async def registry(harness_for: HarnessFactory) -> AsyncIterator[Harness]:
    """A registry that knows the builders' villages."""
    async with harness_for(SERVICE) as harness:
        assert (await import_divisions(harness)).status_code == 201
        yield harness


@pytest.fixture
async def world(registry: Harness) -> World:
    """Two townships and a second county, a household in each."""
    made = World(registry)
    await made.prepare()
    return made
