"""Recipes of meetings and determinations, and of a round's end."""

from typing import Any, Final

from contracts import roles
from contracts.values import VILLAGE_INITIAL, VILLAGERS_MEETING
from tests.services.registry.access.procedure import open_round, round_of
from tests.services.registry.access.recipe import Recipe
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.evaluating import DAY, meeting, result, stand
from tests.services.registry.rounds import visit

VILLAGE: Final = (roles.VILLAGE_COMMITTEE, roles.WORK_TEAM, roles.CLERK)
BODIES: Final = (*VILLAGE, roles.OFFICER)
READERS: Final = (*BODIES, roles.AUDITOR)


async def checked(world: World, place: Place) -> tuple[str, str]:
    """Return the round of a place, and a new household of it whose checks are complete."""
    round_id = await round_of(world, place)
    household_id = await world.household(place, candidate=True)
    item = {"household_id": household_id, "reason": "missed-before"}
    await world.officer("POST", f"/rounds/{round_id}/entries", place=place, json={"items": [item]})
    body = visit(world.number() + 1000, round_id=round_id)
    await world.officer("POST", f"/households/{household_id}/visits", place=place, json=body)
    return round_id, household_id


async def held(world: World, place: Place) -> tuple[str, dict[str, Any]]:
    """Return the round of a place, and a meeting to hold in it."""
    round_id, household_id = await checked(world, place)
    body = meeting([result(household_id)], village_code=place.village, place=f"{place.name}院坝")
    return round_id, body | {
        "minutes": f"{place.name}全体同意。",
        "roll": [place.name, *(f"{place.name}{last}" for last in "甲乙丙丁")],
    }


async def meeting_of(world: World, place: Place) -> str:
    """Return the id of a meeting."""
    round_id, body = await held(world, place)
    who = {"roles": [roles.VILLAGE_COMMITTEE]}
    return await world.made(f"/rounds/{round_id}/meetings", place=place, json=body, **who)


async def hold(world: World, place: Place) -> Ask:
    round_id, body = await held(world, place)
    return Ask(method="POST", path=f"/rounds/{round_id}/meetings", json=body)


async def list_meetings(world: World, place: Place) -> Ask:
    await meeting_of(world, place)
    return Ask(method="GET", path=f"/rounds/{await round_of(world, place)}/meetings?limit=500")


async def show_meeting(world: World, place: Place) -> Ask:
    return Ask(method="GET", path=f"/meetings/{await meeting_of(world, place)}")


async def annul(world: World, place: Place) -> Ask:
    path = f"/meetings/{await meeting_of(world, place)}/annulments"
    return Ask(method="POST", path=path, json={"reason": "no-quorum"})


async def determination(world: World, place: Place) -> Ask:
    round_id, _ = await checked(world, place)
    # The three meetings of everybody in the village are not what is tried here.
    await stand(world.registry, round_id, VILLAGERS_MEETING)
    body = {
        "determination": VILLAGE_INITIAL,
        "area": place.village,
        "determined_on": DAY,
        "document": "洱扶字〔2016〕1号",
    }
    return Ask(method="POST", path=f"/rounds/{round_id}/determinations", json=body)


async def list_determinations(world: World, place: Place) -> Ask:
    ask = await determination(world, place)
    await world.made(ask.path, place=place, json=ask.json, roles=[roles.VILLAGE_COMMITTEE])
    return Ask(method="GET", path=f"{ask.path}?limit=500")


async def empty_round(world: World, place: Place) -> str:
    """Return the id of a round over a village without households."""
    ask = await open_round(world, place)
    return await world.made(ask.path, place=place, json=ask.json)


async def close(world: World, place: Place) -> Ask:
    return Ask(method="POST", path=f"/rounds/{await empty_round(world, place)}/closures", json={})


async def restate(world: World, place: Place) -> Ask:
    round_id = await empty_round(world, place)
    path = f"/rounds/{round_id}/closures"
    await world.officer("POST", path, place=place, json={}, actor="another officer")
    return Ask(method="POST", path=f"/rounds/{round_id}/restatements", json={"reason": "late-report"})


async def print_minutes(world: World, place: Place) -> Ask:
    path = f"/meetings/{await meeting_of(world, place)}/prints"
    return Ask(method="POST", path=path, json={"reason": "to be signed"})


RECIPES: Final = {
    "POST /meetings/{meeting_id}/prints": Recipe(roles=BODIES, ask=print_minutes),
    "POST /rounds/{round_id}/meetings": Recipe(roles=VILLAGE, ask=hold),
    "GET /rounds/{round_id}/meetings": Recipe(roles=READERS, ask=list_meetings, is_list=True),
    "GET /meetings/{meeting_id}": Recipe(roles=READERS, ask=show_meeting),
    "POST /meetings/{meeting_id}/annulments": Recipe(roles=(roles.OFFICER,), ask=annul),
    # Which body makes which determination is the rule pack's to say; this one is the committee's.
    "POST /rounds/{round_id}/determinations": Recipe(roles=(roles.VILLAGE_COMMITTEE,), ask=determination),
    "GET /rounds/{round_id}/determinations": Recipe(roles=READERS, ask=list_determinations, is_list=True),
    "POST /rounds/{round_id}/closures": Recipe(roles=(roles.OFFICER,), ask=close),
    # Nothing became known late: whoever hears that was let in.
    "POST /rounds/{round_id}/restatements": Recipe(
        roles=(roles.OFFICER,), ask=restate, at_home=frozenset({409})
    ),
}
