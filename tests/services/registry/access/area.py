"""Recipes of counts, categories and areas."""

from typing import Any, Final

from contracts import roles
from tests.services.registry.access.recipe import Asking, Recipe, listing
from tests.services.registry.access.register import READERS, WRITERS
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.noticing import hung

EVERY_OFFICE: Final = (*READERS, roles.VILLAGE_COMMITTEE, roles.WORK_TEAM)
DAY: Final = "2016-06-01"
WEEK: Final = {"posted_on": DAY}


def counted(path: str) -> Asking:
    """Return a question about a place's whole area."""

    async def ask(_: World, place: Place) -> Ask:
        return Ask(method="GET", path=path, params={"area": place.area})

    return ask


def category(place: Place, **changes: Any) -> dict[str, Any]:
    """Return a category to assign, by a document that names people of the place."""
    document = f"关于{place.name}低保的批复"
    return {"category": "dibao", "from": DAY, "basis_document": document} | changes


async def assign(world: World, place: Place) -> Ask:
    path = f"/households/{await world.household(place)}/categories"
    return Ask(method="POST", path=path, json=category(place))


async def assign_many(world: World, place: Place) -> Ask:
    items = [category(place, household_id=await world.household(place))]
    return Ask(method="POST", path="/categories/bulk", json={"items": items, "atomic": True})


async def categories(world: World, place: Place) -> Ask:
    ask = await assign(world, place)
    await world.officer("POST", ask.path, place=place, json=ask.json)
    return Ask(method="GET", path=ask.path)


def population(value: str = "1000000") -> dict[str, Any]:
    """Return a rural population of which nobody's poor people are more than three percent."""
    return {
        "kind": "rural-population",
        "year": 2015,
        "value": value,
        "as_of": "2015-12-31",
        "basis_document": "统计年鉴2015",
    }


async def stated(world: World, place: Place) -> str:
    """State a figure of a place's village and return the village's code."""
    await world.made(f"/areas/{place.village}/figures", place=place, json=population())
    return place.village


async def show(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/areas/{await stated(world, place)}")


async def state(_: World, place: Place) -> Ask:
    return Ask(method="POST", path=f"/areas/{place.village}/figures", json=population())


async def figures(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/areas/{await stated(world, place)}/figures")


async def assess(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/areas/{await stated(world, place)}/exit-assessment")


async def notice(world: World, place: Place) -> Ask:
    # An area leaves once, and each role must find it still there.
    await world.registry.sql("DELETE FROM registry.area_exit WHERE area_code = $1", place.village)
    path = f"/areas/{await stated(world, place)}/exit-notices"
    return Ask(method="POST", path=path, json=hung() | WEEK)


async def leave(world: World, place: Place) -> Ask:
    ask = await notice(world, place)
    posted = await world.officer("POST", ask.path, place=place, json=ask.json)
    # That a notice must hang its week is tried elsewhere.
    await world.registry.sql(
        "UPDATE registry.notice SET state = 'closed', posted_on = posted_on - min_days, "
        "closes_on = closes_on - min_days, closed_on = closes_on - min_days WHERE id = $1::uuid",
        posted["id"],
    )
    body = {"on": DAY, "notice_id": posted["id"]}
    return Ask(method="POST", path=f"/areas/{place.village}/exits", json=body)


async def exits(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/areas/{place.village}/exits")


RECIPES: Final = {
    "GET /statistics/lineage": listing("/statistics/lineage?limit=500", *READERS),
    "GET /overlaps": Recipe(roles=READERS, ask=counted("/overlaps")),
    "GET /key-villages": Recipe(roles=READERS, ask=counted("/key-villages")),
    "POST /households/{household_id}/categories": Recipe(roles=WRITERS, ask=assign),
    "GET /households/{household_id}/categories": Recipe(roles=READERS, ask=categories),
    "POST /categories/bulk": Recipe(roles=WRITERS, ask=assign_many, elsewhere=frozenset({409})),
    "GET /areas/{code}": Recipe(roles=EVERY_OFFICE, ask=show),
    "POST /areas/{code}/figures": Recipe(roles=(roles.OFFICER,), ask=state),
    "GET /areas/{code}/figures": Recipe(roles=EVERY_OFFICE, ask=figures),
    "GET /areas/{code}/exit-assessment": Recipe(roles=EVERY_OFFICE, ask=assess),
    "POST /areas/{code}/exit-notices": Recipe(roles=(roles.OFFICER,), ask=notice),
    "POST /areas/{code}/exits": Recipe(roles=(roles.OFFICER,), ask=leave),
    "GET /areas/{code}/exits": Recipe(roles=EVERY_OFFICE, ask=exits),
}
