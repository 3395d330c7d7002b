"""Statistics count houses by how far they have come, as of a day."""

from datetime import date
from uuid import UUID

import pytest

from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import (
    OTHER_VILLAGE,
    accept,
    allocated,
    clerk,
    completed,
    officer,
    problem,
    read,
    registered_site,
)
from tests.services.relocation.test_subsidy import settled


async def prepare(harness: Harness) -> None:
    """Two sites; one house moved into and paid, one completed with an instalment due, one only allocated."""
    site = await registered_site(harness)
    await registered_site(
        harness, name="far", kind="interspersed", area_code=OTHER_VILLAGE, planned_households=10
    )
    moved = await completed(harness, site)
    await accept(harness, moved)
    await clerk(harness, f"/houses/{moved['id']}/moves", {"on": "2016-12-01"})
    done = await completed(harness, site)
    await allocated(harness, site)
    items = [{"house_id": house["id"], "stage": "completed"} for house in (moved, done)]
    asked = (await officer(harness, "/subsidy-requests/bulk", {"items": items})).json()["results"]
    await harness.hear(settled({"household_id": str(UUID(int=1))}, asked[0]["due_id"]))


async def test_every_count_names_its_day_population_and_source(relocation: Harness) -> None:
    await prepare(relocation)

    body = (await read(relocation, "/statistics")).json()

    assert body["as_of"] == "2016-12-01"
    assert "532930" in body["population"]
    assert body["source"]
    assert body["total"] == {
        "sites": 2,
        "planned_households": 60,
        "planned_persons": 400,
        "infrastructure_budget": {"amount": "11000000.00", "currency": "CNY"},
        "households": 3,
        "persons": 12,
        "started": 2,
        "topped_out": 2,
        "completed": 2,
        "accepted": 1,
        "moved_in": 1,
        "subsidy_requested_households": 2,
        "subsidy_requested": {"amount": "40000.00", "currency": "CNY"},
        "subsidised_households": 1,
        "subsidy_paid": {"amount": "20000.00", "currency": "CNY"},
    }
    assert (body["by_kind"]["centralized"]["sites"], body["by_kind"]["interspersed"]["households"]) == (1, 0)


async def test_an_earlier_day_is_counted_as_it_was(relocation: Harness) -> None:
    await prepare(relocation)

    total = (await read(relocation, "/statistics?as_of=2016-05-01")).json()["total"]

    assert (total["households"], total["started"], total["topped_out"], total["subsidised_households"]) == (
        3,
        2,
        0,
        0,
    )


async def test_a_day_in_the_future_is_counted_as_today(relocation: Harness) -> None:
    body = (await read(relocation, "/statistics?as_of=2017-01-01")).json()

    assert body["as_of"] == date(2016, 12, 1).isoformat()


async def test_a_township_sees_its_own_figures(relocation: Harness) -> None:
    await prepare(relocation)

    own = (await read(relocation, "/statistics", area=builders.OTHER_TOWNSHIP)).json()
    foreign = await read(relocation, "/statistics?area=532930101", area=builders.OTHER_TOWNSHIP)

    assert (own["total"]["sites"], own["total"]["households"]) == (1, 0)
    assert problem(foreign) == (404, "area-not-found", ["query:area"])


@pytest.mark.parametrize(
    ("area", "sites"),
    [("532930", 2), ("532930000000", 2), ("532930101000", 1), ("532930101", 1), (OTHER_VILLAGE, 1)],
)
async def test_an_area_is_named_by_its_code_in_full_or_by_its_beginning(
    relocation: Harness, area: str, sites: int
) -> None:
    await prepare(relocation)

    found = (await read(relocation, f"/statistics?area={area}")).json()

    assert found["total"]["sites"] == sites


async def test_a_township_may_name_itself_by_its_code_in_full(relocation: Harness) -> None:
    await prepare(relocation)

    own = await read(
        relocation, f"/statistics?area={builders.OTHER_TOWNSHIP}000", area=builders.OTHER_TOWNSHIP
    )

    assert own.json()["total"]["sites"] == 1
