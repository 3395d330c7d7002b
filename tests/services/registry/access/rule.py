"""Recipes of rule packs and of the two lines."""

from typing import Final

from contracts import roles
from services.registry.routes.rule_pack import READERS
from tests.services.registry.access.recipe import Recipe, listing
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.packs import proposal

NOT_BELOW: Final = frozenset({403, 404})
COUNTERS: Final = (roles.CLERK, roles.OFFICER, roles.CHECKER, roles.AUDITOR, roles.SERVICE)


def wanted(world: World, place: Place) -> dict[str, object]:
    """Return a pack whose code is marked by its place."""
    return proposal(code=f"rules-{place.mark.lower()}{place.mark.lower()}-{world.number()}")


async def proposed(world: World, place: Place) -> str:
    """Return the path of a draft."""
    body = wanted(world, place)
    await world.officer("POST", "/rule-packs", place=place, json=body)
    place.canaries.add(str(body["code"]))
    return f"/rule-packs/{body['code']}/versions/1"


async def reviewed(world: World, place: Place) -> str:
    """Return the path of a reviewed pack."""
    path = await proposed(world, place)
    await world.officer("POST", f"{path}/reviews", place=place, actor="reviewer")
    return path


async def propose(world: World, place: Place) -> Ask:
    return Ask(method="POST", path="/rule-packs", json=wanted(world, place))


async def list_packs(world: World, place: Place) -> Ask:
    await proposed(world, place)
    return Ask(method="GET", path="/rule-packs?limit=500")


async def show_in_force(world: World, place: Place) -> Ask:
    path = await reviewed(world, place)
    body = {"active_from": "2016-05-01"}
    await world.officer("POST", f"{path}/activations", place=place, json=body)
    return Ask(method="GET", path="/rule-packs/in-force")


async def show_pack(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=await proposed(world, place))


async def review(world: World, place: Place) -> Ask:
    return Ask(method="POST", path=f"{await proposed(world, place)}/reviews")


async def activate(world: World, place: Place) -> Ask:
    path = f"{await reviewed(world, place)}/activations"
    return Ask(method="POST", path=path, json={"active_from": "2016-06-02"})


async def try_pack(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"{await proposed(world, place)}/trials")


RECIPES: Final = {
    "POST /rule-packs": Recipe(
        roles=(roles.OFFICER,), ask=propose, elsewhere=frozenset({201, 403}), of_county=True
    ),
    "GET /rule-packs": Recipe(roles=READERS, ask=list_packs, is_list=True, of_county=True, shown_below=True),
    "GET /rule-packs/in-force": Recipe(
        roles=READERS, ask=show_in_force, is_list=True, shows=False, of_county=True, shown_below=True
    ),
    "GET /rule-packs/{code}/versions/{version}": Recipe(
        roles=READERS, ask=show_pack, of_county=True, shown_below=True
    ),
    "POST /rule-packs/{code}/versions/{version}/reviews": Recipe(
        roles=(roles.OFFICER,), ask=review, elsewhere=NOT_BELOW, of_county=True
    ),
    "POST /rule-packs/{code}/versions/{version}/activations": Recipe(
        roles=(roles.OFFICER,), ask=activate, elsewhere=NOT_BELOW, of_county=True
    ),
    "GET /rule-packs/{code}/versions/{version}/trials": Recipe(
        roles=(roles.OFFICER, roles.CLERK, roles.AUDITOR), ask=try_pack, of_county=True, shown_below=True
    ),
    "GET /lines": listing("/lines", *COUNTERS, shows=False),
    "GET /line-mismatches": listing("/line-mismatches?limit=500", *COUNTERS),
}
