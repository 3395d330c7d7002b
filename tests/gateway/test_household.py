"""A household's page: five services side by side, and a word for each part that is missing."""

import asyncio

import httpx
import pytest

from chassis.ids import new_id
from tests.gateway.house import House, StandIns

ID = str(new_id())
PATH = f"/gateway/v1/households/{ID}/360"


async def ask(house: House, role: str = "clerk") -> httpx.Response:
    return await house.http.get(PATH, headers=await house.person(role, area="532930"))


async def test_the_page_holds_every_part_as_its_service_gave_it(house: House, stand_ins: StandIns) -> None:
    stand_ins.of("registry").answers[f"/registry/v1/households/{ID}"] = (200, {"id": ID, "persons": 4})
    stand_ins.of("finance").answers["/finance/v1/payments"] = (200, {"items": [{"amount": "20000.00"}]})

    page = (await ask(house)).json()

    assert page["household_id"] == ID
    assert page["parts"]["household"] == {"id": ID, "persons": 4}
    assert page["parts"]["payments"] == {"items": [{"amount": "20000.00"}]}
    assert set(page["parts"]) == {"household", "claims", "disbursements", "houses", "payments", "findings"}
    assert page["missing"] == []
    assert page["as_of"].endswith("+00:00")


async def test_every_part_is_asked_with_the_callers_own_area(house: House, stand_ins: StandIns) -> None:
    await ask(house)

    verifier = house.harness.secrets.verifier()
    for name in stand_ins:
        asked = stand_ins.of(name).asked[-1]
        assert verifier.verify(asked.headers["authorization"].removeprefix("Bearer ")).area == "532930"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("registry", {"household"}),
        ("subsidy", {"claims", "disbursements"}),
        ("relocation", {"houses"}),
        ("finance", {"payments"}),
        ("supervision", {"findings"}),
    ],
)
async def test_a_service_that_is_down_is_named_and_the_others_are_shown(
    house: House, stand_ins: StandIns, name: str, parts: set[str]
) -> None:
    del stand_ins[name]

    page = (await ask(house)).json()

    assert {missing["part"] for missing in page["missing"]} == parts
    assert {(missing["service"], missing["reason"]) for missing in page["missing"]} == {(name, "unavailable")}
    assert not parts & page["parts"].keys()
    assert len(page["parts"]) == 6 - len(parts)


async def test_a_slow_service_is_not_waited_for(house: House, stand_ins: StandIns) -> None:
    headers = await house.person("clerk")
    for name in ("relocation", "finance"):
        stand_ins.of(name).delay = 3600

    page = (await house.http.get(PATH, headers=headers)).json()

    assert {(missing["service"], missing["reason"]) for missing in page["missing"]} == {
        ("relocation", "timed-out"),
        ("finance", "timed-out"),
    }


async def test_a_part_that_a_role_may_not_see_says_so(house: House, stand_ins: StandIns) -> None:
    stand_ins.of("supervision").answers["/supervision/v1/findings"] = (403, {"code": "forbidden"})

    page = (await ask(house)).json()

    assert [(missing["part"], missing["reason"]) for missing in page["missing"]] == [
        ("findings", "forbidden")
    ]


async def test_a_part_that_fails_says_its_status_only(house: House, stand_ins: StandIns) -> None:
    stand_ins.of("finance").answers["/finance/v1/payments"] = (500, {"detail": "private"})

    answer = await ask(house)

    assert answer.json()["missing"][0]["reason"] == "failed"
    assert "private" not in answer.text


async def test_a_household_outside_the_area_does_not_exist_whatever_the_others_say(
    house: House, stand_ins: StandIns
) -> None:
    stand_ins.of("registry").answers[f"/registry/v1/households/{ID}"] = (404, {"code": "not-found"})

    answer = await ask(house)

    assert answer.status_code == 404
    assert "items" not in answer.text


@pytest.mark.parametrize("role", ["bank", "insurer"])
async def test_partners_do_not_see_the_page(house: House, role: str) -> None:
    assert (await ask(house, role)).status_code == 403


async def test_without_a_session_there_is_no_page(house: House) -> None:
    assert (await house.http.get(PATH)).status_code == 401


async def test_an_id_that_is_none_asks_nobody(house: House, stand_ins: StandIns) -> None:
    answer = await house.http.get(
        "/gateway/v1/households/x%2F..%2Fy/360", headers=await house.person("clerk")
    )

    assert answer.status_code in {404, 422}
    assert stand_ins.of("registry").asked == []


async def test_many_pages_at_once_do_not_mix(house: House, stand_ins: StandIns) -> None:
    headers = await house.person("clerk")
    ids = [str(new_id()) for _ in range(20)]

    answers = await asyncio.gather(
        *(house.http.get(f"/gateway/v1/households/{one}/360", headers=headers) for one in ids)
    )

    assert [answer.json()["parts"]["household"]["path"].rpartition("/")[2] for answer in answers] == ids
