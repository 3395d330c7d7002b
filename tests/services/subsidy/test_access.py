"""Every operation of the service, tried by callers who may not."""

from uuid import UUID

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.subsidy import builders

READING = ("programmes", "claims", f"claims/{UUID(int=1)}", "floors?year=2016", "disbursements", "statistics")
WRITING = (
    ("programmes", builders.programme()),
    ("claims", builders.claim(UUID(int=1))),
    ("claims/bulk", {"items": [builders.claim(UUID(int=1))]}),
    (f"claims/{UUID(int=1)}/acceptances", {"accepted_quantity": "1.00"}),
    (f"claims/{UUID(int=1)}/rejections", {"reason": "x"}),
    (f"claims/{UUID(int=1)}/approvals", None),
    (f"claims/{UUID(int=1)}/corrections", {"accepted_quantity": "1.00", "reason": "x"}),
    ("acceptances/bulk", {"items": [{"claim_id": str(UUID(int=1)), "accepted_quantity": "1.00"}]}),
    ("approvals/bulk", {"items": [{"claim_id": str(UUID(int=1))}]}),
)


async def test_no_door_opens_without_a_token_or_to_the_bank(subsidy: Harness) -> None:
    doors = [("GET", path, None) for path in READING] + [("POST", path, body) for path, body in WRITING]

    for method, path, body in doors:
        nobody = await subsidy.http.request(method, f"/subsidy/v1/{path}", json=body)
        bank = await subsidy.call(method, f"/subsidy/v1/{path}", roles=[roles.BANK], json=body)
        assert (path, nobody.status_code, bank.status_code) == (path, 401, 403)
    document = (await subsidy.http.get("/subsidy/v1/openapi.json")).json()
    assert sum(len(operations) for operations in document["paths"].values()) == len(doors)


@pytest.mark.parametrize(("area", "status"), [("", 201), ("532930", 201), ("532930101", 403)])
async def test_a_rate_for_everybody_is_the_countys_to_publish(
    subsidy: Harness, area: str, status: int
) -> None:
    body = builders.programme(code="for-everybody")

    answered = await subsidy.call(
        "POST", "/subsidy/v1/programmes", roles=[roles.OFFICER], area=area, json=body
    )

    assert answered.status_code == status, answered.text
    listed = (await builders.read(subsidy, "programmes?code=for-everybody"))["items"]
    assert len(listed) == (1 if status == 201 else 0)
