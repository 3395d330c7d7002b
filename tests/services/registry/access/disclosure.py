"""Recipes of what is shown in full, printed, or told to partners."""

from typing import Final

from contracts import roles
from tests.services.registry.access.recipe import Recipe, listing
from tests.services.registry.access.register import WRITERS
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.builders import identity
from tests.services.registry.dci import by_predicate, envelope

PARTNERS: Final = (roles.INSURER, roles.BANK, roles.OFFICER)
BY_PURPOSE: Final = "bound by purpose and the number that the caller holds: yes or no, for the whole register"


async def unmask(world: World, place: Place) -> Ask:
    path = f"/persons/{await world.person(place)}/unmaskings"
    return Ask(method="POST", path=path, json={"reason": "bank asks for a copy"})


async def payees(world: World, place: Place) -> Ask:
    body = {"household_ids": [await world.household(place)], "purpose": "payment batch"}
    return Ask(method="POST", path="/payees/resolve", json=body)


async def eligibility(world: World, _: Place) -> Ask:
    body = {"identity_number": identity(world.number()), "on": "2016-06-01", "purpose": "premium"}
    return Ask(method="POST", path="/eligibility-checks", json=body)


async def eligibility_of_many(world: World, _: Place) -> Ask:
    body = {"items": [{"identity_number": identity(world.number())}], "purpose": "premium"}
    return Ask(method="POST", path="/eligibility-checks/bulk", json=body)


async def print_household(world: World, place: Place) -> Ask:
    path = f"/households/{await world.household(place)}/prints"
    return Ask(method="POST", path=path, json={"paper": "handbook-page", "reason": "handed over"})


async def partner_search(_: World, place: Place) -> Ask:
    message = envelope(by_predicate(("village", "eq", place.village)))
    return Ask(method="POST", path="/dci/registry/sync/search", json=message)


RECIPES: Final = {
    "POST /persons/{person_id}/unmaskings": Recipe(roles=WRITERS, ask=unmask),
    "POST /payees/resolve": Recipe(
        roles=(roles.OFFICER, roles.SERVICE), ask=payees, elsewhere=frozenset({200})
    ),
    "POST /eligibility-checks": Recipe(roles=PARTNERS, ask=eligibility, open_because=BY_PURPOSE),
    "POST /eligibility-checks/bulk": Recipe(roles=PARTNERS, ask=eligibility_of_many, open_because=BY_PURPOSE),
    "GET /disclosures": listing("/disclosures", roles.AUDITOR, roles.OFFICER, shows=False),
    "POST /households/{household_id}/prints": Recipe(roles=WRITERS, ask=print_household),
    "POST /dci/registry/sync/search": Recipe(
        roles=PARTNERS,
        ask=partner_search,
        elsewhere=frozenset({200}),
        lenient_because="the interface allows members that we do not know",
    ),
}
