"""The business date of the platform: moved, bounded, followed again, said in every answer."""

from datetime import date

import msgspec
import pytest

from tests.gateway.house import House, StandIns

DATE = "/gateway/v1/business-date"


def ready(stand_ins: StandIns, name: str, business_date: str, status: int = 200) -> None:
    stand_ins.of(name).answers["/health/ready"] = (status, {"ready": True, "business_date": business_date})


async def test_moving_the_business_date_records_one_fact(house: House) -> None:
    headers = await house.administrator()

    moved = await house.http.put(DATE, json={"business_date": "2016-12-31"}, headers=headers)

    assert moved.status_code == 202, moved.text
    facts = await house.harness.facts()
    assert [(fact.type, fact.sequence) for fact in facts] == [("gateway.business-date-set.v1", 1)]
    assert bytes(facts[0].data) == b'{"business_date":"2016-12-31","previous":"2016-06-01"}'
    assert house.harness.clock.today() == date(2016, 12, 31)
    rows = await house.harness.sql("SELECT value FROM gateway.business_date")
    assert [row["value"] for row in rows] == [date(2016, 12, 31)]


async def test_the_date_follows_the_calendar_again_by_a_fact(house: House) -> None:
    headers = await house.administrator()
    await house.http.put(DATE, json={"business_date": "2016-12-31"}, headers=headers)

    back = await house.http.put(DATE, json={"business_date": None}, headers=headers)
    later = await house.http.get(DATE, headers=headers)

    today = house.harness.clock.calendar_today()
    assert back.status_code == 202, back.text
    assert (back.json()["is_moved"], back.json()["follows_calendar"]) == (False, True)
    assert later.headers["tuopin-business-date"] == today.isoformat()
    _, fact = await house.harness.facts()
    assert (fact.type, fact.sequence) == ("gateway.business-date-set.v1", 2)
    assert msgspec.json.decode(fact.data) == {
        "business_date": today.isoformat(),
        "previous": "2016-12-31",
        "follows_calendar": True,
    }
    assert await house.harness.sql("SELECT 1 FROM gateway.business_date") == []
    moves = await house.harness.sql(
        "SELECT follows_calendar FROM gateway.business_date_move ORDER BY sequence"
    )
    assert [row["follows_calendar"] for row in moves] == [False, True]
    assert house.harness.clock.follows_calendar()


async def test_a_date_that_was_set_stays_also_when_it_is_todays(house: House) -> None:
    headers = await house.administrator()
    today = house.harness.clock.calendar_today().isoformat()

    moved = await house.http.put(DATE, json={"business_date": today}, headers=headers)
    left_out = await house.http.put(DATE, json={}, headers=headers)

    assert (moved.json()["is_moved"], moved.json()["follows_calendar"]) == (False, False)
    assert left_out.status_code == 422
    assert not house.harness.clock.follows_calendar()


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        ("1949-09-30", "greater-than-equal"),
        ("3000-01-01", "less-than-equal"),
        ("9999-12-31", "less-than-equal"),
    ],
)
async def test_a_business_date_that_no_deadline_fits_behind_is_refused(
    house: House, day: str, rule: str
) -> None:
    refused = await house.http.put(DATE, json={"business_date": day}, headers=await house.administrator())

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/business_date", rule)
    assert await house.harness.facts() == []


@pytest.mark.parametrize("day", ["1949-10-01", "2999-12-31"])
async def test_the_first_and_the_last_business_date_are_taken(house: House, day: str) -> None:
    moved = await house.http.put(DATE, json={"business_date": day}, headers=await house.administrator())

    assert moved.status_code == 202


async def test_moves_are_numbered_and_kept(house: House) -> None:
    headers = await house.administrator()

    for day in ("2016-12-30", "2016-12-31"):
        await house.http.put(DATE, json={"business_date": day}, headers=headers)

    assert [fact.sequence for fact in await house.harness.facts()] == [1, 2]
    rows = await house.harness.sql("SELECT previous FROM gateway.business_date_move ORDER BY sequence")
    assert [row["previous"] for row in rows] == [date(2016, 6, 1), date(2016, 12, 30)]


async def test_the_date_is_settled_when_every_service_says_the_same(
    house: House, stand_ins: StandIns
) -> None:
    headers = await house.person("clerk")
    for name in stand_ins:
        ready(stand_ins, name, "2016-06-01")

    settled = (await house.http.get(DATE, headers=headers)).json()
    ready(stand_ins, "finance", "2016-05-31")
    unsettled = (await house.http.get(DATE, headers=headers)).json()
    ready(stand_ins, "finance", "2016-06-01", 503)
    del stand_ins["registry"]
    down = (await house.http.get(DATE, headers=headers)).json()

    assert settled["is_settled"] is True
    assert settled["business_date"] == "2016-06-01"
    assert unsettled["is_settled"] is False
    assert {"service": "finance", "business_date": "2016-05-31"} in unsettled["services"]
    assert {"service": "registry", "business_date": None} in down["services"]
    assert {"service": "finance", "business_date": "2016-06-01"} in down["services"]


@pytest.mark.parametrize("role", ["clerk", "county-officer", "auditor", "bank"])
async def test_only_an_administrator_moves_the_date(house: House, role: str) -> None:
    refused = await house.http.put(
        DATE, json={"business_date": "2016-12-31"}, headers=await house.person(role)
    )

    assert refused.status_code == 403
    assert await house.harness.facts() == []


@pytest.mark.parametrize(("area", "status"), [("532930", 202), ("532930101", 403), ("532930101201", 403)])
async def test_an_administrator_of_a_township_does_not_move_everybodys_date(
    house: House, area: str, status: int
) -> None:
    headers = await house.person("administrator", area=area)

    answered = await house.http.put(DATE, json={"business_date": "2016-12-31"}, headers=headers)

    assert answered.status_code == status, answered.text
    assert len(await house.harness.facts()) == (1 if status == 202 else 0)


async def test_every_own_answer_says_the_business_date(house: House) -> None:
    answer = await house.http.get(DATE, headers=await house.person("clerk"))

    assert answer.headers["tuopin-business-date"] == "2016-06-01; moved"
