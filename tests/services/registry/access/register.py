"""Recipes of households, divisions, imports and exports."""

from typing import Any, Final

from contracts import roles
from services.registry.workbook.export import export_households
from tests.services.registry.access.recipe import Recipe, listing
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.sheet import household_draft, member_draft

READERS: Final = (
    roles.CLERK,
    roles.OFFICER,
    roles.CHECKER,
    roles.PAYER,
    roles.AUDITOR,
    roles.SERVICE,
)
WRITERS: Final = (roles.CLERK, roles.OFFICER)
REASON: Final = {"reason": "reported"}


async def file(world: World, place: Place) -> Ask:
    return Ask(method="POST", path="/households", json=world.form(place))


async def show(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/households/{await world.household(place)}")


async def history(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/households/{await world.household(place)}/history")


async def change(world: World, place: Place) -> Ask:
    form = world.form(place)
    household_id = await world.household(place, **form)
    return Ask(
        method="PUT",
        path=f"/households/{household_id}",
        json=form | {"cause": "02"},
        headers={"if-match": '"1"'},
    )


async def register(world: World, place: Place) -> Ask:
    household_id = await world.household(place, candidate=True)
    return Ask(method="POST", path=f"/households/{household_id}/registrations", json={})


async def verify(world: World, place: Place) -> Ask:
    return Ask(method="POST", path=f"/households/{await world.household(place)}/verifications", json={})


async def leave(world: World, place: Place) -> Ask:
    return Ask(method="POST", path=f"/households/{await world.household(place)}/exits", json=REASON)


async def come_back(world: World, place: Place) -> Ask:
    household_id = await world.household(place)
    await world.officer("POST", f"/households/{household_id}/exits", place=place, json=REASON)
    return Ask(method="POST", path=f"/households/{household_id}/returns", json=REASON)


async def verify_many(world: World, place: Place) -> Ask:
    items = [{"household_id": await world.household(place)}]
    return Ask(method="POST", path="/verifications/bulk", json={"items": items, "atomic": True})


async def count(_: World, place: Place) -> Ask:
    return Ask(method="GET", path="/statistics", params={"area": place.area})


async def divisions(_: World, place: Place) -> Ask:
    text = f"code,level,parent_code,name\n{place.village},village,{place.village[:9]}000,改名村\n"
    return Ask(method="POST", path="/divisions/imports", content=text.encode())


def workbook(world: World, place: Place, **changes: Any) -> bytes:
    """Return the workbook of one household of a place."""
    # Far from the numbers of households that are filed one by one.
    number = 10_000 + world.number()
    members = (member_draft(number, name=place.name, **changes),)
    file_number = f"{place.mark}-X{number:05d}"
    draft = household_draft(number, village_code=place.village, file_number=file_number, members=members)
    place.canaries.update({file_number, members[0].identity_number})
    return export_households([draft])


async def imported(world: World, place: Place) -> str:
    """Return the id of an import that was committed."""
    return await world.made("/imports", place=place, content=workbook(world, place), area=place.area)


async def send_workbook(world: World, place: Place) -> Ask:
    return Ask(method="POST", path="/imports", content=workbook(world, place))


async def show_import(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/imports/{await imported(world, place)}", actor="maker")


async def report(world: World, place: Place) -> Ask:
    path = f"/imports/{await imported(world, place)}/report.xlsx"
    return Ask(method="GET", path=path, actor="maker")


async def undo(world: World, place: Place) -> Ask:
    return Ask(method="POST", path=f"/imports/{await imported(world, place)}/undo", actor="maker")


async def export(_: World, place: Place) -> Ask:
    return Ask(method="GET", path="/exports/households.xlsx", params={"village": place.village})


RECIPES: Final = {
    "POST /households": Recipe(roles=WRITERS, ask=file),
    "GET /households": listing("/households?limit=500", *READERS),
    "GET /households/{household_id}": Recipe(roles=READERS, ask=show),
    "PUT /households/{household_id}": Recipe(roles=WRITERS, ask=change),
    "GET /households/{household_id}/history": Recipe(roles=READERS, ask=history),
    "POST /households/{household_id}/registrations": Recipe(roles=WRITERS, ask=register),
    "POST /households/{household_id}/verifications": Recipe(roles=WRITERS, ask=verify),
    "POST /households/{household_id}/exits": Recipe(roles=WRITERS, ask=leave),
    "POST /households/{household_id}/returns": Recipe(roles=WRITERS, ask=come_back),
    "POST /verifications/bulk": Recipe(roles=WRITERS, ask=verify_many, elsewhere=frozenset({409})),
    "GET /statistics": Recipe(roles=READERS, ask=count),
    "POST /divisions/imports": Recipe(
        roles=(roles.OFFICER, roles.ADMINISTRATOR), ask=divisions, elsewhere=frozenset({422})
    ),
    "GET /divisions": Recipe(
        roles=tuple(sorted(roles.ALL_ROLES)),
        ask=listing("/divisions?parent=532930101000").ask,
        open_because="the division tree is public",
    ),
    "POST /imports": Recipe(roles=WRITERS, ask=send_workbook, elsewhere=frozenset({422})),
    "GET /imports/{import_id}": Recipe(roles=WRITERS, ask=show_import),
    "GET /imports/{import_id}/report.xlsx": Recipe(roles=WRITERS, ask=report),
    "POST /imports/{import_id}/undo": Recipe(roles=WRITERS, ask=undo),
    "GET /exports/households.xlsx": Recipe(roles=WRITERS, ask=export),
}
