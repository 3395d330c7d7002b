"""A thousand questions at once: yes or no, the category and the day, each on record before the answer."""

from typing import Any

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_NAME,
    COUNTY,
    OTHER_TOWNSHIP,
    VILLAGE,
    filed,
    identity,
    post,
)

PATH = "/eligibility-checks/bulk"
BANK: dict[str, Any] = {"roles": [roles.BANK], "area": COUNTY, "actor": "bank-1"}


def batch(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items), "purpose": "loan interest"}


def item(number: int, **more: Any) -> dict[str, Any]:
    return {"identity_number": identity(number), **more}


async def test_each_question_is_answered_for_its_own_day(registry: Harness) -> None:
    await filed(registry, 1, attribute="02", on="2016-03-01")

    told = await post(
        registry,
        PATH,
        json=batch(
            item(2, reference_id="a"),
            item(2, reference_id="b", on="2016-02-29"),
            item(77, reference_id="c"),
            item(2, on="2016-03-01"),
        ),
        **BANK,
    )

    assert told.status_code == 200, told.text
    body = told.json()
    assert (body["answered"], body["refused"]) == (4, 0)
    assert [
        (each["reference_id"], each["registered"], each["category"], each["valid_on"])
        for each in body["results"]
    ] == [
        ("a", "yes", "dibao", "2016-06-01"),
        ("b", "no", None, "2016-02-29"),
        ("c", "no", None, "2016-06-01"),
        (None, "yes", "dibao", "2016-03-01"),
    ]
    assert CANARY_NAME not in told.text


async def test_a_number_that_is_none_is_refused_alone_and_not_repeated(registry: Harness) -> None:
    await filed(registry, 1)
    wrong = identity(2)[:-1] + ("1" if identity(2)[-1] != "1" else "2")

    told = await post(
        registry,
        PATH,
        json=batch(
            {"identity_number": wrong}, item(2), item(2, on="2016-06-02"), {"identity_number": "张三"}
        ),
        **BANK,
    )

    results = told.json()["results"]
    assert [each["outcome"] for each in results] == ["refused", "answered", "refused", "refused"]
    assert [each["code"] for each in results] == [
        "identity-number-invalid",
        None,
        "date-in-future",
        "identity-number-invalid",
    ]
    assert [each["pointer"] for each in results] == [
        "/items/0/identity_number",
        None,
        "/items/2/on",
        "/items/3/identity_number",
    ]
    assert wrong not in told.text
    assert "张三" not in told.text


async def test_every_question_is_kept_as_a_keyed_hash_and_the_batch_on_record(registry: Harness) -> None:
    await filed(registry, 1)

    await post(registry, PATH, json=batch(item(2), item(77), {"identity_number": "1"}), **BANK)

    kept = await registry.sql("SELECT t::text, answer, purpose, actor_id FROM registry.eligibility_query t")
    assert sorted(row["answer"] for row in kept) == ["general", "no"]
    assert {(row["purpose"], row["actor_id"]) for row in kept} == {("loan interest", "bank-1")}
    assert not [row for row in kept if identity(2) in row[0] or identity(2).encode().hex() in row[0]]
    (shown,) = await registry.sql("SELECT kind, actor_id, reason, items, area_code FROM registry.disclosure")
    assert tuple(shown) == ("eligibility", "bank-1", "loan interest", 2, "532930000000")


async def test_nothing_is_answered_when_the_questions_cannot_be_kept(registry: Harness) -> None:
    await filed(registry, 1)
    await registry.sql("REVOKE INSERT ON registry.eligibility_query FROM tuopin_registry")

    try:
        refused = await post(registry, PATH, json=batch(item(2)), **BANK)
    finally:
        await registry.sql("GRANT INSERT ON registry.eligibility_query TO tuopin_registry")

    assert refused.status_code == 500
    assert "yes" not in refused.text


async def test_a_thousand_questions_are_taken_and_one_more_is_not(registry: Harness) -> None:
    thousand = [item(2)] * 1_000

    taken = await post(registry, PATH, json=batch(*thousand), **BANK)
    refused = await post(registry, PATH, json=batch(*thousand, item(2)), **BANK)

    assert taken.json()["answered"] == 1_000
    assert refused.status_code == 422
    assert identity(2) not in refused.text


@pytest.mark.parametrize("role", [roles.CLERK, roles.AUDITOR, roles.CHECKER, roles.VILLAGE_COMMITTEE])
async def test_only_partners_and_officers_ask(registry: Harness, role: str) -> None:
    refused = await post(registry, PATH, json=batch(item(2)), roles=[role])

    assert refused.status_code == 403
    assert await registry.sql("SELECT 1 FROM registry.eligibility_query") == []


async def test_a_purpose_is_needed(registry: Harness) -> None:
    refused = await post(registry, PATH, json=batch(item(2)) | {"purpose": ""}, **BANK)

    assert refused.status_code == 422


async def test_disclosures_are_listed_newest_first_and_by_area(registry: Harness) -> None:
    await filed(registry, 1, village_code=VILLAGE)
    auditor: dict[str, Any] = {"roles": [roles.AUDITOR], "area": COUNTY, "actor": "auditor-1"}
    await registry.call("GET", "/registry/v1/exports/households.xlsx", roles=[roles.CLERK], area=VILLAGE[:9])
    await registry.call(
        "GET", "/registry/v1/exports/households.xlsx", roles=[roles.CLERK], area=OTHER_TOWNSHIP
    )
    await post(registry, PATH, json=batch(item(2)), **BANK)

    first = await registry.call("GET", "/registry/v1/disclosures?limit=2", **auditor)
    second = await registry.call(
        "GET", f"/registry/v1/disclosures?limit=2&cursor={first.json()['next']}", **auditor
    )
    own = await registry.call("GET", "/registry/v1/disclosures", **auditor | {"area": OTHER_TOWNSHIP})
    exports = await registry.call("GET", "/registry/v1/disclosures?kind=export&actor=actor-1", **auditor)

    assert [each["kind"] for each in first.json()["items"]] == ["eligibility", "export"]
    assert [each["area_code"] for each in second.json()["items"]] == ["532930101000"]
    assert second.json()["next"] is None
    assert second.json()["items"][0]["asked_for"] == "area 532930101, status any"
    assert second.json()["items"][0]["items"] == 2
    assert [each["area_code"] for each in own.json()["items"]] == ["532930102000"]
    assert len(exports.json()["items"]) == 2


@pytest.mark.parametrize("role", [roles.CLERK, roles.BANK, roles.CHECKER, roles.ADMINISTRATOR])
async def test_disclosures_are_for_auditors_and_officers(registry: Harness, role: str) -> None:
    refused = await registry.call("GET", "/registry/v1/disclosures", roles=[role], area=COUNTY)

    assert refused.status_code == 403
