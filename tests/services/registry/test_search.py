"""Looking for households and for people who may have been filed twice; every look is on record, nothing lies open."""

from typing import Any

import httpx
import pytest
from stdnum.cn import ric

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_ADDRESS,
    CANARY_NAME,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    get,
    identity,
    member,
    post,
    spouse,
)
from tests.services.registry.changes import OFFICER, aged, changed, ids
from tests.services.registry.sheet import drafts, send


async def found(registry: Harness, who: dict[str, Any] | None = None, **wanted: Any) -> list[str]:
    """Return the ids of the households that are found."""
    answer = await post(registry, "/search", json=wanted, **(who or {}))
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


async def alike(registry: Harness, who: dict[str, Any] | None = None, **asked: Any) -> httpx.Response:
    """Ask who may be on the register already."""
    body = {"reason": "before filing"} | asked
    return await post(registry, "/persons/duplicates/search", json=body, **(who or {}))


def slipped(number: str, place: int) -> str:
    """Return a valid identity number that differs in one digit."""
    digit = str((int(number[place]) + 2) % 10)
    body = number[:place] + digit + number[place + 1 : 17]
    return body + str(ric.calc_check_digit(body + "0"))


async def test_a_household_is_found_by_exactly_what_is_given(registry: Harness) -> None:
    first = await aged(registry, 1, members=[member(2, name="欧阳·甲")], address="甲村一组8号")
    second = await aged(registry, 2)

    assert await found(registry, name="欧阳甲") == [first]
    assert await found(registry, identity_number=identity(4)) == [second]
    assert await found(registry, file_number="F-00002") == [second]
    assert await found(registry, address="甲村 一组 8号") == [first]
    assert await found(registry, name="欧阳甲", file_number="F-00002") == []
    assert await found(registry, name="欧阳") == []


async def test_imported_households_are_found_too(registry: Harness) -> None:
    await send(registry, drafts(2))

    assert len(await found(registry, name=CANARY_NAME)) == 2
    assert len(await found(registry, address=CANARY_ADDRESS)) == 2


async def test_a_search_follows_what_the_file_says_now(registry: Harness) -> None:
    household_id = await aged(registry)
    await changed(registry, "move", household_id, village_code=NEXT_VILLAGE, address="新居")
    wife = (await ids(registry, household_id))[1]
    await changed(registry, "marriage-out", household_id, person_id=wife)

    assert await found(registry, address="新居") == [household_id]
    assert await found(registry, address=CANARY_ADDRESS) == []
    assert await found(registry, identity_number=identity(3, female=True)) == []


async def test_a_search_ends_at_the_callers_area_and_is_paged(registry: Harness) -> None:
    here = [await aged(registry, number) for number in (1, 2, 3)]
    await aged(registry, 4, village_code=OTHER_VILLAGE)

    first = (await post(registry, "/search", json={"name": CANARY_NAME, "limit": 2})).json()
    rest = await found(registry, name=CANARY_NAME, limit=2, cursor=first["next"])

    assert [each["id"] for each in first["items"]] + rest == here
    assert len(await found(registry, OFFICER, name=CANARY_NAME)) == 4
    assert await found(registry, {"area": OTHER_TOWNSHIP}, file_number="F-00001") == []


async def test_a_search_is_on_record_without_what_was_asked(registry: Harness) -> None:
    await aged(registry)
    await found(registry, name=CANARY_NAME, file_number="F-00001")

    (row,) = await registry.sql("SELECT kind, actor_id, asked_for, items, area_code FROM registry.disclosure")
    assert tuple(row) == ("search", "clerk-1", "name, file_number", 1, TOWNSHIP + "000")


@pytest.mark.parametrize("path", ["/search", "/persons/duplicates/search"])
async def test_a_search_needs_a_role_and_something_to_go_by(registry: Harness, path: str) -> None:
    body = {"name": CANARY_NAME, "address": CANARY_ADDRESS}
    body |= {} if path == "/search" else {"reason": "before filing"}

    for role in (roles.AUDITOR, roles.INSURER, roles.CHECKER):
        assert (await post(registry, path, json=body, roles=[role])).status_code == 403
    assert (await post(registry, path, json={})).status_code == 422
    assert CANARY_NAME not in (await post(registry, path, json=body | {"x": CANARY_NAME})).text


@pytest.mark.parametrize("place", [0, 5, 9, 16])
async def test_a_wrong_digit_of_the_number_hides_nobody(registry: Harness, place: int) -> None:
    household_id = await aged(registry)
    head = (await ids(registry, household_id))[0]

    answer = await alike(registry, identity_number=slipped(identity(2), place))

    (candidate,) = (each for each in answer.json()["items"] if each["person_id"] == head)
    assert candidate["household_id"] == household_id
    assert "identity-number-near" in candidate["evidence"]
    assert candidate["score"] >= 60
    assert CANARY_NAME not in answer.text
    assert identity(2) not in answer.text


async def test_exchanged_digits_and_a_wrong_last_character_hide_nobody(registry: Harness) -> None:
    await aged(registry)
    right = identity(2)
    exchanged = right[:3] + right[4] + right[3] + right[5:]
    last = right[:17] + ("0" if right[17] != "0" else "1")

    for number in (exchanged, last):
        evidence = (await alike(registry, identity_number=number)).json()["items"][0]["evidence"]
        assert evidence[0] == "identity-number-near"
    exact = (await alike(registry, identity_number=right)).json()["items"][0]
    assert (exact["score"], exact["evidence"][0]) == (100, "identity-number")


async def test_names_kin_and_address_tell_somebody_again(registry: Harness) -> None:
    members = [member(2, name="杨甲"), spouse(3, name="李乙")]
    household_id = await aged(registry, 1, members=members, address="甲村一组")
    wife = (await ids(registry, household_id))[1]

    async def told(**asked: Any) -> list[list[str]]:
        items = (await alike(registry, **asked)).json()["items"]
        return [each["evidence"] for each in items if each["person_id"] == wife]

    assert await told(name="李乙", born_on="1950-01-01") == [["name", "birth-date"]]
    assert await told(name="李乙", head_name="杨甲") == [["name", "head-name"]]
    assert await told(name="李乙", address="甲村一组") == [["name", "address"]]
    near = {"name": "李丙", "born_on": "1950-01-01", "head_name": "杨甲"}
    assert await told(**near) == [["name-near", "birth-date", "head-name"]]
    assert await told(name="李乙", born_on="1951-01-01") == []


async def test_of_another_area_it_is_told_only_that_there_is_somebody(registry: Harness) -> None:
    household_id = await aged(registry, 1, village_code=OTHER_VILLAGE)

    answer = await alike(registry, identity_number=slipped(identity(2), 5))
    nobody = await alike(registry, identity_number=identity(400))

    assert answer.json() == {"items": [], "elsewhere": True}
    assert nobody.json() == {"items": [], "elsewhere": False}
    assert household_id not in answer.text
    assert await found(registry, file_number="F-00001") == []


async def test_a_look_for_duplicates_is_on_record_with_whom_and_why(registry: Harness) -> None:
    household_id = await aged(registry)
    head = (await ids(registry, household_id))[0]
    await alike(registry, identity_number=slipped(identity(2), 5))

    (row,) = await registry.sql("SELECT kind, subject_id, reason, asked_for FROM registry.disclosure")
    assert (row["kind"], str(row["subject_id"]), row["reason"], row["asked_for"]) == (
        "search",
        head,
        "before filing",
        "identity_number",
    )


async def test_people_who_share_name_and_birth_date_are_listed(registry: Harness) -> None:
    await aged(registry, 1, members=[member(2, name="杨甲")], address=None)
    await aged(registry, 2, members=[member(4, name="杨甲")], address=None)
    await aged(registry, 3, members=[member(6, name="李乙")], address="一组")
    await aged(registry, 4, members=[member(8, name="李乙")], address="一组")
    await aged(registry, 5, members=[member(600, name="杨甲")], address=None)

    first = (await get(registry, "/duplicates?limit=1")).json()
    second = (await get(registry, f"/duplicates?limit=1&cursor={first['next']}")).json()
    at_one_place = (await get(registry, "/duplicates?shared=name-and-address")).json()
    other = (await get(registry, "/duplicates", area=OTHER_TOWNSHIP)).json()

    groups = first["items"] + second["items"]
    assert sorted(len(group["persons"]) for group in groups) == [2, 2]
    assert {group["persons"][0]["name"] for group in groups} == {"杨*", "李*"}
    assert second["next"] is None
    assert [group["persons"][0]["name"] for group in at_one_place["items"]] == ["李*"]
    assert other["items"] == []


async def test_likely_duplicates_outside_the_area_are_not_listed(registry: Harness) -> None:
    await aged(registry, 1, members=[member(2, name="杨甲")])

    assert (await get(registry, f"/duplicates?area={OTHER_TOWNSHIP}")).status_code == 404
    assert (await get(registry, "/duplicates", roles=[roles.AUDITOR])).status_code == 403
