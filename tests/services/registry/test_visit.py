"""Visits over HTTP: the five checks, what passes a household on, corrections and annulments."""

from typing import Any

import pytest

from chassis.ids import new_id
from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    VILLAGE,
    filed,
    get,
    post,
)
from tests.services.registry.rounds import (
    COMMITTEE,
    OFFICER,
    checks,
    entries,
    entry_of,
    opened,
    photo,
    seen,
    visit,
    visited,
)


async def test_five_complete_checks_pass_an_entry_on(registry: Harness) -> None:
    household_id = await filed(registry)
    one = await opened(registry)

    recorded = await visited(registry, household_id, round_id=one["id"])

    entry = await entry_of(registry, one["id"], household_id)
    assert (entry["step"], entry["step_on"], entry["visit_id"]) == ("checked", "2016-06-01", recorded["id"])
    assert (recorded["checks_complete"], recorded["missing_checks"], recorded["persons"]) == (True, [], 2)
    assert recorded["per_capita_income"] == "1500.00"
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.subject, fact.areacode) == (
        "registry.visit-recorded.v1",
        f"household/{household_id}",
        VILLAGE,
    )
    assert b'"per_capita_income_fen":150000' in bytes(fact.data)
    assert b"W-001" not in bytes(fact.data)


@pytest.mark.parametrize("missing", ["income", "housing", "property", "family", "production"])
async def test_an_incomplete_visit_is_kept_and_passes_nothing_on(registry: Harness, missing: str) -> None:
    household_id = await filed(registry)
    one = await opened(registry)

    recorded = await visited(registry, household_id, round_id=one["id"], checks=checks(**{missing: None}))

    assert (recorded["checks_complete"], recorded["missing_checks"]) == (False, [missing])
    entry = await entry_of(registry, one["id"], household_id)
    assert (entry["step"], entry["visit_id"]) == ("opened", None)


@pytest.mark.parametrize("who", [{"roles": [roles.VILLAGE_COMMITTEE]}, {"roles": [roles.WORK_TEAM]}, OFFICER])
async def test_those_who_go_record_visits(registry: Harness, who: dict[str, Any]) -> None:
    household_id = await filed(registry)

    answer = await post(registry, f"/households/{household_id}/visits", json=visit(), **who)

    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.CHECKER, roles.BANK, roles.ADMINISTRATOR])
async def test_others_record_none(registry: Harness, role: str) -> None:
    household_id = await filed(registry)

    answer = await post(registry, f"/households/{household_id}/visits", json=visit(), roles=[role], area="")

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"visited_on": "2016-06-02"}, "date-in-future", "/visited_on"),
        ({"members": ["W-001"]}, "team-too-small", "/members"),
        ({"members": ["w-001", "W-001"]}, "team-too-small", "/members"),
        ({"photos": []}, "too-short", "/photos"),
        ({"photos": [photo(1), photo(1)]}, "photo-duplicate", "/photos"),
        ({"photos": ["A" * 64]}, "string-pattern-mismatch", "/photos/0"),
        ({"assurances_met": ["shelter"]}, "code-unknown", "/assurances_met/0"),
        ({"guarantees_met": ["housing", "food"]}, "code-unknown", "/guarantees_met/1"),
        ({"latitude": 90.1}, "less-than-equal", "/latitude"),
        ({"name": "x"}, "extra-forbidden", "/name"),
    ],
)
async def test_a_faulty_visit_names_its_field(
    registry: Harness, changes: dict[str, Any], code: str, pointer: str
) -> None:
    household_id = await filed(registry)

    refused = await post(registry, f"/households/{household_id}/visits", json=visit(**changes))

    assert refused.status_code == 422, refused.text
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in refused.json()["errors"]]
    assert len(await registry.facts()) == 1


@pytest.mark.parametrize("net", ["2999.99", "3000.01"])
async def test_an_income_total_that_is_off_by_one_fen_is_refused(registry: Harness, net: str) -> None:
    household_id = await filed(registry)
    income = checks()["income"] | {"net_income": net}

    refused = await post(
        registry, f"/households/{household_id}/visits", json=visit(checks=checks(income=income))
    )

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/checks/income/net_income", "income-total")


async def test_no_more_people_are_counted_than_lived_there(registry: Harness) -> None:
    household_id = await filed(registry)
    family = {"labour": 2, "dependants": 3, "students": 0, "dropouts": 3} | seen("many")

    refused = await post(
        registry, f"/households/{household_id}/visits", json=visit(checks=checks(family=family))
    )

    assert [error["pointer"] for error in refused.json()["errors"]] == [
        "/checks/family/dependants",
        "/checks/family/dropouts",
    ]


async def test_a_visit_before_the_round_is_refused_with_its_rule(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-01-01")
    one = await opened(registry)
    body = visit(round_id=one["id"], visited_on="2016-05-31")

    refused = await post(registry, f"/households/{household_id}/visits", json=body)

    assert (refused.status_code, refused.json()["code"]) == (422, "visit-before-round")
    assert (refused.json()["rule"], bool(refused.json()["basis"])) == ("visit-within-round", True)
    assert (await entry_of(registry, one["id"], household_id))["step"] == "opened"


async def test_a_household_without_an_entry_is_not_visited_for_the_round(registry: Harness) -> None:
    one = await opened(registry)
    household_id = await filed(registry)

    refused = await post(registry, f"/households/{household_id}/visits", json=visit(round_id=one["id"]))

    assert (refused.status_code, refused.json()["code"]) == (409, "household-outside-round")


async def test_another_townships_visits_are_not_found(registry: Harness) -> None:
    household_id = await filed(registry)
    recorded = await visited(registry, household_id)
    other = {"area": OTHER_TOWNSHIP}
    content = {name: value for name, value in visit().items() if name != "visited_on"}

    for path in (f"/visits/{recorded['id']}", f"/households/{household_id}/visits"):
        assert (await get(registry, path, **other)).status_code == 404
    for path, body in (
        (f"/households/{household_id}/visits", visit()),
        (f"/visits/{recorded['id']}/corrections", content | {"reason": "typing-error"}),
    ):
        assert (await post(registry, path, json=body, **other)).status_code == 404
    annulled = await post(
        registry, f"/visits/{recorded['id']}/annulments", json={"reason": "made-up"}, **(OFFICER | other)
    )
    assert annulled.status_code == 404


async def test_who_went_and_where_is_kept_encrypted_and_shown_to_clerks_and_officers(
    registry: Harness,
) -> None:
    household_id = await filed(registry)
    recorded = await visited(registry, household_id)

    shown = (await get(registry, f"/visits/{recorded['id']}")).json()
    masked = (await get(registry, f"/visits/{recorded['id']}", **COMMITTEE)).json()

    assert (shown["members"], shown["latitude"]) == (["W-001", "W-002"], 26.111)
    assert (masked["members"], masked["latitude"], masked["longitude"]) == (None, None, None)
    assert shown["checks"] == checks()
    assert (shown["cause"], shown["guarantees_met"]) == ("01", ["education", "medical", "housing"])
    (stored,) = await registry.sql("SELECT v::text AS row FROM registry.visit_version AS v")
    assert "W-001" not in stored["row"]
    assert "26.111" not in stored["row"]


async def test_a_photo_that_another_visit_used_is_pointed_out(registry: Harness) -> None:
    first, second = await filed(registry, 1), await filed(registry, 2)
    void = await visited(registry, first, photos=[photo(1)])
    await post(registry, f"/visits/{void['id']}/annulments", json={"reason": "not-visited"}, **OFFICER)

    recorded = await visited(registry, second, photos=[photo(1), photo(2)])

    shown = (await get(registry, f"/visits/{recorded['id']}")).json()
    assert shown["photos_seen_elsewhere"] == [photo(1)]


async def test_many_visits_each_have_their_result(registry: Harness) -> None:
    first, second = await filed(registry, 1), await filed(registry, 2, village_code=NEXT_VILLAGE)
    far = await filed(registry, 3, village_code=OTHER_VILLAGE)
    one = await opened(registry)
    items = [
        visit(1) | {"household_id": first, "round_id": one["id"], "reference_id": "a"},
        visit(1) | {"household_id": second, "round_id": one["id"]},
        visit(2) | {"household_id": second, "round_id": one["id"], "checks": checks(housing=None)},
        visit(3) | {"household_id": far, "round_id": one["id"]},
        visit(4) | {"household_id": first, "round_id": str(new_id())},
        visit(5) | {"household_id": first, "members": ["W-001"]},
        visit(1) | {"household_id": first},
    ]

    answer = await post(registry, "/visits/bulk", json={"items": items})

    result = answer.json()
    assert [(item["code"], item["pointer"]) for item in result["results"]] == [
        (None, None),
        ("photo-twice", "/items/1/photos"),
        (None, None),
        ("not-found", "/items/3"),
        ("not-found", "/items/4"),
        ("team-too-small", "/items/5/members"),
        (None, None),
    ]
    assert (result["done"], result["refused"]) == (3, 4)
    assert [item["checks_complete"] for item in result["results"] if item["visit_id"]] == [True, False, True]
    steps = {entry["household_id"]: entry["step"] for entry in await entries(registry, one["id"])}
    assert steps == {first: "checked", second: "opened", far: "opened"}


async def test_many_visits_are_recorded_whole_or_not_at_all(registry: Harness) -> None:
    household_id = await filed(registry)
    items = [visit(1) | {"household_id": household_id}, visit(2) | {"household_id": str(new_id())}]

    refused = await post(registry, "/visits/bulk", json={"items": items, "atomic": True})

    assert (refused.status_code, refused.json()["code"]) == (409, "bulk-refused")
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("/items/1", "not-found")
    ]
    assert (await get(registry, f"/households/{household_id}/visits")).json()["items"] == []


async def test_more_than_five_hundred_visits_are_refused(registry: Harness) -> None:
    items = [visit(1) | {"household_id": str(new_id())}] * 501

    assert (await post(registry, "/visits/bulk", json={"items": items})).status_code == 422


async def test_visits_are_listed_and_paged(registry: Harness) -> None:
    household_id = await filed(registry)
    ids = [(await visited(registry, household_id, number))["id"] for number in (1, 2, 3)]

    first = (await get(registry, f"/households/{household_id}/visits?limit=2")).json()
    second = (await get(registry, f"/households/{household_id}/visits?limit=2&cursor={first['next']}")).json()

    assert [item["id"] for item in first["items"] + second["items"]] == ids


async def test_persons_are_those_of_the_day_of_the_visit(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    await registry.sql(
        "INSERT INTO registry.household_version SELECT household_id, 2, moved_out, area_code, '2016-05-01', "
        "recorded_at, actor_id, change_set_id, reason, file_number, category, attribute, standard, cause, 1, "
        "housing_area_dm2, wage_income_fen, business_income_fen, transfer_income_fen, property_income_fen, "
        "production_cost_fen, sealed FROM registry.household_version"
    )

    before = await visited(registry, household_id, 1, visited_on="2016-04-01", checks=checks(family=None))
    after = await visited(registry, household_id, 2, visited_on="2016-05-01", checks=checks(family=None))

    assert (before["persons"], after["persons"]) == (2, 1)
    assert after["per_capita_income"] == "3000.00"
