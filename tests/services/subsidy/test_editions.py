"""A new rate is a new edition: it ends the open one before it, and what was decided under that stays."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.ids import new_id
from contracts import roles
from services.subsidy.domain.programme import Programme
from services.subsidy.store.programme import add_programme, lock_code
from tests.kit import Harness
from tests.services.subsidy.builders import (
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TODAY,
    TOWNSHIP,
    accept,
    approved_claim,
    on_register,
    photo,
    programme,
    publish,
    read,
    submit,
)

OPEN = "industry-open"
WAITS = """
SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database
WHERE locktype = 'advisory' AND NOT granted AND d.datname = current_database()
"""


async def open_edition(harness: Harness, **changes: Any) -> dict[str, Any]:
    """Publish an edition of a programme that has no last day."""
    response = await publish(harness, **{"code": OPEN, "effective_to": None} | changes)
    assert response.status_code == 201, response.text
    return dict(response.json())


def new_rate() -> Programme:
    """Return an edition of 700.00 a mu from today on."""
    return Programme(
        id=new_id(),
        code=OPEN,
        kind="industry",
        unit="mu",
        rate_fen=70_000,
        cap_fen=None,
        floor_fen=None,
        effective_from=TODAY,
        effective_to=None,
        basis_document="sample document 2",
    )


async def test_a_later_edition_takes_over_on_its_day(subsidy: Harness) -> None:
    await open_edition(subsidy)
    before = await submit(subsidy, await on_register(subsidy), programme_code=OPEN)

    await open_edition(subsidy, effective_from="2016-06-02", rate={"amount": "700.00"})

    subsidy.clock.move_to(TODAY + timedelta(days=1))
    after = await submit(subsidy, await on_register(subsidy), programme_code=OPEN, evidence=[photo(2)])
    amounts = [
        (await accept(subsidy, response.json()["id"])).json()["amount"]["amount"]
        for response in (before, after)
    ]
    assert amounts == ["4800.00", "5600.00"]


async def test_the_list_tells_how_long_an_edition_was_in_force(subsidy: Harness) -> None:
    await open_edition(subsidy)
    await open_edition(subsidy, effective_from="2030-01-01")
    earlier = await open_edition(subsidy, effective_from="2015-01-01")

    every = await read(subsidy, "programmes", params={"code": OPEN})
    last_day = await read(subsidy, "programmes", params={"code": OPEN, "on": "2029-12-31"})

    assert earlier["effective_to"] == "2015-12-31"
    assert [(row["effective_from"], row["effective_to"]) for row in every["items"]] == [
        ("2016-01-01", "2029-12-31"),
        ("2030-01-01", None),
        ("2015-01-01", "2015-12-31"),
    ]
    assert [row["effective_from"] for row in last_day["items"]] == ["2016-01-01"]


async def test_the_floor_of_a_year_is_of_the_editions_in_force_in_it(subsidy: Harness) -> None:
    await open_edition(subsidy, floor={"amount": "9000.00"})
    await open_edition(subsidy, effective_from="2017-01-01", floor={"amount": "5000.00"})

    floors = [
        (await read(subsidy, "floors", params={"year": year}))["floor"]["amount"] for year in (2016, 2017)
    ]

    assert floors == ["9000.00", "5000.00"]


async def test_no_two_editions_begin_on_one_day(subsidy: Harness) -> None:
    await open_edition(subsidy)

    again = await publish(subsidy, code=OPEN, effective_to=None)

    assert (again.status_code, again.json()["code"]) == (409, "programme-editions-overlap")


async def test_no_edition_begins_before_what_was_claimed_under_the_last(subsidy: Harness) -> None:
    await open_edition(subsidy)
    elsewhere = await on_register(subsidy, area=OTHER_VILLAGE)
    await submit(subsidy, elsewhere, area=OTHER_TOWNSHIP, programme_code=OPEN)

    on_the_day = await publish(subsidy, code=OPEN, effective_from=str(TODAY), effective_to=None)
    day_after = await publish(
        subsidy, code=OPEN, effective_from=str(TODAY + timedelta(days=1)), effective_to=None
    )

    assert (on_the_day.status_code, on_the_day.json()["code"]) == (409, "programme-already-applied")
    assert on_the_day.json()["errors"][0]["pointer"] == "/effective_from"
    assert str(TODAY) in on_the_day.json()["detail"]
    assert day_after.status_code == 201


async def test_whoever_sees_only_another_county_does_not_overtake_this_one(subsidy: Harness) -> None:
    await open_edition(subsidy)
    await submit(subsidy, await on_register(subsidy), programme_code=OPEN)

    response = await subsidy.call(
        "POST",
        "/subsidy/v1/programmes",
        roles=[roles.OFFICER],
        area="532931",
        json=programme(code=OPEN, effective_from=str(TODAY), effective_to=None),
    )

    assert (response.status_code, response.json()["code"]) == (409, "programme-already-applied")


async def test_a_claim_waits_for_the_edition_that_is_being_published(subsidy: Harness) -> None:
    await open_edition(subsidy)
    household = await on_register(subsidy)
    unit = subsidy.unit(roles.OFFICER)

    async with unit:
        await lock_code(unit.driver, OPEN)
        filing = asyncio.create_task(submit(subsidy, household, programme_code=OPEN))
        await subsidy.until(WAITS)
        await add_programme(unit.driver, new_rate(), by="officer-1", at=unit.now)
    claim = (await filing).json()["id"]

    assert (await accept(subsidy, claim)).json()["amount"]["amount"] == "5600.00"


async def test_a_rejected_claim_keeps_no_edition(subsidy: Harness) -> None:
    await open_edition(subsidy)
    claim = (await submit(subsidy, await on_register(subsidy), programme_code=OPEN)).json()["id"]
    rejected = await subsidy.call(
        "POST",
        f"/subsidy/v1/claims/{claim}/rejections",
        roles=[roles.CLERK],
        area=TOWNSHIP,
        json={"reason": "no-such-field"},
    )
    assert rejected.status_code == 200, rejected.text

    assert (
        await publish(subsidy, code=OPEN, effective_from=str(TODAY), effective_to=None)
    ).status_code == 201


@pytest.mark.parametrize("code", [OPEN, "industry-planting"])
async def test_claims_after_the_days_that_an_edition_takes_do_not_matter(subsidy: Harness, code: str) -> None:
    await open_edition(subsidy)
    await approved_claim(subsidy, await on_register(subsidy), programme_code=code)

    earlier = await publish(
        subsidy, code=code, effective_from=str(date(2015, 1, 1)), effective_to="2015-12-31"
    )

    assert earlier.status_code == 201
