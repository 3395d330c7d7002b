"""Pre-exit over HTTP: every criterion computed from the visit, each that fails alone named, and the way back."""

import json
from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    OTHER_TOWNSHIP,
    get,
    post,
)
from tests.services.registry.exits import (
    visited_well,
)
from tests.services.registry.noticing import (
    pre_exit,
    prosperous,
    statuses_of,
    types_since,
)
from tests.services.registry.rounds import OFFICER

BASIS = "关于建立贫困退出机制的意见（厅字〔2016〕16号）"


async def test_a_household_that_meets_every_criterion_waits_for_its_notice(registry: Harness) -> None:
    household_id, visit_id = await visited_well(registry)

    answer = await pre_exit(registry, household_id, visit_id)

    assert (answer.status_code, answer.json()["status"]) == (200, "pre-exit"), answer.text
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.household-pre-exited.v1", 2)
    assert json.loads(bytes(fact.data))["assessment"] == {
        "visit_id": visit_id,
        "rule_pack": "national-2016",
        "per_capita_income_fen": 600_000,
        "line_fen": 295_200,
        "assurances_met": True,
        "guarantees_met": True,
        "signed": True,
    }
    counted = (await get(registry, "/statistics")).json()
    assert (counted["households"], counted["by_status"]) == (1, {"pre-exit": 1})


VOTE = {"held_on": "2016-06-01", "eligible": 10, "present": 8, "votes": 7}


@pytest.mark.parametrize(
    ("visit", "request_", "criterion", "observed", "needed"),
    [
        ({"checks": prosperous("5904.00")}, {}, "per-capita-income", "2952.00", "more than 2952.00"),
        ({"assurances_met": ["clothing"]}, {}, "food", "does not hold", "holds"),
        ({"assurances_met": ["food"]}, {}, "clothing", "does not hold", "holds"),
        ({"guarantees_met": ["medical", "housing"]}, {}, "education", "does not hold", "holds"),
        ({"guarantees_met": ["education", "housing"]}, {}, "medical", "does not hold", "holds"),
        ({"guarantees_met": ["education", "medical"]}, {}, "housing", "does not hold", "holds"),
        ({}, {"signature_sha256": None}, "signature", "not signed", "the household's signature"),
        ({}, {"evaluation": VOTE | {"present": 4, "votes": 4}}, "quorum", "4 of 10", "at least 1/2"),
        ({}, {"evaluation": VOTE | {"votes": 4}}, "majority", "4 of 8", "more than 1/2"),
        ({"visited_on": "2015-05-31"}, {}, "visit-fresh", "2015-05-31", "not older than 12 months"),
    ],
)
async def test_each_criterion_that_fails_alone_is_named(
    registry: Harness,
    visit: dict[str, Any],
    request_: dict[str, Any],
    criterion: str,
    observed: str,
    needed: str,
) -> None:
    household_id, visit_id = await visited_well(registry, **visit)
    known = len(await registry.facts())

    refused = await pre_exit(registry, household_id, visit_id, **request_)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "exit-criteria-fail"), refused.text
    assert (problem["rule"], problem["basis"]) == ("exit-criteria", BASIS)
    (error,) = problem["errors"]
    assert (error["pointer"], error["code"]) == (f"/criteria/{criterion}", "exit-criteria")
    assert f"Observed {observed}" in error["message"]
    assert f"needed {needed}" in error["message"]
    assert await statuses_of(registry) == {household_id: "registered"}
    assert await types_since(registry, known) == []


@pytest.mark.parametrize(
    ("visit", "request_"),
    [
        ({"checks": prosperous("5904.02")}, {}),
        ({}, {"evaluation": VOTE | {"present": 5, "votes": 3}}),
        ({"visited_on": "2015-06-01"}, {}),
    ],
)
async def test_each_criterion_is_met_at_its_limit(
    registry: Harness, visit: dict[str, Any], request_: dict[str, Any]
) -> None:
    household_id, visit_id = await visited_well(registry, **visit)

    assert (await pre_exit(registry, household_id, visit_id, **request_)).status_code == 200


async def test_an_annulled_visit_carries_no_exit(registry: Harness) -> None:
    household_id, visit_id = await visited_well(registry)
    await post(registry, f"/visits/{visit_id}/annulments", json={"reason": "never-visited"}, **OFFICER)

    refused = await pre_exit(registry, household_id, visit_id)

    assert [error["pointer"] for error in refused.json()["errors"]] == ["/criteria/visit-valid"]


async def test_a_visit_to_another_household_carries_no_exit(registry: Harness) -> None:
    household_id, _ = await visited_well(registry, 1)
    _, other_visit = await visited_well(registry, 2)

    refused = await pre_exit(registry, household_id, other_visit)

    assert (refused.status_code, refused.json()["code"]) == (422, "visit-unknown")


@pytest.mark.parametrize(
    "changes",
    [
        {"evaluation": VOTE | {"held_on": "2016-06-02"}, "on": "2016-06-02"},
        {"evaluation": VOTE | {"held_on": "2016-05-31"}},
        {"evaluation": VOTE | {"present": 11}},
        {"evaluation": VOTE | {"votes": 9}},
    ],
)
async def test_visit_evaluation_and_pre_exit_follow_each_other(
    registry: Harness, changes: dict[str, Any]
) -> None:
    household_id, visit_id = await visited_well(registry)

    assert (await pre_exit(registry, household_id, visit_id, **changes)).status_code == 422


async def test_who_proposes_an_exit(registry: Harness) -> None:
    household_id, visit_id = await visited_well(registry)

    for role in (roles.VILLAGE_COMMITTEE, roles.WORK_TEAM, roles.AUDITOR, roles.BANK):
        assert (await pre_exit(registry, household_id, visit_id, roles=[role])).status_code == 403
    assert (await pre_exit(registry, household_id, visit_id, area=OTHER_TOWNSHIP)).status_code == 404


@pytest.mark.parametrize("before", ["registered", "verified"])
async def test_a_pre_exit_taken_back_leaves_the_state_before(registry: Harness, before: str) -> None:
    household_id, visit_id = await visited_well(registry)
    if before == "verified":
        await post(registry, f"/households/{household_id}/verifications", json={})
    await pre_exit(registry, household_id, visit_id)
    path = f"/households/{household_id}/pre-exits/withdrawals"

    answer = await post(registry, path, json={"reason": "illness"})
    again = await post(registry, path, json={"reason": "illness"})

    assert (answer.status_code, answer.json()["status"]) == (200, before)
    fact = (await registry.facts())[-1]
    assert fact.type == "registry.household-pre-exit-withdrawn.v1"
    assert json.loads(bytes(fact.data))["status"] == before
    assert (again.status_code, again.json()["code"]) == (409, "household-not-in-pre-exit")
    assert (await pre_exit(registry, household_id, visit_id)).status_code == 200
