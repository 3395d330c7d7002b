"""Notices, objections and announcements for the registry's tests, over HTTP."""

from datetime import date
from typing import Any

import httpx

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, VILLAGE, get, post
from tests.services.registry.rounds import OFFICER, checks, opened, photo, seen

DAY = date(2016, 6, 1)
WORDS = {"by": "金丝雀乙", "text": "这一户去年买了车，应当再看一看。"}
COLLEAGUE: dict[str, Any] = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-2"}


def hung(**changes: Any) -> dict[str, Any]:
    """Return where something hangs."""
    return {"place": "村委会公告栏", "photo_sha256": photo(7)} | changes


async def stand_at(registry: Harness, round_id: str, step: str, *household_ids: str, on: date = DAY) -> None:
    """Let entries of a round stand at a step, as if everything before were done."""
    await registry.sql(
        "UPDATE registry.round_entry SET step = $2, step_on = $3 "
        "WHERE round_id = $1::uuid AND (cardinality($4::uuid[]) = 0 OR household_id = ANY($4::uuid[]))",
        round_id,
        step,
        on,
        list(household_ids),
    )


async def steps_of(registry: Harness, round_id: str) -> dict[str, str]:
    """Return where each household of a round stands."""
    rows = await registry.sql(
        "SELECT household_id, step FROM registry.round_entry WHERE round_id = $1::uuid", round_id
    )
    return {str(row["household_id"]): row["step"] for row in rows}


async def statuses_of(registry: Harness) -> dict[str, str]:
    """Return the state of every household."""
    rows = await registry.sql("SELECT id, status FROM registry.household")
    return {str(row["id"]): row["status"] for row in rows}


async def standing_round(registry: Harness, step: str, **changes: Any) -> str:
    """Open a round whose households all stand at a step, candidates too when there are any."""
    is_asked = {"include_candidates": True, "candidate_reason": "missed-before"}
    one = await opened(registry, **(is_asked | changes))
    await stand_at(registry, one["id"], step)
    return str(one["id"])


async def post_notice(registry: Harness, round_id: str, kind: str, **changes: Any) -> httpx.Response:
    """Post a notice as the township's clerk unless told otherwise."""
    who = {name: changes.pop(name) for name in ("roles", "area", "actor") if name in changes}
    body = {"kind": kind, "village_code": VILLAGE, "posted_on": "2016-06-01"} | hung() | changes
    return await post(registry, f"/rounds/{round_id}/notices", json=body, **who)


async def posted(registry: Harness, round_id: str, kind: str, **changes: Any) -> dict[str, Any]:
    """Post a notice and return it."""
    answer = await post_notice(registry, round_id, kind, **changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def close(registry: Harness, notice_id: str, on: str = "2016-06-08", **who: Any) -> httpx.Response:
    """Close a notice as the township's clerk unless told otherwise."""
    return await post(registry, f"/notices/{notice_id}/closures", json={"on": on}, **who)


async def closed(registry: Harness, round_id: str, kind: str, **changes: Any) -> dict[str, Any]:
    """Post a notice, let its week pass and close it."""
    notice = await posted(registry, round_id, kind, **changes)
    registry.clock.move_to(date.fromisoformat(notice["closes_on"]))
    answer = await close(registry, notice["id"], on=notice["closes_on"])
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def show(registry: Harness, notice_id: str, **who: Any) -> dict[str, Any]:
    """Return a notice with its list."""
    answer = await get(registry, f"/notices/{notice_id}", **who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def object_to(registry: Harness, notice_id: str, **changes: Any) -> httpx.Response:
    """File an objection as the township's clerk unless told otherwise."""
    who = {name: changes.pop(name) for name in ("roles", "area", "actor") if name in changes}
    body = {"channel": "in-person", "filed_on": "2016-06-01"} | WORDS | changes
    return await post(registry, f"/notices/{notice_id}/objections", json=body, **who)


async def decide(
    registry: Harness, objection_id: str, outcome: str = "dismissed", **changes: Any
) -> httpx.Response:
    """Answer an objection as the county's officer unless told otherwise."""
    who = OFFICER | {name: changes.pop(name) for name in ("roles", "area", "actor") if name in changes}
    body = {"outcome": outcome, "answer": "已入户核查。", "decided_on": "2016-06-01"} | changes
    return await post(registry, f"/objections/{objection_id}/decisions", json=body, **who)


async def announce(
    registry: Harness, round_id: str, on: str = "2016-06-01", **changes: Any
) -> httpx.Response:
    """Announce a round's result in the village as the county's officer unless told otherwise."""
    who = OFFICER | {name: changes.pop(name) for name in ("roles", "area", "actor") if name in changes}
    body = {"village_code": VILLAGE, "published_on": on} | hung() | changes
    return await post(registry, f"/rounds/{round_id}/announcements", json=body, **who)


async def types_since(registry: Harness, known: int) -> list[str]:
    """Return the types of the facts recorded after so many."""
    return [
        fact.type.removeprefix("registry.").removesuffix(".v1") for fact in (await registry.facts())[known:]
    ]


def prosperous(net: str = "12000.00", **changes: Any) -> dict[str, Any]:
    """Return five checks of a household of two that earns so much, 6,000 yuan a head at first."""
    income = {
        "wage_income": net,
        "business_income": "0.00",
        "transfer_income": "0.00",
        "property_income": "0.00",
        "production_cost": "0.00",
        "net_income": net,
    }
    return checks(income=income | seen("stable")) | changes


async def pre_exit(registry: Harness, household_id: str, visit_id: str, **changes: Any) -> httpx.Response:
    """Propose a household's exit as the township's clerk unless told otherwise."""
    who = {name: changes.pop(name) for name in ("roles", "area", "actor") if name in changes}
    evaluation = {"held_on": "2016-06-01", "eligible": 10, "present": 8, "votes": 7}
    body = {
        "visit_id": visit_id,
        "on": "2016-06-01",
        "evaluation": evaluation,
        "signature_sha256": photo(5),
    } | changes
    return await post(registry, f"/households/{household_id}/pre-exits", json=body, **who)


def exit_notice(**changes: Any) -> dict[str, Any]:
    """Return a request to post the village's exit notice."""
    return {"village_code": VILLAGE, "posted_on": "2016-06-01"} | hung() | changes
