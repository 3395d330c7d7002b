"""One village through the whole procedure, by the public paths alone: five checks, 三评四定, 两公示一公告, and each gate tried early."""

import json
from datetime import date
from typing import Any

import httpx

from services.registry.domain.procedure import STEPS
from tests.kit import Harness
from tests.services.registry.builders import filed, get, household, member, put, spouse
from tests.services.registry.changes import left_alone
from tests.services.registry.evaluating import determine, determined, evaluated
from tests.services.registry.noticing import announce, close, hung, post_notice, posted, statuses_of
from tests.services.registry.rounds import close_round, entries, opened, propose, visited

WEEK, FORTNIGHT = "2016-06-08", "2016-06-15"
ADDING = {"include_candidates": True, "candidate_reason": "missed-before"}


async def four_kinds(registry: Harness) -> tuple[str, dict[str, str]]:
    """Open a round over four households, visit each, and propose something else for each."""
    added = await filed(registry, 1, candidate=True)
    kept, removed, corrected = [await filed(registry, number) for number in (2, 3, 4)]
    round_id = str((await opened(registry, **ADDING))["id"])
    answer = await propose(
        registry,
        round_id,
        {"household_id": removed, "proposal": "remove", "reason": "owns-vehicle"},
        {"household_id": corrected, "proposal": "correct", "reason": "persons-changed"},
    )
    assert answer.json()["refused"] == 0, answer.text
    await left_alone(registry, corrected)
    ids = {"add": added, "keep": kept, "remove": removed, "correct": corrected}
    for number, household_id in enumerate(ids.values(), start=11):
        await visited(registry, household_id, number, round_id=round_id)
    return round_id, ids


async def early(registry: Harness, round_id: str, *ahead: str) -> None:
    """Try every later gate and see it refused with its rule and document."""
    attempts: dict[str, Any] = {
        "representatives": lambda: determine(registry, round_id, "representatives"),
        "first-notice": lambda: post_notice(registry, round_id, "first-notice"),
        "township-review": lambda: determine(registry, round_id, "township-review"),
        "second-notice": lambda: post_notice(registry, round_id, "second-notice"),
        "county-confirmation": lambda: determine(registry, round_id, "county-confirmation"),
        "announced": lambda: announce(registry, round_id),
    }
    known = len(await registry.facts())
    for gate in ahead:
        refused: httpx.Response = await attempts[gate]()
        problem = refused.json()
        assert refused.status_code == 409, (gate, refused.text)
        assert problem["rule"], gate
        assert problem["basis"], gate
    assert len(await registry.facts()) == known


async def notice_hangs(registry: Harness, round_id: str, kind: str, *, on: str, until: str) -> None:
    """Post a notice, fail to close it a day early, and close it."""
    notice = await posted(registry, round_id, kind, posted_on=on)
    registry.clock.move_to(date.fromisoformat(until))
    day_before = date.fromisoformat(until).replace(day=date.fromisoformat(until).day - 1)
    early_closing = await close(registry, notice["id"], on=day_before.isoformat())
    assert early_closing.json()["code"] == "notice-hangs-too-short"
    assert (await close(registry, notice["id"], on=until)).status_code == 201


async def test_a_village_passes_every_gate_in_its_order_and_no_other(registry: Harness) -> None:
    round_id, ids = await four_kinds(registry)
    gates = STEPS[STEPS.index("representatives") :]

    await early(registry, round_id, *gates)
    await evaluated(registry, round_id, *ids.values())
    await early(registry, round_id, *gates)
    await determined(registry, round_id, "village-initial")
    await early(registry, round_id, *gates[1:])
    await determined(registry, round_id, "representatives")
    await early(registry, round_id, *gates[2:])
    await notice_hangs(registry, round_id, "first-notice", on="2016-06-01", until=WEEK)
    await early(registry, round_id, *gates[3:])
    await determined(registry, round_id, "township-review", determined_on=WEEK)
    await early(registry, round_id, *gates[4:])
    await notice_hangs(registry, round_id, "second-notice", on=WEEK, until=FORTNIGHT)
    await early(registry, round_id, *gates[5:])
    await determined(registry, round_id, "county-confirmation", determined_on=FORTNIGHT)
    assert (await statuses_of(registry))[ids["add"]] == "noticed"
    answer = await announce(registry, round_id, on=FORTNIGHT, **hung())

    assert answer.status_code == 201, answer.text
    assert await statuses_of(registry) == {
        ids["add"]: "registered",
        ids["keep"]: "verified",
        ids["remove"]: "closed",
        ids["correct"]: "verified",
    }
    assert {one["outcome"] for one in await entries(registry, round_id)} == {"effective"}
    told = [fact for fact in await registry.facts() if fact.subject == f"household/{ids['add']}"]
    registered = json.loads(bytes(told[-1].data))
    assert (registered["basis"], registered["round_id"]) == ("procedure", round_id)
    counted = (await get(registry, "/statistics")).json()
    assert (counted["households"], counted["persons"]) == (3, 5)


async def test_a_proposal_changed_on_the_way_voids_the_notice(registry: Harness) -> None:
    round_id, ids = await four_kinds(registry)
    await evaluated(registry, round_id, *ids.values())
    await determined(registry, round_id, "village-initial")
    await determined(registry, round_id, "representatives")
    notice = await posted(registry, round_id, "first-notice")
    change = {"household_id": ids["keep"], "proposal": "remove", "reason": "moved-away"}

    answer = await propose(registry, round_id, change)

    assert answer.json()["done"] == 1, answer.text
    shown = (await get(registry, f"/notices/{notice['id']}")).json()
    assert (shown["state"], shown["void_reason"]) == ("voided", "proposal-changed")
    waiting = await post_notice(registry, round_id, "first-notice")
    assert waiting.json()["code"] == "step-out-of-order"
    assert [error["pointer"] for error in waiting.json()["errors"]] == [f"/households/{ids['keep']}"]


async def test_a_change_that_says_nothing_new_leaves_the_notice(registry: Harness) -> None:
    round_id, ids = await four_kinds(registry)
    await evaluated(registry, round_id, *ids.values())
    await determined(registry, round_id, "village-initial")
    await determined(registry, round_id, "representatives")
    notice = await posted(registry, round_id, "first-notice")

    await propose(registry, round_id, {"household_id": ids["keep"], "proposal": "keep"})
    await put(
        registry, ids["keep"], 1, json=household(2, members=[member(4), spouse(5)], phone="0872-5120000")
    )

    assert (await get(registry, f"/notices/{notice['id']}")).json()["state"] == "open"


async def test_a_round_played_by_the_procedure_closes(registry: Harness) -> None:
    round_id, ids = await four_kinds(registry)
    undecided = await close_round(registry, round_id)
    await evaluated(registry, round_id, *ids.values())
    await determined(registry, round_id, "village-initial")
    await determined(registry, round_id, "representatives")
    await notice_hangs(registry, round_id, "first-notice", on="2016-06-01", until=WEEK)
    await determined(registry, round_id, "township-review", determined_on=WEEK)
    await notice_hangs(registry, round_id, "second-notice", on=WEEK, until=FORTNIGHT)
    await determined(registry, round_id, "county-confirmation", determined_on=FORTNIGHT)
    await announce(registry, round_id, on=FORTNIGHT, **hung())

    closed = await close_round(registry, round_id)

    assert (undecided.status_code, undecided.json()["code"]) == (409, "round-undecided")
    assert closed.status_code == 201, closed.text
    found = closed.json()
    assert (found["kept_households"], found["corrected_households"]) == (1, 1)
    assert (found["came"], found["left"]) == ({}, {})
    assert found["counts"] == {
        "opening_households": 3,
        "opening_persons": 6,
        "added_households": 1,
        "added_persons": 2,
        "removed_households": 1,
        "removed_persons": 2,
        "changed_persons": -1,
        "closing_households": 3,
        "closing_persons": 5,
    }
