"""Recipes of rule packs."""

from typing import Any, Final

from contracts import roles
from tests.services.registry.access.recipe import Recipe
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.packs import proposal

OFFICES: Final = tuple(sorted(roles.ALL_ROLES - {roles.BANK, roles.INSURER}))
OFFICER: Final = (roles.OFFICER,)


def pack(world: World, place: Place) -> dict[str, Any]:
    """Return a pack to propose, whose code gives its place away."""
    code = f"pack-{place.mark.lower()}-{world.number()}"
    place.canaries.add(code)
    return proposal(code=code)


async def pack_of(world: World, place: Place) -> str:
    """Return the path of a draft."""
    body = pack(world, place)
    await world.officer("POST", "/rule-packs", place=place, json=body)
    return f"/rule-packs/{body['code']}/versions/1"


async def propose(world: World, place: Place) -> Ask:
    return Ask(method="POST", path="/rule-packs", json=pack(world, place))


async def list_packs(world: World, place: Place) -> Ask:
    await pack_of(world, place)
    return Ask(method="GET", path="/rule-packs?limit=500")


async def in_force(world: World, place: Place) -> Ask:
    await pack_of(world, place)
    return Ask(method="GET", path="/rule-packs/in-force")


async def show_pack(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=await pack_of(world, place))


async def review_pack(world: World, place: Place) -> Ask:
    return Ask(method="POST", path=f"{await pack_of(world, place)}/reviews")


async def activate_pack(world: World, place: Place) -> Ask:
    path = await pack_of(world, place)
    await world.officer("POST", f"{path}/reviews", place=place, actor="reviewer")
    return Ask(method="POST", path=f"{path}/activations", json={"active_from": "2016-07-01"})


RECIPES: Final = {
    "POST /rule-packs": Recipe(
        roles=OFFICER, ask=propose, of_county=True, open_because="a pack is proposed for one's own area"
    ),
    "GET /rule-packs": Recipe(roles=OFFICES, ask=list_packs, is_list=True, of_county=True, shown_below=True),
    "GET /rule-packs/in-force": Recipe(
        roles=OFFICES, ask=in_force, is_list=True, shows=False, of_county=True, shown_below=True
    ),
    "GET /rule-packs/{code}/versions/{version}": Recipe(
        roles=OFFICES, ask=show_pack, of_county=True, shown_below=True
    ),
    "POST /rule-packs/{code}/versions/{version}/reviews": Recipe(
        roles=OFFICER, ask=review_pack, of_county=True
    ),
    "POST /rule-packs/{code}/versions/{version}/activations": Recipe(
        roles=OFFICER, ask=activate_pack, of_county=True
    ),
}
