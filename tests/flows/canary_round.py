"""A round in which the canaries live: visited, evaluated, determined, noticed, objected to, announced, and printed."""

from datetime import date, timedelta

from cli.api import Api
from cli.commands.business_date import move_business_date
from contracts import values
from tests.flows import canary
from tests.flows.canary_ways import REGISTRY, done, refused, seen, text_of
from tests.flows.town import COUNTY, TOWNSHIP, VILLAGE, Town, household, member
from tests.services.registry.evaluating import meeting, result
from tests.services.registry.noticing import hung
from tests.services.registry.rounds import checks, visit

ROLL = [canary.VILLAGER, *(f"{canary.VILLAGER}{last}" for last in "甲乙丙丁")]
WEEK = timedelta(days=7)
WHY = {"reason": "as the county asks"}


async def hold_round(town: Town) -> None:
    """Take the village through a whole round, with what is refused on the way."""
    day = date.fromisoformat((await town.officer.get("/gateway/v1/business-date"))["business_date"])
    ids = await _open(town)
    await _visit(town, ids, day)
    await _evaluate(town, ids, day)
    acting = (await town.people.towns())[TOWNSHIP]
    await _determine(town, acting.committee.api, (values.VILLAGE_INITIAL, VILLAGE), day)
    await _determine(town, acting.team.api, (values.REPRESENTATIVES, VILLAGE), day)
    day = await _let_hang(town, values.FIRST_NOTICE, day)
    await _determine(town, town.clerk, (values.TOWNSHIP_REVIEW, TOWNSHIP), day)
    day = await _let_hang(town, values.SECOND_NOTICE, day)
    await _determine(town, town.officer, (values.COUNTY_CONFIRMATION, COUNTY), day)
    body = hung() | {"village_code": VILLAGE, "published_on": str(day)}
    await refused(town, town.officer, f"{_round(town)}/announcements", body | {"place": canary.IDENTITY})
    announced = await done(town, town.officer, f"{_round(town)}/announcements", body)
    town.made["announcement"] = announced["id"]
    await done(town, town.people.deputy.api, f"{_round(town)}/closures", {})
    restated = f"{_round(town)}/restatements"
    await refused(town, town.officer, restated, {"reason": canary.NAME}, {canary.IDENTITY: canary.NAME})


def _round(town: Town) -> str:
    return f"{REGISTRY}/rounds/{town.made['round']}"


async def _open(town: Town) -> list[str]:
    """File a candidate, open the round over the village, and return its households, the first one first."""
    people = [member(77, name=canary.CANDIDATE, identity_number=canary.CANDIDATE_IDENTITY)]
    filed = household(77, account=canary.ACCOUNT, address=canary.ADDRESS, members=people, candidate=True)
    await done(town, town.clerk, f"{REGISTRY}/households", filed)
    body = {
        "scope": VILLAGE,
        "kind": "look-back",
        "include_candidates": True,
        "candidate_reason": "missed-before",
    }
    for wrong in ({"scope": canary.IDENTITY}, {"kind": canary.NAME}, {"candidate_reason": canary.NAME}):
        await refused(town, town.officer, f"{REGISTRY}/rounds", body | wrong)
    town.made["round"] = (await done(town, town.officer, f"{REGISTRY}/rounds", body))["id"]
    entry = {"household_id": canary.NAME, "proposal": canary.NAME, "reason": canary.NAME}
    await refused(town, town.officer, f"{_round(town)}/proposals/bulk", {"items": [entry]})
    entries = await town.officer.all(f"{_round(town)}/entries")
    first = town.made["household"]
    return [first, *(one["household_id"] for one in entries if one["household_id"] != first)]


async def _visit(town: Town, ids: list[str], day: date) -> None:
    """Visit everybody, one apart and the others together; correct a visit and annul another."""
    team = {"visited_on": str(day), "members": [canary.VISITOR, canary.OBJECTOR]}
    inside = team | {"round_id": town.made["round"]}
    path = f"{REGISTRY}/households/{ids[0]}/visits"
    income = checks()["income"]
    await refused(
        town,
        town.clerk,
        path,
        visit(11, **inside) | {"members": [canary.VISITOR]},
        visit(11, **inside) | {"cause": canary.NAME},
        visit(11, **inside, checks=checks(income=income | {"finding": canary.NAME})),
        visit(11, **inside, checks=checks(income=income | {"net_income": canary.ACCOUNT})),
        visit(11, **inside, checks=checks(property={"items": [canary.NAME], "finding": canary.IDENTITY})),
        visit(11, **inside) | {"assurances_met": [canary.IDENTITY]},
        visit(11, **inside) | {canary.NAME: canary.IDENTITY},
    )
    void = await done(town, town.clerk, path, visit(12, **team))
    made = await done(town, town.clerk, path, visit(11, **inside))
    items = [
        visit(20 + number, **inside)
        | {"household_id": one, "reference_id": f"{canary.NAME} {canary.IDENTITY}"}
        for number, one in enumerate(ids[1:])
    ]
    lone = items[0] | {"members": [canary.VISITOR]}
    many = {"items": [*items, lone]}
    answered = await done(town, town.clerk, f"{REGISTRY}/visits/bulk", many)
    assert (answered["done"], answered["refused"]) == (len(items), 1)
    await refused(town, town.clerk, f"{REGISTRY}/visits/bulk", many | {"atomic": True})
    await _state_visits_anew(town, made["id"], void["id"])


async def _state_visits_anew(town: Town, made: str, void: str) -> None:
    anew = {name: one for name, one in visit(11).items() if name != "visited_on"}
    anew |= {"members": [canary.VISITOR, canary.NAME], "reason": "figures-corrected"}
    path = f"{REGISTRY}/visits/{made}"
    await refused(town, town.clerk, f"{path}/corrections", anew | {"reason": canary.NAME})
    await refused(town, town.clerk, f"{path}/corrections", anew | {"members": [f"{canary.NAME}\n", "W-001"]})
    await done(town, town.clerk, f"{path}/corrections", anew)
    annul = f"{REGISTRY}/visits/{void}/annulments"
    await refused(town, town.officer, annul, {"reason": canary.NAME}, {"reason": canary.IDENTITY})
    await done(town, town.officer, annul, {"reason": "not-made"})
    town.made["visit"] = made


async def _evaluate(town: Town, ids: list[str], day: date) -> None:
    """Hold the three meetings with a roll of villagers and minutes that name a household; one of them is void."""
    api = (await town.people.towns())[TOWNSHIP].committee.api
    path = f"{_round(town)}/meetings"
    held = meeting(
        [result(one) for one in ids],
        village_code=VILLAGE,
        held_on=str(day),
        roll=ROLL,
        place=canary.YARD,
        minutes=f"{canary.NAME}一家：{canary.COURT}。\n全体同意。",
    )
    await refused(
        town,
        api,
        path,
        held | {"minutes": f"{canary.NAME}，{canary.IDENTITY}"},
        held | {"convenor": canary.IDENTITY},
        held | {"convenor": canary.NAME},
        held | {"roll": [f"{canary.VILLAGER}\x07"] * 5},
        held | {"roll": [canary.VILLAGER] * 2},
        held | {"results": [result(ids[0], 1, 1, 3, reason=canary.NAME)]},
        held | {"results": [result(canary.IDENTITY)]},
        held | {"evaluation": canary.NAME},
        held | {canary.VILLAGER: canary.VILLAGER},
    )
    void = await done(town, api, path, held)
    annul = f"{REGISTRY}/meetings/{void['id']}/annulments"
    await refused(town, town.officer, annul, {"reason": canary.NAME})
    await done(town, town.officer, annul, {"reason": "convened-wrongly"})
    for evaluation in values.EVALUATIONS:
        town.made["meeting"] = (await done(town, api, path, held | {"evaluation": evaluation}))["id"]


async def _determine(town: Town, api: Api, what: tuple[str, str], day: date) -> None:
    body = {
        "determination": what[0],
        "area": what[1],
        "determined_on": str(day),
        "document": "样例〔2026〕1号",
    }
    objected = {"household_id": town.made["household"], "reason": canary.NAME}
    await refused(
        town,
        api,
        f"{_round(town)}/determinations",
        body | {"turned_down": [objected]},
        body | {"document": f"关于{canary.IDENTITY}的审定"},
        body | {"document": f"{canary.NAME}\n"},
    )
    await done(town, api, f"{_round(town)}/determinations", body)


async def _let_hang(town: Town, kind: str, day: date) -> date:
    """Post a masked list, answer an objection to it, and close it after its week; return that day."""
    body = hung() | {"kind": kind, "village_code": VILLAGE, "posted_on": str(day)}
    await refused(town, town.clerk, f"{_round(town)}/notices", body | {"place": f"{canary.IDENTITY}门前"})
    posted = await done(town, town.clerk, f"{_round(town)}/notices", body)
    path = f"{REGISTRY}/notices/{posted['id']}"
    assert canary.open_in(await seen(town, town.clerk, path)) == set(), (
        "a list shows masked names to everybody"
    )
    await _object(town, path, day)
    closes = day + WEEK
    await move_business_date(town.people.administrator.api, closes, seconds=60)
    await refused(town, town.clerk, f"{path}/takedowns", {"taken_down_on": str(day), "reason": canary.NAME})
    await done(town, town.clerk, f"{path}/closures", {"on": str(closes)})
    town.made["notice"] = posted["id"]
    return closes


async def _object(town: Town, notice: str, day: date) -> None:
    filed = {
        "channel": "in-person",
        "filed_on": str(day),
        "by": canary.OBJECTOR,
        "text": f"{canary.NAME}（{canary.IDENTITY}，电话{canary.PHONE}）：{canary.COURT}。",
        "household_id": town.made["household"],
    }
    path = f"{notice}/objections"
    await refused(
        town,
        town.clerk,
        path,
        filed | {"channel": canary.OBJECTOR},
        filed | {"by": f"{canary.OBJECTOR}\n"},
        filed | {"household_id": canary.IDENTITY},
        filed | {"filed_on": canary.IDENTITY},
        filed | {canary.OBJECTOR: canary.IDENTITY},
    )
    objection = (await done(town, town.clerk, path, filed))["id"]
    decision = f"{REGISTRY}/objections/{objection}/decisions"
    answer = {
        "outcome": "dismissed",
        "decided_on": str(day),
        "answer": f"已入户核查{canary.NAME}（{canary.IDENTITY}）。",
    }
    await refused(town, town.officer, decision, answer | {"outcome": canary.NAME})
    await refused(town, town.clerk, decision, answer)  # nobody answers what they wrote down themselves
    assert canary.open_in(str(await done(town, town.officer, decision, answer)).encode()) == set()


async def print_papers(town: Town) -> None:
    """Print every paper: what hangs in public shows masked names, a card no number, minutes and handbook what they are for."""
    made = town.made
    home = f"{REGISTRY}/households/{made['household']}"
    shown = await _printed(town, home, paper="household-card")
    assert canary.NAME in shown
    assert canary.open_in(shown.encode(), (*canary.NUMBERS, canary.ADDRESS)) == set()
    handbook = await _printed(town, home, paper="handbook-page")
    assert all(one in handbook for one in (canary.IDENTITY, canary.ACCOUNT, canary.PHONE, canary.ADDRESS))
    for paper in ("notice", "announcement"):
        public = await _printed(town, f"{REGISTRY}/{paper}s/{made[paper]}")
        assert "金****" in public
        assert canary.open_in(public.encode()) == set()
    minutes = await _printed(town, f"{REGISTRY}/meetings/{made['meeting']}")
    assert canary.VILLAGER in minutes
    assert canary.COURT in minutes
    assert canary.open_in(minutes.encode(), canary.NUMBERS) == set()
    prints = f"{REGISTRY}/meetings/{made['meeting']}/prints"
    await refused(town, town.people.auditor.api, prints, WHY)
    await refused(town, town.officer, prints, {"reason": canary.IDENTITY}, WHY | {canary.NAME: 1})
    await refused(town, town.officer, f"{home}/prints", WHY | {"paper": canary.NAME})


async def _printed(town: Town, path: str, **what: str) -> str:
    answer = await town.post(town.officer, f"{path}/prints", WHY | what)
    assert answer.is_success, (path, answer.text)
    return text_of(answer.content)
