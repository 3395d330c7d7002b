"""Recipes of searches, of people, and of who may have been filed twice."""

from typing import Final

from contracts import roles
from tests.services.registry.access.recipe import Recipe
from tests.services.registry.access.register import WRITERS
from tests.services.registry.access.world import Ask, Place, World

SEERS: Final = (*WRITERS, roles.AUDITOR)


async def search(world: World, place: Place) -> Ask:
    await world.household(place)
    return Ask(method="POST", path="/search", json={"name": place.name, "limit": 500})


async def search_duplicates(world: World, place: Place) -> Ask:
    await world.household(place)
    body = {"name": place.name, "born_on": "1950-01-01", "reason": "before filing"}
    return Ask(method="POST", path="/persons/duplicates/search", json=body)


async def merge(world: World, place: Place) -> Ask:
    (kept, *_), (_, dropped) = [
        await world.people(place, await world.household(place, on="2016-01-01")) for _ in range(2)
    ]
    body = {"kept": kept, "dropped": dropped, "reason": "filed-twice"}
    return Ask(method="POST", path="/persons/merges", json=body)


async def duplicates(world: World, place: Place) -> Ask:
    await world.household(place)
    await world.household(place)
    return Ask(method="GET", path="/duplicates?limit=500")


async def show_person(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/persons/{await world.person(place)}")


async def show_history(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/persons/{await world.person(place)}/history")


RECIPES: Final = {
    "POST /search": Recipe(roles=WRITERS, ask=search, is_list=True),
    "POST /persons/duplicates/search": Recipe(roles=WRITERS, ask=search_duplicates, is_list=True),
    "POST /persons/merges": Recipe(roles=WRITERS, ask=merge),
    "GET /duplicates": Recipe(roles=WRITERS, ask=duplicates, is_list=True),
    "GET /persons/{person_id}": Recipe(roles=SEERS, ask=show_person),
    "GET /persons/{person_id}/history": Recipe(roles=SEERS, ask=show_history),
}
