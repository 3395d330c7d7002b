"""What the database itself holds: revisions that match the tables, history that stays, areas that keep apart."""

import asyncpg
import pytest

from chassis import schema
from contracts import roles
from services.registry.main import SERVICE
from tests.kit import Harness
from tests.services.registry.builders import OTHER_TOWNSHIP, TOWNSHIP, filed, get, post
from tests.services.registry.sheet import drafts, send

SCOPED = (
    "change_set",
    "household",
    "person",
    "household_version",
    "member_version",
    "household_standing",
    "disclosure",
)


async def test_the_revisions_make_the_tables_and_unmake_them(database_url: str) -> None:
    await schema.prepare(database_url, SERVICE.name)

    await schema.upgrade(database_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)
    await schema.check(database_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)
    await schema.downgrade(database_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)


async def test_rows_of_another_area_are_hidden_by_the_database(registry: Harness) -> None:
    await send(registry, drafts(2))
    await get(registry, "/exports/households.xlsx")

    async with registry.unit(roles.CLERK, area=TOWNSHIP) as inside:
        seen = {name: await inside.driver.fetchval(f"SELECT count(*) FROM {name}") for name in SCOPED}  # noqa: S608
    async with registry.unit(roles.CLERK, area=OTHER_TOWNSHIP) as outside:
        hidden = {name: await outside.driver.fetchval(f"SELECT count(*) FROM {name}") for name in SCOPED}  # noqa: S608

    assert all(seen.values())
    assert not any(hidden.values())


async def test_looking_beyond_the_area_ends_with_the_question(registry: Harness) -> None:
    await filed(registry)
    insurer = {"roles": [roles.INSURER], "area": OTHER_TOWNSHIP}
    body = {"identity_number": "532930197001010010", "on": "2016-06-01", "purpose": "test"}

    for _ in range(20):
        await post(registry, "/eligibility-checks", json=body, **insurer)

    assert (await get(registry, "/households", area=OTHER_TOWNSHIP)).json()["items"] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE household_version SET category = 'dibao'",
        "DELETE FROM household_version",
        "UPDATE member_version SET health = '01'",
        "DELETE FROM member_version",
        "UPDATE household_standing SET status = 'verified'",
        "DELETE FROM household_standing",
        "UPDATE change_set SET outcome = 'refused'",
        "DELETE FROM change_set",
        "SELECT * FROM subsidy.claim",
    ],
)
async def test_what_was_recorded_cannot_be_rewritten(registry: Harness, statement: str) -> None:
    unit = registry.unit(roles.OFFICER)

    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)):
        async with unit:
            await unit.driver.execute(statement)
