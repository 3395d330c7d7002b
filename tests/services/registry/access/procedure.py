"""Recipes of rounds and visits."""

from typing import Final

from contracts import roles
from tests.services.registry.access.recipe import Recipe
from tests.services.registry.access.register import READERS, WRITERS
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.rounds import visit

FOLLOWERS: Final = (roles.VILLAGE_COMMITTEE, roles.WORK_TEAM, *READERS)
DOERS: Final = (roles.VILLAGE_COMMITTEE, roles.WORK_TEAM, *WRITERS)


async def round_of(world: World, place: Place) -> str:
    """Return the id of the round that is open in a place, opened now if none is."""
    found = await world.officer("GET", "/rounds?state=open", place=place)
    scopes = {one["scope"]: str(one["id"]) for one in found["items"]}
    if place.area in scopes:
        return scopes[place.area]
    return await world.made("/rounds", place=place, json={"scope": place.area, "kind": "look-back"})


async def open_round(world: World, place: Place) -> Ask:
    # One area has one open round: a village of its own for each that is opened.
    code = f"{place.area}{300 + world.number():03d}"
    text = f"code,level,parent_code,name\n{code},village,{place.area}000,新村\n"
    await world.officer("POST", "/divisions/imports", place=place, content=text.encode())
    return Ask(method="POST", path="/rounds", json={"scope": code, "kind": "look-back"})


async def list_rounds(world: World, place: Place) -> Ask:
    await round_of(world, place)
    return Ask(method="GET", path="/rounds")


async def show_round(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/rounds/{await round_of(world, place)}")


async def list_entries(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/rounds/{await round_of(world, place)}/entries")


async def add_entries(world: World, place: Place) -> Ask:
    item = {"household_id": await world.household(place, candidate=True), "reason": "missed-before"}
    path = f"/rounds/{await round_of(world, place)}/entries"
    return Ask(method="POST", path=path, json={"items": [item]})


async def propose(world: World, place: Place) -> Ask:
    round_id = await round_of(world, place)
    entries = await world.officer("GET", f"/rounds/{round_id}/entries", place=place)
    item = {"household_id": entries["items"][0]["household_id"], "proposal": "keep"}
    return Ask(method="POST", path=f"/rounds/{round_id}/proposals/bulk", json={"items": [item]})


async def visit_of(world: World, place: Place) -> str:
    """Return the id of a visit to a new household."""
    household_id = await world.household(place)
    body = visit(world.number() + 1000)
    return await world.made(f"/households/{household_id}/visits", place=place, json=body)


async def record_visit(world: World, place: Place) -> Ask:
    path = f"/households/{await world.household(place)}/visits"
    return Ask(method="POST", path=path, json=visit(world.number() + 1000))


async def list_visits(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/households/{await world.household(place)}/visits")


async def record_visits(world: World, place: Place) -> Ask:
    item = visit(world.number() + 1000) | {"household_id": await world.household(place)}
    return Ask(method="POST", path="/visits/bulk", json={"items": [item], "atomic": True})


async def show_visit(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/visits/{await visit_of(world, place)}")


async def correct_visit(world: World, place: Place) -> Ask:
    path = f"/visits/{await visit_of(world, place)}/corrections"
    body = {name: value for name, value in visit(world.number() + 1000).items() if name != "visited_on"}
    return Ask(method="POST", path=path, json=body | {"reason": "misread"})


async def annul_visit(world: World, place: Place) -> Ask:
    path = f"/visits/{await visit_of(world, place)}/annulments"
    return Ask(method="POST", path=path, json={"reason": "wrong-house"})


RECIPES: Final = {
    "POST /rounds": Recipe(roles=(roles.OFFICER,), ask=open_round),
    "GET /rounds": Recipe(roles=FOLLOWERS, ask=list_rounds, is_list=True),
    "GET /rounds/{round_id}": Recipe(roles=FOLLOWERS, ask=show_round),
    "GET /rounds/{round_id}/entries": Recipe(roles=FOLLOWERS, ask=list_entries),
    "POST /rounds/{round_id}/entries": Recipe(roles=DOERS, ask=add_entries),
    "POST /rounds/{round_id}/proposals/bulk": Recipe(roles=DOERS, ask=propose),
    "POST /households/{household_id}/visits": Recipe(roles=DOERS, ask=record_visit),
    "GET /households/{household_id}/visits": Recipe(roles=FOLLOWERS, ask=list_visits),
    "POST /visits/bulk": Recipe(roles=DOERS, ask=record_visits, elsewhere=frozenset({409})),
    "GET /visits/{visit_id}": Recipe(roles=FOLLOWERS, ask=show_visit),
    "POST /visits/{visit_id}/corrections": Recipe(roles=DOERS, ask=correct_visit),
    "POST /visits/{visit_id}/annulments": Recipe(roles=(roles.OFFICER,), ask=annul_visit),
}
