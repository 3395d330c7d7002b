"""Moves, splits, merges, changes of head and corrections: counted right where and as what a household is on each day."""

from typing import Any

import pytest

from tests.kit import Harness
from tests.services.registry.builders import (
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    get,
    member,
    post,
    spouse,
)
from tests.services.registry.changes import (
    AMOUNTS,
    OFFICER,
    aged,
    changed,
    counts,
    ids,
    people,
    review,
    submit,
    told,
    undo,
)

FOUNDED = AMOUNTS | {"file_number": "F-90001"}


async def test_a_move_counts_where_the_household_is_on_each_day(registry: Harness) -> None:
    household_id = await aged(registry)
    request_id = await changed(
        registry,
        "move",
        household_id,
        OFFICER,
        village_code=OTHER_VILLAGE,
        address="新村一组",
        effective_on="2016-04-01",
    )

    moved = [
        await counts(registry, day, area)
        for area in (TOWNSHIP, OTHER_TOWNSHIP)
        for day in ("2016-03-31", "2016-04-01")
    ]
    await undo(registry, request_id, **OFFICER)
    back = [
        await counts(registry, day, area)
        for area in (TOWNSHIP, OTHER_TOWNSHIP)
        for day in ("2016-03-31", "2016-04-01")
    ]

    assert moved == [(1, 2), (0, 0), (0, 0), (1, 2)]
    assert back == [(1, 2), (1, 2), (0, 0), (0, 0)]
    assert (await get(registry, f"/households/{household_id}")).json()["village_code"] == VILLAGE


async def test_a_move_to_no_village_is_refused(registry: Harness) -> None:
    refused = await submit(registry, "move", await aged(registry), village_code="532930101299")

    assert (refused.status_code, refused.json()["code"]) == (422, "village-unknown")


async def test_a_household_that_splits_off_stands_where_its_origin_stands(registry: Harness) -> None:
    household_id = await aged(registry, members=[member(2), spouse(3), member(4, relation="20")])
    await post(registry, f"/households/{household_id}/verifications", json={"on": "2016-02-01"})
    son = (await ids(registry, household_id))[2]

    request_id = await changed(
        registry,
        "split",
        household_id,
        founded=FOUNDED,
        members=[{"person_id": son, "relation": "02"}],
        remaining=AMOUNTS | {"wage_income": "20.00"},
        effective_on="2016-04-01",
    )

    listed = (await get(registry, "/households?file_number=F-90001")).json()["items"]
    (founded,) = listed
    assert (founded["status"], founded["status_since"], founded["persons"]) == ("verified", "2016-04-01", 1)
    assert await ids(registry, founded["id"]) == [son]
    assert (await get(registry, f"/households/{household_id}")).json()["wage_income"] == "20.00"
    assert [await counts(registry, day) for day in ("2016-03-31", "2016-04-01")] == [(1, 3), (2, 3)]
    assert told((await registry.facts())[2:]) == [
        ("household-changed", 3),
        ("household-registered", 1),
        ("household-verified", 2),
    ]
    assert b'"basis"' not in bytes((await registry.facts())[3].data)
    undone = await undo(registry, request_id)
    assert undone.status_code == 200, undone.text
    assert await counts(registry, "2016-04-01") == (1, 3)
    assert son in await ids(registry, household_id)
    assert told((await registry.facts())[5:]) == [("household-changed", 4), ("household-withdrawn", 3)]


async def test_a_candidate_splits_into_candidates_unheard(registry: Harness) -> None:
    household_id = await aged(registry, candidate=True)
    wife = (await ids(registry, household_id))[1]

    await changed(
        registry,
        "split",
        household_id,
        founded=FOUNDED,
        members=[{"person_id": wife, "relation": "02"}],
    )

    assert await registry.facts() == []
    assert len((await get(registry, "/households?status=candidate")).json()["items"]) == 2


async def test_a_household_does_not_split_off_whole_nor_after_its_exit(registry: Harness) -> None:
    household_id = await aged(registry)
    head, wife = await ids(registry, household_id)
    members = [{"person_id": head, "relation": "02"}, {"person_id": wife, "relation": "10"}]

    whole = await submit(registry, "split", household_id, founded=FOUNDED, members=members)
    await post(registry, f"/households/{household_id}/exits", json={"reason": "income-above-line"})
    exited = await submit(
        registry,
        "split",
        household_id,
        founded=FOUNDED,
        members=[{"person_id": wife, "relation": "02"}],
    )

    assert (whole.status_code, whole.json()["code"]) == (422, "nobody-remains")
    assert (exited.status_code, exited.json()["code"]) == (409, "split-not-allowed")


async def test_a_split_is_not_dated_before_the_present_state(registry: Harness) -> None:
    household_id = await aged(registry)
    await post(registry, f"/households/{household_id}/verifications", json={"on": "2016-05-01"})
    wife = (await ids(registry, household_id))[1]
    members = [{"person_id": wife, "relation": "02"}]

    refused = [
        await submit(registry, "split", household_id, founded=FOUNDED, members=members, effective_on=day)
        for day in ("2016-04-30", "2016-05-01")
    ]

    assert [each.status_code for each in refused] == [422, 201]
    assert refused[0].json()["code"] == "date-before-standing"


async def test_a_merged_household_is_closed_and_its_people_pass_over(registry: Harness) -> None:
    kept, joined = await aged(registry, 1), await aged(registry, 2)
    passing = await ids(registry, joined)
    relations = [{"person_id": each, "relation": "97"} for each in passing]

    request_id = await changed(
        registry,
        "merge",
        kept,
        joined_id=joined,
        members=relations,
        figures=AMOUNTS,
        effective_on="2016-04-01",
    )

    assert (await ids(registry, kept))[2:] == passing
    assert (await get(registry, f"/households/{joined}")).json()["status"] == "closed"
    assert [await counts(registry, day) for day in ("2016-03-31", "2016-04-01")] == [(2, 4), (1, 4)]
    assert told((await registry.facts())[2:]) == [("household-changed", 2), ("household-closed", 2)]
    assert b'"reason":"merged"' in bytes((await registry.facts())[3].data)
    await undo(registry, request_id)
    assert await ids(registry, joined) == passing
    assert len(await ids(registry, kept)) == 2
    assert await counts(registry, "2016-04-01") == (2, 4)


async def test_a_merge_names_everybody_who_passes_over(registry: Harness) -> None:
    kept, joined = await aged(registry, 1), await aged(registry, 2)
    head = (await ids(registry, joined))[0]

    refused = await submit(
        registry, "merge", kept, joined_id=joined, members=[{"person_id": head, "relation": "97"}]
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "person-not-in-household")


async def test_a_merge_across_townships_is_for_the_county(registry: Harness) -> None:
    kept, joined = await aged(registry, 1), await aged(registry, 2, village_code=OTHER_VILLAGE)
    relations = [{"person_id": each, "relation": "97"} for each in await ids(registry, joined)]
    body: dict[str, Any] = {"joined_id": joined, "members": relations}

    clerk = await submit(registry, "merge", kept, **body)
    asked = await submit(registry, "merge", kept, OFFICER, **body)
    agreed = await review(registry, asked.json()["id"], **(OFFICER | {"actor": "officer-2"}))

    assert (clerk.status_code, asked.status_code, agreed.status_code) == (404, 201, 200), agreed.text
    assert await counts(registry, "2016-06-01", OTHER_TOWNSHIP) == (0, 0)
    assert await counts(registry, "2016-06-01", TOWNSHIP) == (1, 4)


async def test_another_person_becomes_head(registry: Harness) -> None:
    household_id = await aged(registry)
    head, wife = await ids(registry, household_id)

    two = await submit(
        registry, "head-change", household_id, relations=[{"person_id": wife, "relation": "02"}]
    )
    await changed(
        registry,
        "head-change",
        household_id,
        relations=[{"person_id": wife, "relation": "02"}, {"person_id": head, "relation": "10"}],
    )

    assert two.json()["errors"][0]["code"] == "head-duplicate"
    assert [each["relation"] for each in await people(registry, household_id)] == ["10", "02"]
    assert len(await registry.facts()) == 1


@pytest.mark.parametrize("same", [True, False])
async def test_a_correction_states_the_file_anew_in_the_same_village(registry: Harness, same: bool) -> None:
    household_id = await aged(registry)
    shown = await people(registry, household_id)
    stated = [
        {name: each[name] for name in each if name != "identity_number"} | {"health": "02"} for each in shown
    ]
    body: dict[str, Any] = AMOUNTS | {
        "file_number": "F-00001",
        "village_code": VILLAGE if same else NEXT_VILLAGE,
        "attribute": "02",
        "standard": "1",
        "cause": "01",
        "members": stated,
    }

    answer = await submit(registry, "correction", household_id, **body)

    if not same:
        assert answer.json()["errors"][0]["code"] == "village-by-move"
        return
    await review(registry, answer.json()["id"])
    after = (await get(registry, f"/households/{household_id}")).json()
    assert (after["category"], after["wage_income"]) == ("dibao", "10.00")
    assert [(each["id"], each["health"]) for each in after["members"]] == [
        (each["id"], "02") for each in shown
    ]
