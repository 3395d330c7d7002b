"""Recipes of notices, objections, announcements, and of the way out."""

from datetime import date
from typing import Any, Final

from contracts import roles
from contracts.values import (
    COUNTY_CONFIRMATION,
    FIRST_NOTICE,
    REPRESENTATIVES,
    SECOND_NOTICE,
    TOWNSHIP_REVIEW,
)
from tests.services.registry.access.evaluation import checked
from tests.services.registry.access.procedure import DOERS
from tests.services.registry.access.recipe import Recipe
from tests.services.registry.access.register import REASON, WRITERS
from tests.services.registry.access.world import Ask, Place, World
from tests.services.registry.evaluating import stand
from tests.services.registry.noticing import hung, prosperous
from tests.services.registry.rounds import photo, visit

OFFICES: Final = tuple(sorted(roles.ALL_ROLES - {roles.BANK, roles.INSURER}))
POSTED: Final = "2016-06-01"
WEEK: Final = "2016-06-08"
WHY: Final = {"reason": "hung in the village"}


def on_the_day(world: World) -> None:
    """Let each recipe begin on the day of its posting, whatever the one before it came to."""
    world.registry.clock.move_to(date.fromisoformat(POSTED))


def a_week_later(world: World) -> None:
    """Let notices have hung their time."""
    world.registry.clock.move_to(date.fromisoformat(WEEK))


async def listed(world: World, place: Place, step: str, kind: str) -> tuple[str, dict[str, Any]]:
    """Return a round and the notice to post of a new household in it."""
    on_the_day(world)
    round_id, _ = await checked(world, place)
    await world.registry.sql("UPDATE registry.household SET status = 'evaluated' WHERE status = 'candidate'")
    await stand(world.registry, round_id, step)
    return round_id, {"kind": kind, "village_code": place.village, "posted_on": POSTED} | hung()


async def posted(
    world: World, place: Place, step: str = REPRESENTATIVES, kind: str = FIRST_NOTICE
) -> tuple[str, str]:
    """Return a round and a notice that hangs."""
    round_id, body = await listed(world, place, step, kind)
    return round_id, await world.made(f"/rounds/{round_id}/notices", place=place, json=body)


async def confirmed(world: World, place: Place) -> str:
    """Return a round that the county confirmed."""
    round_id, notice_id = await posted(world, place, TOWNSHIP_REVIEW, SECOND_NOTICE)
    a_week_later(world)
    await world.officer("POST", f"/notices/{notice_id}/closures", place=place, json={"on": WEEK})
    await stand(world.registry, round_id, COUNTY_CONFIRMATION, on=WEEK)
    return round_id


def announcement(place: Place) -> dict[str, Any]:
    """Return what announces a round in a place."""
    return {"village_code": place.village, "published_on": WEEK} | hung()


async def announced(world: World, place: Place) -> tuple[str, str]:
    """Return a round and its announcement."""
    round_id = await confirmed(world, place)
    path = f"/rounds/{round_id}/announcements"
    return round_id, await world.made(path, place=place, json=announcement(place))


async def prosperous_visit(world: World, place: Place) -> tuple[str, dict[str, Any]]:
    """Return a household that may leave, and what proposes it."""
    household_id = await world.household(place, on="2016-01-01")
    body = visit(world.number() + 1000, checks=prosperous())
    visit_id = await world.made(f"/households/{household_id}/visits", place=place, json=body)
    evaluation = {"held_on": POSTED, "eligible": 10, "present": 8, "votes": 7}
    asked = {"visit_id": visit_id, "on": POSTED, "evaluation": evaluation, "signature_sha256": photo(5)}
    return household_id, asked


async def leaving(world: World, place: Place) -> str:
    """Return a household in pre-exit."""
    household_id, asked = await prosperous_visit(world, place)
    await world.officer("POST", f"/households/{household_id}/pre-exits", place=place, json=asked)
    return household_id


async def post_notice(world: World, place: Place) -> Ask:
    round_id, body = await listed(world, place, REPRESENTATIVES, FIRST_NOTICE)
    return Ask(method="POST", path=f"/rounds/{round_id}/notices", json=body)


async def list_of_round(world: World, place: Place) -> Ask:
    round_id, _ = await posted(world, place)
    return Ask(method="GET", path=f"/rounds/{round_id}/notices?limit=500")


async def list_notices(world: World, place: Place) -> Ask:
    await posted(world, place)
    return Ask(method="GET", path="/notices?limit=500")


async def show_notice(world: World, place: Place) -> Ask:
    _, notice_id = await posted(world, place)
    return Ask(method="GET", path=f"/notices/{notice_id}")


async def close_notice(world: World, place: Place) -> Ask:
    _, notice_id = await posted(world, place)
    a_week_later(world)
    return Ask(method="POST", path=f"/notices/{notice_id}/closures", json={"on": WEEK})


async def take_down(world: World, place: Place) -> Ask:
    _, notice_id = await posted(world, place)
    body = {"taken_down_on": POSTED, "reason": "storm"}
    return Ask(method="POST", path=f"/notices/{notice_id}/takedowns", json=body)


def objection(place: Place) -> dict[str, str]:
    """Return somebody's objection."""
    words = {"by": place.name, "text": f"{place.name}去年买了车。"}
    return {"channel": "in-person", "filed_on": POSTED} | words


async def object_to(world: World, place: Place) -> Ask:
    _, notice_id = await posted(world, place)
    return Ask(method="POST", path=f"/notices/{notice_id}/objections", json=objection(place))


async def list_objections(world: World, place: Place) -> Ask:
    _, notice_id = await posted(world, place)
    await world.made(f"/notices/{notice_id}/objections", place=place, json=objection(place))
    return Ask(method="GET", path=f"/notices/{notice_id}/objections")


async def decide(world: World, place: Place) -> Ask:
    _, notice_id = await posted(world, place)
    filed = await world.made(f"/notices/{notice_id}/objections", place=place, json=objection(place))
    body = {"outcome": "dismissed", "answer": "已入户核查。", "decided_on": POSTED}
    return Ask(method="POST", path=f"/objections/{filed}/decisions", json=body)


async def announce(world: World, place: Place) -> Ask:
    path = f"/rounds/{await confirmed(world, place)}/announcements"
    return Ask(method="POST", path=path, json=announcement(place))


async def list_announcements(world: World, place: Place) -> Ask:
    round_id, _ = await announced(world, place)
    return Ask(method="GET", path=f"/rounds/{round_id}/announcements?limit=500")


async def show_announcement(world: World, place: Place) -> Ask:
    _, announcement_id = await announced(world, place)
    return Ask(method="GET", path=f"/announcements/{announcement_id}")


async def print_notice(world: World, place: Place) -> Ask:
    _, notice_id = await posted(world, place)
    return Ask(method="POST", path=f"/notices/{notice_id}/prints", json=WHY)


async def print_announcement(world: World, place: Place) -> Ask:
    _, announcement_id = await announced(world, place)
    return Ask(method="POST", path=f"/announcements/{announcement_id}/prints", json=WHY)


async def pre_exit(world: World, place: Place) -> Ask:
    household_id, asked = await prosperous_visit(world, place)
    return Ask(method="POST", path=f"/households/{household_id}/pre-exits", json=asked)


async def take_back(world: World, place: Place) -> Ask:
    path = f"/households/{await leaving(world, place)}/pre-exits/withdrawals"
    return Ask(method="POST", path=path, json=REASON)


def exit_notice(place: Place) -> dict[str, Any]:
    """Return the exit notice of a place."""
    return {"village_code": place.village, "posted_on": POSTED} | hung()


async def post_exit_notice(world: World, place: Place) -> Ask:
    await leaving(world, place)
    return Ask(method="POST", path="/exit-notices", json=exit_notice(place))


async def announce_exit(world: World, place: Place) -> Ask:
    on_the_day(world)
    await leaving(world, place)
    notice_id = await world.made("/exit-notices", place=place, json=exit_notice(place))
    a_week_later(world)
    await world.officer("POST", f"/notices/{notice_id}/closures", place=place, json={"on": WEEK})
    path = f"/notices/{notice_id}/announcements"
    return Ask(method="POST", path=path, json={"published_on": WEEK} | hung())


async def close_household(world: World, place: Place) -> Ask:
    household_id = await world.household(place, on="2016-01-01")
    body = {"reason": "moved-away", "on": "2016-05-01"}
    await world.officer("POST", f"/households/{household_id}/exits", place=place, json=body)
    world.registry.clock.move_to(date(2020, 1, 1))
    return Ask(method="POST", path=f"/households/{household_id}/closures", json={})


RECIPES: Final = {
    "POST /rounds/{round_id}/notices": Recipe(roles=DOERS, ask=post_notice),
    "GET /rounds/{round_id}/notices": Recipe(roles=OFFICES, ask=list_of_round, is_list=True),
    "GET /notices": Recipe(roles=OFFICES, ask=list_notices, is_list=True),
    "GET /notices/{notice_id}": Recipe(roles=OFFICES, ask=show_notice),
    "POST /notices/{notice_id}/closures": Recipe(roles=DOERS, ask=close_notice),
    "POST /notices/{notice_id}/takedowns": Recipe(roles=DOERS, ask=take_down),
    "POST /notices/{notice_id}/objections": Recipe(roles=DOERS, ask=object_to),
    "GET /notices/{notice_id}/objections": Recipe(roles=OFFICES, ask=list_objections),
    "POST /objections/{objection_id}/decisions": Recipe(roles=WRITERS, ask=decide),
    "POST /rounds/{round_id}/announcements": Recipe(roles=WRITERS, ask=announce),
    "GET /rounds/{round_id}/announcements": Recipe(roles=OFFICES, ask=list_announcements, is_list=True),
    "GET /announcements/{announcement_id}": Recipe(roles=OFFICES, ask=show_announcement),
    "POST /notices/{notice_id}/prints": Recipe(roles=OFFICES, ask=print_notice),
    "POST /announcements/{announcement_id}/prints": Recipe(roles=OFFICES, ask=print_announcement),
}
LEAVING: Final = {
    "POST /households/{household_id}/pre-exits": Recipe(roles=WRITERS, ask=pre_exit),
    "POST /households/{household_id}/pre-exits/withdrawals": Recipe(roles=WRITERS, ask=take_back),
    "POST /households/{household_id}/closures": Recipe(roles=WRITERS, ask=close_household),
    "POST /exit-notices": Recipe(roles=DOERS, ask=post_exit_notice),
    "POST /notices/{notice_id}/announcements": Recipe(roles=WRITERS, ask=announce_exit),
}
