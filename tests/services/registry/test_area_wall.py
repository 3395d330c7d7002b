"""The second wall: what a query without any filter sees, and whose area a pooled connection carries (S1, S2)."""

import asyncio
from collections.abc import Iterable
from datetime import date

import asyncpg

from chassis import schema
from chassis.database import plain_dsn
from contracts import roles
from services.registry.tables.every import metadata
from tests.kit import Harness
from tests.services.registry.access import (
    change,
    disclosure,
    evaluation,
    notice,
    people,
    procedure,
    register,
    rule,
)
from tests.services.registry.access.recipe import Recipe
from tests.services.registry.access.world import Place, World

# Figures and exits of areas hold no household and no person; an area inside needs those of the one above.
OF_AREAS = {"area_figure", "area_exit"}
SCOPED = sorted(
    name for name, table in metadata.tables.items() if "area_code" in table.columns and name not in OF_AREAS
)
# The procedure last: once a round was opened, the direct ways are closed. One area has one open round, which others open;
# and no round comes to its announcement where some have left by hand, nor to its determination on an annulled meeting.
ORDER = (
    register.RECIPES,
    disclosure.RECIPES,
    change.RECIPES,
    people.RECIPES,
    rule.RECIPES,
    notice.LEAVING,
    procedure.RECIPES,
    evaluation.RECIPES,
    notice.RECIPES,
)
DAY = date(2016, 6, 1)
LEFT_OUT = (
    "POST /rounds",
    "POST /rounds/{round_id}/closures",
    "POST /rounds/{round_id}/restatements",
    "POST /meetings/{meeting_id}/annulments",
)


async def fill(world: World, place: Place, recipes: Iterable[Recipe]) -> None:
    """Do everything that there is to do in a place."""
    for recipe in recipes:
        world.registry.clock.move_to(DAY)
        if not recipe.of_county:
            ask = await recipe.ask(world, place)
            answer = await world.send(ask, recipe.roles[0], area=place.area)
            assert answer.status_code in recipe.at_home, answer.text


async def as_the_service(registry: Harness) -> "asyncpg.Connection[asyncpg.Record]":
    url = schema.url_as(registry.admin_url, schema.role_of("registry"))
    return await asyncpg.connect(plain_dsn(url))


async def areas_seen(connection: "asyncpg.Connection[asyncpg.Record]", table: str) -> set[str]:
    rows = await connection.fetch(f"SELECT DISTINCT area_code FROM registry.{table}")  # noqa: S608
    return {row["area_code"] for row in rows}


async def test_every_table_of_people_or_households_stands_behind_the_wall(registry: Harness) -> None:
    forced = await registry.sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'registry'::regnamespace "
        "AND relrowsecurity AND relforcerowsecurity AND relkind IN ('r', 'p')"
    )

    assert set(SCOPED) - {row["relname"] for row in forced} == set()


async def test_a_query_without_a_filter_sees_its_own_area_and_nothing_unscoped(
    world: World, registry: Harness
) -> None:
    for recipes in ORDER:
        for place in (world.east, world.west):
            await fill(
                world,
                place,
                [one for name, one in recipes.items() if name not in LEFT_OUT and "announcement" not in name],
            )
    connection = await as_the_service(registry)

    await connection.execute(f"SET tuopin.area = 'area:{world.east.area}'")
    seen = {table: await areas_seen(connection, table) for table in SCOPED}
    await connection.execute("RESET tuopin.area")
    unscoped = {table: await areas_seen(connection, table) for table in SCOPED}
    await connection.close()

    beyond = {
        table: areas
        for table, areas in seen.items()
        if any(not area.startswith(world.east.area) for area in areas)
    }
    assert beyond == {}
    assert [table for table, areas in unscoped.items() if areas] == []
    # A wall around empty tables would prove nothing.
    assert len([table for table, areas in seen.items() if areas]) > len(SCOPED) / 2


async def test_two_hundred_pooled_requests_never_carry_anothers_area(world: World, registry: Harness) -> None:
    places = [world.east, world.west]

    answers = await asyncio.gather(
        *(
            registry.call("GET", "/registry/v1/households", roles=[roles.CLERK], area=places[number % 2].area)
            for number in range(200)
        )
    )

    for number, answer in enumerate(answers):
        own, other = places[number % 2], places[1 - number % 2]
        (listed,) = answer.json()["items"]
        assert listed["id"] in own.canaries
        assert not [word for word in other.canaries if word in answer.text]
