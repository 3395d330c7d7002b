"""Recipes of what is read from visits: the ledger of income, stale records, causes."""

from typing import Final

from tests.services.registry.access.area import EVERY_OFFICE
from tests.services.registry.access.recipe import Recipe, listing
from tests.services.registry.access.world import Ask, Place, World


async def income(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/households/{await world.household(place)}/income")


RECIPES: Final[dict[str, Recipe]] = {
    "GET /households/{household_id}/income": Recipe(roles=EVERY_OFFICE, ask=income),
    # Whoever was just filed is fresh: the list is empty everywhere, and must not show another area's either.
    "GET /stale-records": listing("/stale-records", *EVERY_OFFICE, shows=False),
    "GET /causes": listing("/causes", *EVERY_OFFICE, shows=False),
}
