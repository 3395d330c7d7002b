"""Recipes of change requests and of other offices' lists."""

from typing import Final

from contracts import roles
from tests.services.registry.access.recipe import Recipe
from tests.services.registry.access.register import WRITERS
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.lists import csv

OVERSEERS: Final = (roles.OFFICER, roles.AUDITOR)


async def wanted(world: World, place: Place) -> dict[str, object]:
    """Return a request to correct a new household's cause."""
    form = world.form(place)
    household_id = await world.household(place, **form, on="2016-01-01")
    people = await world.people(place, household_id)
    members = [
        {name: value for name, value in member.items() if name != "identity_number"} | {"id": person}
        for member, person in zip(form["members"], people, strict=True)
    ]
    stated = {name: value for name, value in form.items() if name != "members"}
    return stated | {
        "kind": "correction",
        "household_id": household_id,
        "reason": "reported",
        "cause": "02",
        "members": members,
    }


async def requested(world: World, place: Place) -> str:
    """Return the id of an open change request."""
    return await world.made("/change-requests", place=place, json=await wanted(world, place))


async def submit(world: World, place: Place) -> Ask:
    return Ask(method="POST", path="/change-requests", json=await wanted(world, place))


async def list_changes(world: World, place: Place) -> Ask:
    await requested(world, place)
    return Ask(method="GET", path="/change-requests?limit=500")


async def show_change(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/change-requests/{await requested(world, place)}")


async def review(world: World, place: Place) -> Ask:
    path = f"/change-requests/{await requested(world, place)}/reviews"
    return Ask(method="POST", path=path, json={"outcome": "approved"})


async def cancel(world: World, place: Place) -> Ask:
    path = f"/change-requests/{await requested(world, place)}/cancellations"
    return Ask(method="POST", path=path, actor="maker")


async def rebase(world: World, place: Place) -> Ask:
    path = f"/change-requests/{await requested(world, place)}/rebasings"
    return Ask(method="POST", path=path, actor="maker")


async def undo(world: World, place: Place) -> Ask:
    request_id = await requested(world, place)
    await world.officer(
        "POST",
        f"/change-requests/{request_id}/reviews",
        place=place,
        json={"outcome": "approved"},
        actor="reviewer",
    )
    return Ask(method="POST", path=f"/change-requests/{request_id}/undo")


async def imported(world: World, place: Place) -> str:
    """Return the id of a list that names the head of a new household."""
    await world.household(place)
    number = world.number() - 1
    return await world.made(
        "/cross-checks",
        place=place,
        params={"kind": "vehicles", "office": "交警大队", "as_of": "2016-05-31"},
        content=csv(number * 2, detail=place.name),
        headers={"content-type": "text/csv"},
    )


async def match_of(world: World, place: Place) -> str:
    """Return the id of a match."""
    list_id = await imported(world, place)
    found = await world.officer("GET", f"/cross-checks/matches?list_id={list_id}", place=place)
    match_id = str(found["items"][0]["id"])
    place.canaries.add(match_id)
    return match_id


async def import_list(world: World, place: Place) -> Ask:
    return Ask(
        method="POST",
        path="/cross-checks",
        params={"kind": "deaths", "office": "民政局", "as_of": "2016-05-31", "area": place.area},
        content=csv(world.number()),
        headers={"content-type": "text/csv"},
    )


async def list_lists(world: World, place: Place) -> Ask:
    await imported(world, place)
    return Ask(method="GET", path="/cross-checks?limit=500")


async def list_matches(world: World, place: Place) -> Ask:
    await imported(world, place)
    return Ask(method="GET", path="/cross-checks/matches?limit=500")


async def show_list(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/cross-checks/{await imported(world, place)}")


async def match_again(world: World, place: Place) -> Ask:
    return Ask(method="POST", path=f"/cross-checks/{await imported(world, place)}/matches")


async def resolve(world: World, place: Place) -> Ask:
    path = f"/cross-checks/matches/{await match_of(world, place)}/resolutions"
    return Ask(method="POST", path=path, json={"outcome": "explained", "reason": "same-name"})


RECIPES: Final = {
    "POST /change-requests": Recipe(roles=WRITERS, ask=submit),
    "GET /change-requests": Recipe(roles=(*WRITERS, roles.AUDITOR), ask=list_changes, is_list=True),
    "GET /change-requests/{request_id}": Recipe(roles=WRITERS, ask=show_change),
    "POST /change-requests/{request_id}/reviews": Recipe(roles=WRITERS, ask=review),
    "POST /change-requests/{request_id}/cancellations": Recipe(roles=WRITERS, ask=cancel),
    "POST /change-requests/{request_id}/rebasings": Recipe(roles=WRITERS, ask=rebase),
    "POST /change-requests/{request_id}/undo": Recipe(roles=WRITERS, ask=undo),
    "POST /cross-checks": Recipe(roles=(roles.OFFICER,), ask=import_list, of_county=True),
    "GET /cross-checks": Recipe(roles=OVERSEERS, ask=list_lists, is_list=True, of_county=True),
    "GET /cross-checks/matches": Recipe(
        roles=(*WRITERS, roles.CHECKER, roles.AUDITOR), ask=list_matches, is_list=True
    ),
    "GET /cross-checks/{list_id}": Recipe(roles=OVERSEERS, ask=show_list, of_county=True),
    "POST /cross-checks/{list_id}/matches": Recipe(roles=(roles.OFFICER,), ask=match_again, of_county=True),
    "POST /cross-checks/matches/{match_id}/resolutions": Recipe(roles=WRITERS, ask=resolve),
}
