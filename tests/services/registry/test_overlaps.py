"""Who is on the register and on another list, with shares from one snapshot; and which villages are key villages."""

from datetime import date
from typing import Any

from contracts import roles
from services.registry.handlers.workbook_import import commit_households
from services.registry.workbook.draft import HouseholdDraft
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, NEXT_VILLAGE, VILLAGE, filed, get, member, post, spouse
from tests.services.registry.sheet import household_draft, member_draft
from tests.services.registry.test_statistics import digest_of, pages

OFFICER = {"roles": [roles.OFFICER], "area": COUNTY}


async def read(registry: Harness, path: str, **query: Any) -> dict[str, Any]:
    """Return what the county's officer reads."""
    answer = await get(registry, path, params=query, **OFFICER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_overlap_has_shares_of_the_register(registry: Harness) -> None:
    await filed(registry, 1, attribute="02")
    await filed(registry, 2, attribute="03", members=[member(4, health="04")])
    await filed(registry, 3, members=[member(6, health="04"), spouse(7, health="04")])
    await filed(registry, 4, attribute="02", candidate=True)

    found = await read(registry, "/overlaps")

    assert found["registered"] == {"households": 3, "persons": 5}
    shown = {
        name: (
            found[name]["households"],
            found[name]["persons"],
            found[name]["household_share_percent"],
            found[name]["person_share_percent"],
        )
        for name in ("dibao", "wubao", "with_disabled_person")
    }
    assert shown == {
        "dibao": (1, 2, "33.33", "40.00"),
        "wubao": (1, 1, "33.33", "20.00"),
        "with_disabled_person": (2, 3, "66.67", "60.00"),
    }
    assert found["with_disabled_person"]["disabled_persons"] == 3


async def test_each_overlap_lists_exactly_its_households(registry: Harness) -> None:
    dibao = {await filed(registry, number, attribute="02") for number in (1, 3, 5)}
    disabled = await filed(registry, 2, members=[member(4, health="04")])
    await filed(registry, 4)

    found = await read(registry, "/overlaps")

    for name, expected in (("dibao", dibao), ("with_disabled_person", {disabled})):
        lineage = found[name]["lineage"]
        rows = await pages(registry, lineage["rows"], limit=1)
        assert {row["household_id"] for row in rows} == expected
        assert [row["household_id"] for row in rows] == sorted(expected)
        assert digest_of(rows) == lineage["sha256"]
        assert lineage["households"] == len(expected)
    assert "member_version" in found["with_disabled_person"]["lineage"]["sources"]


async def test_an_overlap_follows_the_day_and_the_moment(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-03-01")
    before = await read(registry, "/overlaps")
    body = {"category": "dibao", "from": "2016-05-01", "basis_document": "洱民字〔2016〕12号"}
    assert (await post(registry, f"/households/{household_id}/categories", json=body)).status_code == 200

    async def dibao(**query: Any) -> int:
        return int((await read(registry, "/overlaps", **query))["dibao"]["households"])

    moment = before["dibao"]["lineage"]["recorded_before"]
    assert [await dibao(as_of=day) for day in ("2016-04-30", "2016-05-01", "2016-06-01")] == [0, 1, 1]
    assert await dibao(recorded_before=moment) == 0


async def test_there_is_no_share_of_an_empty_register(registry: Harness) -> None:
    found = await read(registry, "/overlaps")

    assert found["dibao"]["household_share_percent"] is None
    assert found["dibao"]["households"] == 0


def villagers(count: int, village: str, first: int) -> list[HouseholdDraft]:
    """Return so many households of one person in a village."""
    return [
        household_draft(number, village_code=village, members=(member_draft(number),))
        for number in range(first, first + count)
    ]


async def test_a_village_above_fifty_households_is_a_key_village_on_that_day(registry: Harness) -> None:
    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        await commit_households([*villagers(50, VILLAGE, 1), *villagers(51, NEXT_VILLAGE, 60)], unit)
    registry.clock.move_to(date(2016, 6, 2))
    await filed(registry, 200)

    then = await read(registry, "/key-villages", as_of="2016-06-01")
    now = await read(registry, "/key-villages")
    first = await read(registry, "/key-villages", limit=1)
    second = await read(registry, "/key-villages", limit=1, cursor=first["next"])

    assert [(one["village_code"], one["households"]) for one in then["items"]] == [(NEXT_VILLAGE, 51)]
    assert [(one["village_code"], one["name"], one["households"]) for one in now["items"]] == [
        (VILLAGE, "一村", 51),
        (NEXT_VILLAGE, "二村", 51),
    ]
    assert (now["above_households"], now["key_villages"], now["villages"]) == (50, 2, 2)
    assert "50" in now["basis"]
    assert (now["households"], now["persons"], now["lineage"]["households"]) == (102, 103, 102)
    assert [*first["items"], *second["items"]] == now["items"]
    assert second["next"] is None
