"""One household over HTTP: filed, passed from state to state, changed, looked back at."""

from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_ACCOUNT,
    CANARY_NAME,
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    VILLAGE,
    filed,
    get,
    household,
    identity,
    member,
    post,
    put,
    spouse,
)


async def test_a_filed_household_is_registered_and_told_of(registry: Harness) -> None:
    answer = await post(registry, "/households", json=household())

    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["status"] == "registered"
    (fact,) = await registry.facts()
    assert fact.type == "registry.household-registered.v1"
    assert (fact.sequence, fact.areacode) == (1, VILLAGE)
    assert b'"persons":2' in bytes(fact.data)


async def test_a_household_is_shown_with_masked_numbers(registry: Harness) -> None:
    household_id = await filed(registry)

    shown = (await get(registry, f"/households/{household_id}")).json()

    number = identity(2)
    assert shown["members"][0]["name"] == CANARY_NAME
    assert shown["members"][0]["identity_number"] == f"{number[:4]}**********{number[-2:]}"
    assert shown["account"].endswith(CANARY_ACCOUNT[-4:])
    assert CANARY_ACCOUNT not in str(shown)
    assert shown["net_income"] == "1400.25"
    assert shown["per_capita_income"] == "700.13"


async def test_an_auditor_sees_masked_names(registry: Harness) -> None:
    household_id = await filed(registry)

    shown = await get(registry, f"/households/{household_id}", roles=[roles.AUDITOR], area="")
    listed = await get(registry, "/households", roles=[roles.AUDITOR], area="")

    assert shown.json()["members"][0]["name"] == "金***"
    assert shown.json()["address"] is None
    assert listed.json()["items"][0]["head_name"] == "金***"


@pytest.mark.parametrize("role", [roles.INSURER, roles.BANK, roles.ADMINISTRATOR])
async def test_partners_cannot_read_households(registry: Harness, role: str) -> None:
    household_id = await filed(registry)

    for path in (f"/households/{household_id}", "/households", f"/households/{household_id}/history"):
        assert (await get(registry, path, roles=[role], area="")).status_code == 403


async def test_another_township_finds_nothing(registry: Harness) -> None:
    household_id = await filed(registry)
    other = {"area": OTHER_TOWNSHIP}

    assert (await get(registry, f"/households/{household_id}", **other)).status_code == 404
    assert (await get(registry, f"/households/{household_id}?as_of=2016-06-01", **other)).status_code == 404
    assert (await get(registry, f"/households/{household_id}/history", **other)).status_code == 404
    assert (await get(registry, "/households", **other)).json()["items"] == []
    assert (
        await post(registry, f"/households/{household_id}/verifications", json={}, **other)
    ).status_code == 404
    refused = await put(registry, household_id, 1, json=household(village_code=OTHER_VILLAGE), **other)
    assert refused.status_code == 404
    assert (await post(registry, "/households", json=household(5), **other)).status_code == 404


async def test_a_household_passes_through_its_states(registry: Harness) -> None:
    household_id = await filed(registry, candidate=True)
    steps = [
        ("registrations", {}, "registered"),
        ("verifications", {}, "verified"),
        ("exits", {"reason": "income-above-line"}, "exited"),
        ("returns", {"reason": "illness"}, "returned"),
        ("verifications", {}, "verified"),
    ]

    for number, (action, body, status) in enumerate(steps, start=2):
        answer = await post(registry, f"/households/{household_id}/{action}", json=body)
        assert (answer.status_code, answer.json()["status"]) == (200, status), answer.text
        assert answer.headers["etag"] == f'"{number}"'

    facts = await registry.facts()
    assert [(fact.type.split(".")[1], fact.sequence) for fact in facts] == [
        ("household-registered", 2),
        ("household-verified", 3),
        ("household-exited", 4),
        ("household-returned", 5),
        ("household-verified", 6),
    ]


@pytest.mark.parametrize(
    ("before", "action", "body", "code"),
    [
        ([], "registrations", {}, "household-already-registered"),
        ([], "returns", {"reason": "illness"}, "household-not-exited"),
        (["verifications"], "verifications", {}, "household-already-verified"),
        (["exits"], "verifications", {}, "household-not-on-register"),
        (["exits"], "exits", {"reason": "moved-away"}, "household-not-on-register"),
        ([], "verifications", {"on": "2016-06-02"}, "date-in-future"),
        ([], "verifications", {"on": "2016-05-31"}, "date-before-standing"),
    ],
)
async def test_a_wrong_step_is_refused(
    registry: Harness, before: list[str], action: str, body: dict[str, str], code: str
) -> None:
    household_id = await filed(registry)
    for step in before:
        done = {"reason": "income-above-line"} if step == "exits" else {}
        assert (await post(registry, f"/households/{household_id}/{step}", json=done)).status_code == 200
    known = len(await registry.facts())

    refused = await post(registry, f"/households/{household_id}/{action}", json=body)

    assert refused.status_code in {409, 422}
    assert refused.json()["code"] == code
    assert len(await registry.facts()) == known


async def test_nobody_is_filed_twice_in_any_township(registry: Harness) -> None:
    await filed(registry)
    again = household(2, members=[member(2)], village_code=OTHER_VILLAGE)

    refused = await post(registry, "/households", json=again, area=OTHER_TOWNSHIP)

    assert (refused.status_code, refused.json()["code"]) == (409, "identity-registered")
    assert identity(2) not in refused.text


async def test_a_file_number_is_used_once_in_a_county(registry: Harness) -> None:
    await filed(registry)

    refused = await post(registry, "/households", json=household(2, file_number="F-00001"))

    assert (refused.status_code, refused.json()["code"]) == (409, "file-number-registered")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"members": [spouse(3)]}, "/members", "head-missing"),
        ({"members": [member(2), member(4)]}, "/members/1/relation", "head-duplicate"),
        ({"members": [member(2, sex="2")]}, "/members/0/sex", "identity-sex"),
        (
            {"members": [member(2), spouse(3, identity_number=identity(2), sex="1")]},
            "/members/1/identity_number",
            "identity-duplicate",
        ),
        (
            {"members": [member(2, identity_number="532930195001010010")]},
            "/members/0/identity_number",
            "identity-checksum",
        ),
        ({"file_number": identity(4)}, "/file_number", "value-error"),
        ({"account": None}, "/account", "bank-incomplete"),
        ({"village_code": "532930101299"}, "/village_code", "village-unknown"),
        ({"village_code": "532930101000"}, "/village_code", "village-unknown"),
        ({"wage_income": 1000.5}, "/wage_income", "value-error"),
        ({"status": "verified"}, "/status", "extra-forbidden"),
        ({"cause": "98"}, "/cause", "string-pattern-mismatch"),
        ({"on": "2016-06-02"}, "/on", "date-in-future"),
    ],
)
async def test_a_faulty_file_names_its_field(
    registry: Harness, changes: dict[str, Any], pointer: str, code: str
) -> None:
    refused = await post(registry, "/households", json=household(**changes))

    assert refused.status_code == 422, refused.text
    errors = refused.json()["errors"]
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in errors]
    assert identity(2) not in refused.text
    assert await registry.facts() == []


async def test_a_change_of_category_tells_before_and_after(registry: Harness) -> None:
    household_id = await filed(registry)

    answer = await put(registry, household_id, 1, json=household(attribute="02"))

    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"'), answer.text
    fact = (await registry.facts())[-1]
    assert (fact.type, fact.sequence) == ("registry.household-changed.v1", 2)
    assert b'"before":{"village_code":"532930101201","persons":2,"category":"general"}' in bytes(fact.data)
    assert b'"after":{"village_code":"532930101201","persons":2,"category":"dibao"}' in bytes(fact.data)


async def test_a_change_of_the_telephone_stays_inside(registry: Harness) -> None:
    household_id = await filed(registry)

    assert (await put(registry, household_id, 1, json=household(phone="0872-5120000"))).status_code == 200

    assert len(await registry.facts()) == 1


async def test_what_is_masked_may_be_left_out_of_a_change(registry: Harness) -> None:
    household_id = await filed(registry)
    shown = (await get(registry, f"/households/{household_id}")).json()
    change = household(attribute="02")
    for name in ("account", "phone", "address", "bank_code"):
        del change[name]
    for stated, known in zip(change["members"], shown["members"], strict=True):
        stated["id"] = known["id"]
        del stated["identity_number"]

    assert (await put(registry, household_id, 1, json=change)).status_code == 200

    after = (await get(registry, f"/households/{household_id}")).json()
    assert after["category"] == "dibao"
    assert [m["id"] for m in after["members"]] == [m["id"] for m in shown["members"]]
    assert (after["account"], after["members"]) == (shown["account"], shown["members"])


async def test_a_stale_or_missing_version_is_refused(registry: Harness) -> None:
    household_id = await filed(registry)
    path = f"/registry/v1/households/{household_id}"

    stale = await put(registry, household_id, 7, json=household(attribute="02"))
    bare = await registry.call("PUT", path, roles=[roles.OFFICER], area=COUNTY, json=household())

    assert (stale.status_code, bare.status_code) == (412, 428)


async def test_a_change_that_changes_nothing_is_refused(registry: Harness) -> None:
    household_id = await filed(registry)

    refused = await put(registry, household_id, 1, json=household())

    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-changed")


async def test_a_member_who_leaves_can_be_filed_elsewhere(registry: Harness) -> None:
    household_id = await filed(registry)

    assert (await put(registry, household_id, 1, json=household(members=[member(2)]))).status_code == 200

    new = household(2, members=[spouse(3, relation="02")])
    assert (await post(registry, "/households", json=new)).status_code == 201


async def test_lists_are_filtered_and_paged(registry: Harness) -> None:
    ids = [await filed(registry, number) for number in range(1, 4)]
    await post(registry, f"/households/{ids[1]}/verifications", json={})

    first = (await get(registry, "/households?limit=2")).json()
    second = (await get(registry, f"/households?limit=2&cursor={first['next']}")).json()
    verified = (await get(registry, "/households?status=verified")).json()
    by_number = (await get(registry, "/households?file_number=F-00003")).json()

    assert [item["id"] for item in first["items"] + second["items"]] == ids
    assert second["next"] is None
    assert [item["id"] for item in verified["items"]] == [ids[1]]
    assert [item["id"] for item in by_number["items"]] == [ids[2]]


async def test_the_same_request_twice_files_one_household(registry: Harness) -> None:
    first = await post(registry, "/households", json=household(), key="key-1")
    second = await post(registry, "/households", json=household(), key="key-1")

    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert len(await registry.facts()) == 1
