"""One real PostgreSQL a session, a fresh database wherever a test asks for one."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from chassis.database import plain_dsn
from chassis.service import Service
from chassis.serving import settle
from tests import kit
from tests.databases import Databases

pytest_plugins = (
    ["tests.plugins.no_skip", "tests.plugins.closed_folder"]
    if Path(__file__).with_name("plugins").is_dir()
    else []
)

# How long an example may take says more about the machine than about what is tested.
settings.register_profile(
    "unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

_number = itertools.count(1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, so that no worker is left alone with them at the end."""
    items.sort(key=lambda item: not {"faults", "cli", "docs"} & set(item.path.parts))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Spare the collector what was loaded: it lives as long as the run."""
    settle()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The superuser's URL of a PostgreSQL server started for this session."""
    with kit.passable("pg") as folder, kit.postgres(folder) as url:
        yield url


@pytest.fixture
def passable() -> Iterator[Path]:
    """A folder that PostgreSQL's own account may pass through, which pytest's folders are not."""
    with kit.passable("test") as folder:
        yield folder


@pytest.fixture
async def database_url(postgres_url: str) -> AsyncIterator[str]:
    """The superuser's URL of an empty database of its own."""
    name = f"t{next(_number)}"
    admin = await asyncpg.connect(plain_dsn(postgres_url))
    await admin.execute(f'CREATE DATABASE "{name}"')
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture(scope="session")
async def databases(postgres_url: str) -> AsyncIterator[Databases]:
    """Migrated databases to lend."""
    made = Databases(postgres_url)
    yield made
    await made.close()


@pytest.fixture
def harness_for(databases: Databases) -> "kit.HarnessFactory":
    """Give services a migrated database, an API and callers of their own."""

    def make(service: Service) -> kit.Harness:
        return kit.Harness(service, databases)

    return make
