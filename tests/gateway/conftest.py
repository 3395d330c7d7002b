"""A gateway with nobody in it yet, before small stand-in services."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import make_url

from chassis import schema
from chassis.database import plain_dsn
from gateway.main import service
from tests.gateway.house import House, StandIns
from tests.kit import HarnessFactory

NAME = "gateway_tests"
EMPTY = "TRUNCATE " + ", ".join(f"gateway.{table}" for table in service.metadata.tables) + " RESTART IDENTITY"


@pytest.fixture(scope="session")
async def migrated_url(postgres_url: str) -> str:
    """One migrated database for all of these tests: making one takes longer than most of them."""
    admin = await asyncpg.connect(plain_dsn(postgres_url))
    await admin.execute(f"CREATE DATABASE {NAME}")
    await admin.close()
    url = make_url(postgres_url).set(database=NAME).render_as_string(hide_password=False)
    await schema.prepare(url, service.name)
    await schema.upgrade(url, service.name, service.metadata, service.migrations)
    return url


@pytest.fixture
async def database_url(migrated_url: str) -> str:
    """The database, emptied."""
    admin = await asyncpg.connect(plain_dsn(migrated_url))
    await admin.execute(EMPTY)
    await admin.close()
    return migrated_url


@pytest.fixture
def stand_ins() -> StandIns:
    """Services that are not ours: they answer what a test tells them and remember what they were asked."""
    return StandIns()


@pytest.fixture
async def house(harness_for: HarnessFactory, stand_ins: StandIns) -> AsyncIterator[House]:
    """The gateway, reached as the world reaches it."""
    async with harness_for(service) as harness, House(harness, stand_ins) as house:
        yield house
