"""Floors and statistics: who is counted, as of when, and within which area."""

from datetime import date
from uuid import UUID

import pytest

from contracts import roles
from contracts.events.registry import HouseholdExited
from services.subsidy.figures import division_prefix
from tests.kit import Harness
from tests.services.subsidy.builders import (
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TODAY,
    approved_claim,
    hear,
    on_register,
    publish,
    read,
    settled,
    submit,
)


async def paid(harness: Harness, household: UUID, quantity: str, fen: int) -> None:
    """Let a household claim and receive an amount."""
    claim_id = await approved_claim(harness, household, quantity)
    await hear(harness, settled(claim_id, household, fen=fen))


async def test_a_household_with_exactly_the_floor_has_it(subsidy: Harness) -> None:
    rich, poor, none = [await on_register(subsidy) for _ in range(3)]
    await paid(subsidy, rich, "5.00", 300_000)
    await paid(subsidy, poor, "4.00", 240_000)

    every = await read(subsidy, "floors", params={"year": 2016})
    unmet = await read(subsidy, "floors", params={"year": 2016, "unmet": "true"})

    assert {row["household_id"]: row["met"] for row in every["items"]} == {
        str(rich): True,
        str(poor): False,
        str(none): False,
    }
    assert {row["household_id"]: row["missing"]["amount"] for row in unmet["items"]} == {
        str(poor): "600.00",
        str(none): "3000.00",
    }
    assert (every["as_of"], every["floor"]["amount"]) == ("2016-06-01", "3000.00")
    assert "2016-06-01" in every["population"]


async def test_the_floor_counts_households_on_the_register_that_day_only(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    await hear(
        subsidy,
        HouseholdExited(household_id=household, exited_on=TODAY, reason="income-stable"),
        first_sequence=2,
    )

    assert (await read(subsidy, "floors", params={"year": 2016}))["items"] == []


async def test_after_the_year_the_floor_is_measured_at_its_end(subsidy: Harness) -> None:
    await on_register(subsidy)
    subsidy.clock.move_to(date(2017, 1, 5))

    assert (await read(subsidy, "floors", params={"year": 2016}))["as_of"] == "2016-12-31"


async def test_the_unmet_list_goes_on_page_by_page(subsidy: Harness) -> None:
    households = [str(await on_register(subsidy)) for _ in range(3)]
    query = {"year": 2016, "unmet": "true", "limit": 2}

    first = await read(subsidy, "floors", params=query)
    second = await read(subsidy, "floors", params=query | {"cursor": first["next"]})

    assert [row["household_id"] for row in first["items"] + second["items"]] == households
    assert second["next"] is None


async def test_a_year_without_a_floor_says_so(subsidy: Harness) -> None:
    response = await subsidy.call(
        "GET", "/subsidy/v1/floors", roles=[roles.OFFICER], area="", params={"year": 2011}
    )

    assert (response.status_code, response.json()["code"]) == (404, "floor-not-set")


async def test_statistics_count_claims_recipients_and_the_floor(subsidy: Harness) -> None:
    registered, exited, idle = [await on_register(subsidy) for _ in range(3)]
    await paid(subsidy, registered, "5.00", 300_000)
    claim_id = await approved_claim(subsidy, exited, "1.00")
    await hear(
        subsidy,
        HouseholdExited(household_id=exited, exited_on=TODAY, reason="income-stable"),
        first_sequence=2,
    )
    await hear(subsidy, settled(claim_id, exited, fen=60_001))
    await submit(subsidy, idle)

    figures = await read(subsidy, "statistics")

    assert figures["claims"] == {"submitted": 1, "accepted": 0, "rejected": 0, "approved": 0, "paid": 2}
    assert figures["recipients"] == {
        "households": 2,
        "registered_on_payment_date": 1,
        "registered_as_of": 1,
        "other": 1,
        "payments": 2,
        "amount": {"amount": "3600.01", "currency": "CNY"},
        "average_per_household": {"amount": "1800.01", "currency": "CNY"},
    }
    assert (figures["floor"]["households_on_register"], figures["floor"]["met"]) == (2, 1)
    assert figures["as_of"] == "2016-06-01"
    assert figures["source"]


async def test_statistics_of_a_day_before_know_nothing_of_the_days_after(subsidy: Harness) -> None:
    await paid(subsidy, await on_register(subsidy), "5.00", 300_000)

    figures = await read(subsidy, "statistics", params={"as_of": "2016-05-31"})

    assert figures["claims"]["paid"] == 0
    assert figures["recipients"]["households"] == 0
    assert figures["floor"] == {
        "floor": {"amount": "3000.00", "currency": "CNY"},
        "households_on_register": 1,
        "met": 0,
        "unmet": 1,
    }


async def test_a_recipient_who_exits_later_stays_registered_for_the_payment(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    await paid(subsidy, household, "5.00", 300_000)
    exited = HouseholdExited(household_id=household, exited_on=date(2016, 6, 10), reason="income-stable")
    await hear(subsidy, exited, first_sequence=2)
    subsidy.clock.move_to(date(2016, 6, 30))

    figures = await read(subsidy, "statistics", params={"as_of": "2016-06-30"})

    assert figures["recipients"]["registered_on_payment_date"] == 1
    assert figures["recipients"]["registered_as_of"] == 0


async def test_statistics_stay_inside_the_asked_area(subsidy: Harness) -> None:
    await on_register(subsidy)
    await on_register(subsidy, area=OTHER_VILLAGE)

    one = await read(subsidy, "statistics", params={"area": f"{OTHER_TOWNSHIP}000"})
    both = await read(subsidy, "statistics", params={"area": "532930000000"})

    assert one["floor"]["households_on_register"] == 1
    assert both["floor"]["households_on_register"] == 2


async def test_another_area_is_refused(subsidy: Harness) -> None:
    response = await subsidy.call(
        "GET",
        "/subsidy/v1/statistics",
        roles=[roles.CLERK],
        area=OTHER_TOWNSHIP,
        params={"area": "532930100000"},
    )

    assert (response.status_code, response.json()["code"]) == (404, "area-not-found")


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("532930100201", "532930100201"),
        ("532930100000", "532930100"),
        ("532930000000", "532930"),
        ("532900000000", "5329"),
        ("530000000000", "53"),
        ("532930", "532930"),
    ],
)
def test_a_division_covers_what_shares_its_own_digits(code: str, prefix: str) -> None:
    assert division_prefix(code) == prefix


async def test_a_programme_of_the_same_code_cannot_overlap(subsidy: Harness) -> None:
    overlapping = await publish(subsidy, effective_from="2016-12-31", effective_to=None)
    following = await publish(subsidy, effective_from="2017-01-01", effective_to=None)

    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "programme-editions-overlap")
    assert following.status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"rate": {"amount": "0.00"}},
        {"rate": {"amount": "six hundred"}},
        {"rate": {"amount": "1.005"}},
        {"rate": {"amount": 600}},
        {"rate": {"amount": "10000000.01"}},
        {"cap": {"amount": "10000000.01"}},
        {"floor": {"amount": "10000000.01"}},
        {"basis_document": "\u3000 "},
        {"kind": "other"},
        {"unit": "acre"},
        {"effective_to": "2015-12-31", "code": "industry-new"},
    ],
)
async def test_a_faulty_programme_is_refused(subsidy: Harness, changes: dict[str, object]) -> None:
    response = await publish(subsidy, **changes)

    assert response.status_code == 422


async def test_programmes_are_listed_by_code_and_day(subsidy: Harness) -> None:
    await publish(subsidy, effective_from="2017-01-01", effective_to=None, rate={"amount": "650.00"})

    every = await read(subsidy, "programmes")
    in_force = await read(subsidy, "programmes", params={"on": "2017-03-01"})

    assert [row["effective_from"] for row in every["items"]] == ["2016-01-01", "2017-01-01"]
    assert [row["rate"]["amount"] for row in in_force["items"]] == ["650.00"]


async def test_a_day_to_come_is_counted_as_today(subsidy: Harness) -> None:
    body = await read(subsidy, "statistics", params={"as_of": "2999-12-31"})

    assert body["as_of"] == subsidy.clock.today().isoformat()
    assert f"on {body['as_of']} in" in body["population"]
