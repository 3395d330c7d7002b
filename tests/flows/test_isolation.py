"""Each service's role sees its own schema and no other; a service answers nobody without a token of the gateway."""

import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from chassis import schema
from chassis.app import build_app
from chassis.clock import BusinessClock, FixedClock
from chassis.database import plain_dsn
from chassis.health import Health
from chassis.peers import InProcessPeers
from chassis.process import make_worker
from chassis.secrets import Secrets, prepare_secrets
from cli import postgres
from cli.catalogue import ALL, NAMES, load
from contracts import roles
from tests import kit

PAIRS = [(one, other) for one in ALL for other in ALL if one != other]


@pytest.fixture(scope="module")
async def platform_url() -> AsyncIterator[str]:
    """The superuser's URL of one database that holds every service's schema."""
    with kit.passable("isolation") as folder, kit.postgres(folder) as url:
        admin_url = await postgres.ensure_database(url)
        await postgres.migrate(admin_url, [load(name) for name in ALL])
        await schema.prepare_bus_role(admin_url, ALL)
        yield admin_url


async def tables_of(admin_url: str, owner: str) -> list[str]:
    connection = await asyncpg.connect(plain_dsn(admin_url))
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", owner)
    await connection.close()
    return [row["tablename"] for row in rows]


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_a_role_cannot_read_write_or_change_another_schema(
    platform_url: str, one: str, other: str
) -> None:
    tables = await tables_of(platform_url, other)
    connection = await asyncpg.connect(plain_dsn(schema.url_as(platform_url, schema.role_of(one))))

    assert "outbox" in tables
    for table in tables:
        for statement in (
            f"SELECT * FROM {other}.{table}",  # noqa: S608 - names from the catalogue
            f"DELETE FROM {other}.{table}",  # noqa: S608
            f"DROP TABLE {other}.{table}",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(f"SET ROLE {schema.owner_of(other)}")
    await connection.close()


@pytest.mark.parametrize("owner", ALL)
async def test_the_bus_reads_outboxes_and_nothing_else(platform_url: str, owner: str) -> None:
    connection = await asyncpg.connect(plain_dsn(schema.url_as(platform_url, schema.BUS_ROLE)))

    await connection.fetch(f"SELECT payload FROM {owner}.outbox LIMIT 1")  # noqa: S608
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(f"DELETE FROM {owner}.outbox")  # noqa: S608
    for table in set(await tables_of(platform_url, owner)) - {"outbox"}:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"SELECT * FROM {owner}.{table}")  # noqa: S608
    await connection.close()


def missing(_: Secrets) -> dict[str, str]:
    return {}


def empty(_: Secrets) -> dict[str, str]:
    return {"authorization": "Bearer "}


def forged(_: Secrets) -> dict[str, str]:
    """A token that says everything right, signed by a key of the forger's own."""
    with tempfile.TemporaryDirectory() as folder:
        others = prepare_secrets(Path(folder)).minter()
        return {"authorization": f"Bearer {others.mint('forger', roles.ALL_ROLES, '')}"}


def expired(secrets: Secrets) -> dict[str, str]:
    """A token of the gateway, an hour old."""
    an_hour_ago = FixedClock(BusinessClock().now() - timedelta(hours=1), BusinessClock().today())
    return {"authorization": f"Bearer {secrets.minter(an_hour_ago).mint('clerk', roles.ALL_ROLES, '')}"}


def tampered(secrets: Secrets) -> dict[str, str]:
    """A genuine token whose claims were exchanged for those of somebody with every role."""
    small = secrets.minter().mint("clerk", [roles.CLERK], "532930101").split(".")
    large = secrets.minter().mint("clerk", roles.ALL_ROLES, "").split(".")
    return {"authorization": f"Bearer {small[0]}.{large[1]}.{small[2]}"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("held", [missing, empty, forged, expired, tampered])
async def test_a_service_reached_directly_answers_401(
    platform_url: str, tmp_path: Path, name: str, held: Callable[[Secrets], dict[str, str]]
) -> None:
    service = load(name)
    secrets = prepare_secrets(tmp_path)
    url = schema.url_as(platform_url, schema.role_of(name))
    worker = make_worker(
        service, url, cipher=secrets.cipher(), peers=InProcessPeers({}), clock=BusinessClock()
    )
    app = build_app(service, worker.runtime, secrets.verifier(), Health(name, worker.runtime.clock))
    headers = held(secrets)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://service") as http:
        document = (await http.get(f"/{name}/v1/openapi.json")).json()
        asked = [(path, method) for path, methods in document["paths"].items() for method in methods]

        assert asked
        for path, method in asked:
            answer = await http.request(method, path.replace("{", "").replace("}", ""), headers=headers)
            assert answer.status_code == 401, (method, path, answer.status_code)
            assert answer.json()["code"] == "unauthenticated"
    await worker.runtime.database.close()
