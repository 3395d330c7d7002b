"""A claim's way by its routes: who may do what, what is refused, what is recorded."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from chassis.ids import new_id
from contracts import roles
from contracts.events.registry import HouseholdExited
from tests.kit import Harness
from tests.services.subsidy import builders
from tests.services.subsidy.builders import (
    COUNTY,
    OFFICER,
    OTHER_TOWNSHIP,
    TODAY,
    TOWNSHIP,
    accept,
    approve,
    approved_claim,
    on_register,
    read,
    submit,
)


async def types(harness: Harness) -> list[str]:
    """Return the types of the recorded facts after the programme's."""
    return [fact.type for fact in await harness.facts()][1:]


async def test_a_claim_goes_from_submission_to_approval(subsidy: Harness) -> None:
    household = await on_register(subsidy)

    claim_id = await approved_claim(subsidy, household)

    shown = await read(subsidy, f"claims/{claim_id}")
    assert (shown["status"], shown["version"]) == ("approved", 3)
    assert shown["amount"] == {"amount": "4800.00", "currency": "CNY"}
    assert [version["status"] for version in shown["history"]] == ["submitted", "accepted", "approved"]
    facts = (await subsidy.facts())[1:]
    assert [(fact.type, fact.sequence, fact.subject) for fact in facts] == [
        ("subsidy.claim-submitted.v1", 1, f"claim/{claim_id}"),
        ("subsidy.claim-accepted.v1", 2, f"claim/{claim_id}"),
        ("subsidy.claim-approved.v1", 3, f"claim/{claim_id}"),
    ]
    assert msgspec.json.decode(facts[2].data) == {
        "claim_id": claim_id,
        "household_id": str(household),
        "programme_code": builders.CODE,
        "period": "2016",
        "amount_fen": 480_000,
        "approved_on": "2016-06-01",
    }
    assert facts[0].areacode == builders.VILLAGE


async def test_a_submission_answers_with_its_place_and_version(subsidy: Harness) -> None:
    response = await submit(subsidy, await on_register(subsidy))

    assert response.status_code == 201
    assert response.headers["etag"] == '"1"'
    assert response.headers["location"] == f"/subsidy/v1/claims/{response.json()['id']}"


async def test_the_same_request_twice_files_one_claim(subsidy: Harness) -> None:
    request: dict[str, Any] = {"roles": [roles.CLERK], "area": TOWNSHIP, "key": "once"}
    body = builders.claim(await on_register(subsidy))

    first = await subsidy.call("POST", "/subsidy/v1/claims", json=body, **request)
    second = await subsidy.call("POST", "/subsidy/v1/claims", json=body, **request)

    assert first.json() == second.json()
    assert await types(subsidy) == ["subsidy.claim-submitted.v1"]


async def test_a_household_never_heard_of_is_unknown(subsidy: Harness) -> None:
    response = await submit(subsidy, new_id())

    assert (response.status_code, response.json()["code"]) == (404, "household-unknown")


async def test_a_household_of_another_area_is_as_unknown(subsidy: Harness) -> None:
    response = await submit(subsidy, await on_register(subsidy), area=OTHER_TOWNSHIP)

    assert (response.status_code, response.json()["code"]) == (404, "household-unknown")


async def test_a_household_that_exited_cannot_claim(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    await builders.hear(
        subsidy,
        HouseholdExited(household_id=household, exited_on=TODAY, reason="income-stable"),
        first_sequence=2,
    )

    response = await submit(subsidy, household)

    assert (response.status_code, response.json()["code"]) == (409, "household-not-on-register")
    assert await types(subsidy) == []


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"evidence": []}, 422, "evidence-missing"),
        ({"evidence": [builders.photo(), builders.photo()]}, 422, "evidence-repeated"),
        (
            {"evidence": [builders.photo() | {"taken_at": "2016-06-03T09:00:00+08:00"}]},
            409,
            "evidence-from-the-future",
        ),
        ({"evidence": [builders.photo() | {"taken_at": "2016-05-03T09:00:00"}]}, 422, "invalid-request"),
        ({"evidence": [builders.photo() | {"photo_sha256": "XYZ"}]}, 422, "invalid-request"),
        ({"declared_quantity": "0"}, 422, "quantity-not-positive"),
        ({"declared_quantity": 10}, 422, "invalid-request"),
        ({"declared_quantity": "10.005"}, 422, "invalid-request"),
        ({"declared_quantity": "NaN"}, 422, "invalid-request"),
        ({"declared_quantity": "12345678"}, 422, "invalid-request"),
        (
            {"evidence": [builders.photo() | {"taken_at": "0001-01-01T00:00:00+14:00"}]},
            422,
            "invalid-request",
        ),
        ({"item": "nul\x00"}, 422, "invalid-request"),
        ({"unit": "head"}, 409, "unit-not-of-programme"),
        ({"unit": "acre"}, 422, "invalid-request"),
        ({"programme_code": "unheard-of"}, 409, "programme-not-in-force"),
        ({"item": "532930199001011234"}, 422, "invalid-request"),
        ({"surprise": 1}, 422, "invalid-request"),
    ],
)
async def test_a_faulty_claim_is_refused_and_changes_nothing(
    subsidy: Harness, changes: dict[str, Any], status: int, code: str
) -> None:
    response = await submit(subsidy, await on_register(subsidy), **changes)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["errors"][0]["pointer"]
    assert await types(subsidy) == []
    assert await subsidy.sql("SELECT 1 FROM subsidy.claim") == []


async def test_only_a_clerk_submits(subsidy: Harness) -> None:
    household = await on_register(subsidy)

    response = await subsidy.call(
        "POST", "/subsidy/v1/claims", roles=[roles.OFFICER], area=COUNTY, json=builders.claim(household)
    )

    assert response.status_code == 403


async def test_a_claim_of_another_area_cannot_be_accepted(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]

    response = await accept(subsidy, claim_id, area=OTHER_TOWNSHIP)

    assert (response.status_code, response.json()["code"]) == (404, "claim-unknown")


async def test_more_than_declared_is_not_accepted(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]

    response = await accept(subsidy, claim_id, "10.01")

    assert (response.status_code, response.json()["code"]) == (409, "quantity-above-declared")


async def test_a_claim_worth_more_than_can_be_said_is_refused(subsidy: Harness) -> None:
    await builders.publish(subsidy, code="industry-dear", rate={"amount": "10000000.00"})
    household = await on_register(subsidy)

    too_much = await submit(
        subsidy, household, programme_code="industry-dear", declared_quantity="9999999.99"
    )
    most = await submit(subsidy, household, programme_code="industry-dear", declared_quantity="1.00")

    assert (too_much.status_code, too_much.json()["code"]) == (422, "amount-too-high")
    assert too_much.json()["errors"][0]["pointer"] == "/declared_quantity"
    accepted = await accept(subsidy, most.json()["id"], "1.00")
    assert accepted.json()["amount"]["amount"] == "10000000.00"


async def test_a_second_acceptance_is_refused(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]
    await accept(subsidy, claim_id)

    response = await accept(subsidy, claim_id)

    assert (response.status_code, response.json()["code"]) == (409, "claim-already-decided")


async def test_a_claim_is_not_approved_before_inspection(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]

    response = await approve(subsidy, claim_id)

    assert (response.status_code, response.json()["code"]) == (409, "claim-not-inspected")


async def test_the_inspector_cannot_approve(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]
    await accept(subsidy, claim_id, actor=OFFICER)

    response = await approve(subsidy, claim_id, actor=OFFICER)

    assert (response.status_code, response.json()["code"]) == (403, "inspector-may-not-approve")


async def test_the_database_too_refuses_an_inspector_who_approves(subsidy: Harness) -> None:
    claim_id = await approved_claim(subsidy, await on_register(subsidy))

    with pytest.raises(Exception, match="two_people"):
        await subsidy.sql("UPDATE subsidy.claim SET approver_id = inspector_id WHERE id = $1", UUID(claim_id))


async def test_a_clerk_cannot_approve(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]
    await accept(subsidy, claim_id)

    response = await approve(subsidy, claim_id, role=roles.CLERK)

    assert response.status_code == 403


async def test_a_rejected_claim_is_final(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]

    rejection = await subsidy.call(
        "POST",
        f"/subsidy/v1/claims/{claim_id}/rejections",
        roles=[roles.CLERK],
        area=TOWNSHIP,
        json={"reason": "nothing-planted"},
    )
    later = await accept(subsidy, claim_id)

    assert rejection.json()["status"] == "rejected"
    assert later.json()["code"] == "claim-already-decided"


async def test_a_correction_keeps_before_and_after(subsidy: Harness) -> None:
    claim_id = await approved_claim(subsidy, await on_register(subsidy))

    response = await subsidy.call(
        "POST",
        f"/subsidy/v1/claims/{claim_id}/corrections",
        roles=[roles.OFFICER],
        area=COUNTY,
        json={"accepted_quantity": "7.50", "reason": "measured-again"},
    )

    assert response.json()["amount"]["amount"] == "4500.00"
    corrected = msgspec.json.decode((await subsidy.facts())[-1].data)
    assert corrected["before"] == {"accepted_quantity": "8.00", "amount_fen": 480_000}
    assert corrected["after"] == {"accepted_quantity": "7.50", "amount_fen": 450_000}


async def test_claims_are_listed_by_household_status_and_page(subsidy: Harness) -> None:
    household, other = await on_register(subsidy), await on_register(subsidy)
    filed = [(await submit(subsidy, household)).json()["id"] for _ in range(3)]
    await submit(subsidy, other)

    first = await read(subsidy, "claims", params={"household": str(household), "limit": 2})
    rest = await read(
        subsidy, "claims", params={"household": str(household), "limit": 2, "cursor": first["next"]}
    )

    assert [claim["id"] for claim in first["items"] + rest["items"]] == filed
    assert rest["next"] is None
    assert (await read(subsidy, "claims", params={"status": "paid"}))["items"] == []


async def test_a_claim_of_another_area_is_not_shown(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]
    caller: dict[str, Any] = {"roles": [roles.CLERK], "area": OTHER_TOWNSHIP}

    one = await subsidy.call("GET", f"/subsidy/v1/claims/{claim_id}", **caller)
    many = await subsidy.call("GET", "/subsidy/v1/claims", **caller)

    assert one.status_code == 404
    assert many.json()["items"] == []


async def test_a_photo_shows_the_other_claims_it_was_handed_in_with(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    first, second = [(await submit(subsidy, household)).json()["id"] for _ in range(2)]

    shown = await read(subsidy, f"claims/{first}")

    assert [photo["also_in"] for photo in shown["evidence"]] == [[second]]
