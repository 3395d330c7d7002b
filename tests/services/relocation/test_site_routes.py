"""Rules and sites over HTTP."""

from typing import Any

import msgspec
import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import AREA_CAP, HOUSING, officer, problem, read, rule, site


async def test_a_rule_is_published_with_its_document(bare: Harness) -> None:
    response = await officer(bare, "/rules", rule(HOUSING))

    assert response.status_code == 201
    listed = (await read(bare, "/rules?kind=housing-subsidy&on=2016-06-01")).json()["items"]
    assert listed == [response.json()]
    assert listed[0]["value"]["instalments"] == [
        {"stage": "completed", "amount": {"amount": "20000.00", "currency": "CNY"}}
    ]
    assert listed[0]["basis_document"] == "sample document 1"


async def test_two_editions_in_force_on_one_day_are_refused(relocation: Harness) -> None:
    response = await officer(relocation, "/rules", rule(AREA_CAP, effective_from="2016-12-31"))

    assert problem(response) == (409, "rule-editions-overlap", ["/effective_from"])


async def test_a_later_edition_follows_the_first(relocation: Harness) -> None:
    later = rule(AREA_CAP, effective_from="2017-01-01", effective_to=None)
    response = await officer(relocation, "/rules", later)

    assert response.status_code == 201
    kinds = [item["kind"] for item in (await read(relocation, "/rules")).json()["items"]]
    assert kinds == ["area-cap", "area-cap", "housing-subsidy", "infrastructure-standard"]


async def test_a_rule_that_ends_before_it_begins_is_refused(bare: Harness) -> None:
    response = await officer(bare, "/rules", rule(AREA_CAP, effective_to="2015-12-31"))

    assert problem(response) == (422, "rule-period-reversed", ["/effective_to"])


def costing(centralized: str) -> dict[str, Any]:
    """Return a standard of so many yuan a household."""
    value = {"centralized": {"amount": centralized}, "interspersed": {"amount": "100000.00"}}
    return {"kind": "infrastructure-standard", "value": value}


def paying(amount: str) -> dict[str, Any]:
    """Return a housing programme that pays so many yuan at completion."""
    instalments = [{"stage": "completed", "amount": {"amount": amount}}]
    return {"kind": "housing-subsidy", "value": {"programme_code": "housing", "instalments": instalments}}


def capping(m2: str) -> dict[str, Any]:
    """Return a cap of so many m2 a person."""
    return {"kind": "area-cap", "value": {"m2_per_person": m2}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (costing("1000000.01"), "/value/centralized"),
        (costing("9999999999999.99"), "/value/centralized"),
        (paying("1000000.01"), "/value/instalments/0/amount"),
        (capping("1000.01"), "/value/m2_per_person"),
        (rule(AREA_CAP, basis_document=" "), "/basis_document"),
        (rule(AREA_CAP, basis_document="\n"), "/basis_document"),
    ],
)
async def test_a_rule_out_of_bounds_names_the_field(bare: Harness, body: dict[str, Any], field: str) -> None:
    response = await officer(bare, "/rules", {**rule(AREA_CAP), **body})

    assert problem(response) == (422, "invalid-request", [field])


async def test_a_rule_without_its_numbers_names_what_is_missing(bare: Harness) -> None:
    response = await officer(bare, "/rules", rule({"kind": "area-cap", "value": {}, "extra": 1}))

    assert problem(response) == (422, "invalid-request", ["/value/m2_per_person", "/extra"])


async def test_the_largest_budget_under_the_highest_standard_is_kept_and_the_next_one_refused(
    bare: Harness,
) -> None:
    await officer(bare, "/rules", rule(costing("1000000.00")))

    too_large = await officer(bare, "/sites", site(planned_households=10_000, planned_persons=100_000))
    response = await officer(bare, "/sites", site(planned_households=9_999, planned_persons=100_000))

    assert problem(too_large) == (422, "budget-too-large", ["/planned_households"])
    assert response.json()["infrastructure_budget"]["amount"] == "9999000000.00"
    statistics = (await read(bare, "/statistics")).json()
    assert statistics["total"]["infrastructure_budget"]["amount"] == "9999000000.00"


async def test_the_largest_household_under_the_highest_cap_gets_its_house(bare: Harness) -> None:
    for body in (capping("1000.00"), builders.STANDARD):
        await officer(bare, "/rules", rule(body))

    house = await builders.allocated(bare, persons=30)

    assert house["area_cap_m2"] == "30000.00"


async def test_only_a_county_officer_lays_down_rules_and_sites(relocation: Harness) -> None:
    for path, body in (("/rules", rule(AREA_CAP)), ("/sites", site())):
        response = await builders.clerk(relocation, path, body)

        assert problem(response) == (403, "forbidden", [])


async def test_a_site_gets_its_budget_from_the_standard(relocation: Harness) -> None:
    response = await officer(relocation, "/sites", site())

    assert response.status_code == 201
    assert response.json()["infrastructure_budget"] == {"amount": "10000000.00", "currency": "CNY"}
    (fact,) = await relocation.facts()
    assert (fact.type, fact.sequence) == ("relocation.site-registered.v1", 1)
    assert msgspec.json.decode(fact.data) == {
        "site_id": response.json()["id"],
        "kind": "centralized",
        "planned_households": 50,
        "planned_persons": 200,
    }


async def test_a_township_code_is_filled_up_to_twelve_digits(relocation: Harness) -> None:
    response = await officer(relocation, "/sites", site(area_code="532930101"))

    assert response.json()["area_code"] == "532930101000"


async def test_a_site_without_a_standard_in_force_is_refused(bare: Harness) -> None:
    response = await officer(bare, "/sites", site())

    assert problem(response)[:2] == (409, "rule-not-in-force")


async def test_a_site_is_registered_once(relocation: Harness) -> None:
    await officer(relocation, "/sites", site())

    response = await officer(relocation, "/sites", site())

    assert problem(response)[:2] == (409, "site-already-registered")


async def test_a_site_outside_the_officers_area_is_refused(relocation: Harness) -> None:
    response = await officer(relocation, "/sites", site(area_code="532931101201"))

    assert problem(response) == (404, "area-not-found", ["/area_code"])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "scattered"}, "/kind"),
        ({"name": "\n"}, "/name"),
        ({"name": " \u3000 "}, "/name"),
        ({"name": "样点\n01"}, "/name"),
        ({"area_code": "5329301"}, "/area_code"),
        ({"planned_households": 0}, "/planned_households"),
        ({"extra": 1}, "/extra"),
        ({"planned_persons": 49}, "/"),
    ],
)
async def test_a_malformed_site_names_the_field(
    relocation: Harness, change: dict[str, object], pointer: str
) -> None:
    response = await officer(relocation, "/sites", site(**change))

    assert problem(response) == (422, "invalid-request", [pointer])


async def test_sites_are_listed_by_kind_and_area(relocation: Harness) -> None:
    near = await builders.registered_site(relocation)
    far = await builders.registered_site(
        relocation, name="样点插花01", kind="interspersed", area_code=builders.OTHER_VILLAGE
    )

    everything = (await read(relocation, "/sites")).json()["items"]
    centralized = (await read(relocation, "/sites?kind=centralized")).json()["items"]
    elsewhere = (await read(relocation, "/sites", area=builders.OTHER_TOWNSHIP)).json()["items"]

    assert [item["id"] for item in everything] == [near, far]
    assert [item["id"] for item in centralized] == [near]
    assert [item["id"] for item in elsewhere] == [far]


async def test_the_bank_reads_nothing_here(relocation: Harness) -> None:
    response = await read(relocation, "/sites", role=roles.BANK)

    assert problem(response)[:2] == (403, "forbidden")


async def test_an_amount_of_nothing_is_no_rule(bare: Harness) -> None:
    value = {"centralized": {"amount": "0.00"}, "interspersed": {"amount": "100000.00"}}

    response = await officer(bare, "/rules", rule(builders.STANDARD, value=value))

    assert problem(response)[:2] == (422, "invalid-request")


async def test_text_that_no_database_can_hold_names_its_field(relocation: Harness) -> None:
    named = await officer(relocation, "/sites", site(name="a\0"))
    based = await officer(relocation, "/rules", rule(AREA_CAP, basis_document="a\0"))

    assert problem(named) == (422, "invalid-request", ["/name"])
    assert problem(based) == (422, "invalid-request", ["/basis_document"])


@pytest.mark.parametrize(("area", "status"), [("", 201), ("532930", 201), ("532930101", 403)])
async def test_a_rule_for_every_house_is_the_countys_to_publish(
    bare: Harness, area: str, status: int
) -> None:
    response = await officer(bare, "/rules", rule(AREA_CAP), area=area)

    assert response.status_code == status, response.text
    assert len((await read(bare, "/rules")).json()["items"]) == (1 if status == 201 else 0)
