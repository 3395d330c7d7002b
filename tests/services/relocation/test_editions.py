"""New numbers are a new edition: it ends the open one before it, and what was decided by that stays."""

from typing import Any

import pytest

from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import AREA_CAP, HOUSING, STANDARD, officer, problem, read, rule, site

SMALLER = {"kind": "area-cap", "value": {"m2_per_person": "20.00"}}
HIGHER = {
    "kind": "infrastructure-standard",
    "value": {"centralized": {"amount": "300000.00"}, "interspersed": {"amount": "100000.00"}},
}
MORE = {
    "kind": "housing-subsidy",
    "value": {
        "programme_code": "housing-subsidy",
        "instalments": [{"stage": "completed", "amount": {"amount": "30000.00"}}],
    },
}


@pytest.fixture
async def opened(bare: Harness) -> Harness:
    """The service with its rules, none of which has a last day."""
    for body in (AREA_CAP, STANDARD, HOUSING):
        await lay_down(bare, body)
    return bare


async def lay_down(harness: Harness, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Publish an edition without a last day."""
    response = await officer(harness, "/rules", rule(body, **{"effective_to": None} | changes))
    assert response.status_code == 201, response.text
    return dict(response.json())


@pytest.mark.parametrize("body", [AREA_CAP, STANDARD, HOUSING], ids=lambda body: body["kind"])
async def test_the_list_tells_how_long_an_edition_was_in_force(opened: Harness, body: dict[str, Any]) -> None:
    await lay_down(opened, body, effective_from="2030-01-01")
    earlier = await lay_down(opened, body, effective_from="2015-01-01")

    every = (await read(opened, f"/rules?kind={body['kind']}")).json()["items"]
    last_day = (await read(opened, f"/rules?kind={body['kind']}&on=2029-12-31")).json()["items"]

    assert earlier["effective_to"] == "2015-12-31"
    assert [(row["effective_from"], row["effective_to"]) for row in every] == [
        ("2015-01-01", "2015-12-31"),
        ("2016-01-01", "2029-12-31"),
        ("2030-01-01", None),
    ]
    assert [row["effective_from"] for row in last_day] == ["2016-01-01"]


async def test_a_new_standard_holds_for_sites_from_its_day_on(opened: Harness) -> None:
    await lay_down(opened, HIGHER, effective_from="2016-12-01")

    response = await officer(opened, "/sites", site())

    assert response.json()["infrastructure_budget"]["amount"] == "15000000.00"


async def test_a_new_cap_holds_for_allocations_from_its_day_on(opened: Harness) -> None:
    await lay_down(opened, SMALLER, effective_from="2016-02-19")
    site_id = await builders.registered_site(opened)

    before, after = [
        await builders.clerk(
            opened,
            "/allocations",
            builders.allocation(await builders.on_register(opened), site_id, on=day, floor_area_m2="80.00"),
        )
        for day in ("2016-02-18", "2016-02-19")
    ]

    assert [each.json()["area_cap_m2"] for each in (before, after)] == ["100.00", "80.00"]


async def test_a_new_instalment_holds_for_stages_from_its_day_on(opened: Harness) -> None:
    await lay_down(opened, MORE, effective_from="2016-11-07")
    house = await builders.completed(opened)

    request = {"house_id": house["id"], "stage": "completed"}
    assert (await officer(opened, "/subsidy-requests", request)).status_code in {200, 201}

    shown = (await read(opened, f"/houses/{house['id']}")).json()
    assert [each["amount"]["amount"] for each in shown["subsidies"]] == ["30000.00"]


@pytest.mark.parametrize(
    ("body", "last_day", "next_day"),
    [
        (STANDARD, "2016-02-16", "2016-02-17"),
        (AREA_CAP, "2016-02-18", "2016-02-19"),
        (HOUSING, "2016-11-07", "2016-11-08"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else value,
)
async def test_no_edition_begins_before_what_was_decided_by_the_last(
    opened: Harness, body: dict[str, Any], last_day: str, next_day: str
) -> None:
    house = await builders.completed(opened)
    await officer(opened, "/subsidy-requests", {"house_id": house["id"], "stage": "completed"})

    refused = await officer(
        opened,
        "/rules",
        rule(body, effective_from=last_day, effective_to=None),
        area="532931",  # sees no house of this county
    )

    assert problem(refused) == (409, "rule-already-applied", ["/effective_from"])
    assert last_day in refused.json()["detail"]
    await lay_down(opened, body, effective_from=next_day)


async def test_the_cap_is_of_the_day_of_the_allocation_whatever_is_corrected_later(opened: Harness) -> None:
    house = await builders.allocated(opened)
    corrected = await builders.clerk(
        opened,
        f"/houses/{house['id']}/stage-corrections",
        {"stage": "allocated", "on": "2016-03-10", "reason": "date-misread"},
    )
    assert corrected.status_code == 200, corrected.text

    assert (await lay_down(opened, SMALLER, effective_from="2016-03-01"))["effective_to"] is None
