"""A gateway on a database of its own, before small stand-in services."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from gateway.main import service
from tests.gateway.house import House, StandIns
from tests.kit import HarnessFactory


@pytest.fixture
def stand_ins() -> StandIns:
    """Services that are not ours: they answer what a test tells them and remember what they were asked."""
    return StandIns()


@pytest.fixture
async def house(harness_for: HarnessFactory, stand_ins: StandIns) -> AsyncIterator[House]:
    """The gateway, reached as the world reaches it."""
    async with harness_for(service) as harness, House(harness, stand_ins) as house:
        yield house


@pytest.fixture
def door(house: House) -> Iterator[httpx.AsyncClient]:
    """A client before the gateway's door."""
    return house.http  # type: ignore[return-value]
