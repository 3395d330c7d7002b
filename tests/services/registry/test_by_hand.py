"""Until the first round a county keeps its register by hand; from then on the procedure alone decides."""

from typing import Any

import pytest

from contracts import roles
from services.registry.rules import shipped_packs
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    filed,
    get,
    household,
    identity,
    member,
    post,
    put,
    spouse,
)
from tests.services.registry.changes import child
from tests.services.registry.noticing import statuses_of, types_since
from tests.services.registry.rounds import opened
from tests.services.registry.sheet import drafts, household_draft, send

DIRECT: list[tuple[str, str, dict[str, Any]]] = [
    ("registrations", "candidate", {}),
    ("verifications", "registered", {}),
    ("exits", "registered", {"reason": "income-above-line"}),
]


@pytest.mark.parametrize(("command", "status", "body"), DIRECT)
@pytest.mark.parametrize("scope", [COUNTY, TOWNSHIP, VILLAGE])
async def test_a_direct_command_is_refused_where_a_round_covers_the_village(
    registry: Harness, command: str, status: str, body: dict[str, Any], scope: str
) -> None:
    household_id = await filed(registry, candidate=status == "candidate")
    await opened(registry, scope=scope)

    refused = await post(registry, f"/households/{household_id}/{command}", json=body)

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["rule"]) == (
        409,
        "procedure-required",
        "procedure-required",
    )
    assert problem["basis"] == shipped_packs()["national-2016"].document
    assert await statuses_of(registry) == {household_id: status}


@pytest.mark.parametrize(("command", "status", "body"), DIRECT)
async def test_a_round_elsewhere_leaves_the_register_by_hand(
    registry: Harness, command: str, status: str, body: dict[str, Any]
) -> None:
    household_id = await filed(registry, candidate=status == "candidate")
    await opened(registry, scope=OTHER_TOWNSHIP)

    assert (await post(registry, f"/households/{household_id}/{command}", json=body)).status_code == 200


async def test_a_closed_round_covers_still(registry: Harness) -> None:
    household_id = await filed(registry)
    await opened(registry)
    await registry.sql("UPDATE registry.round SET is_open = false, closed_at = now()")

    refused = await post(registry, f"/households/{household_id}/verifications", json={})

    assert refused.json()["code"] == "procedure-required"


async def test_a_bulk_verification_refuses_covered_villages_item_by_item(registry: Harness) -> None:
    covered, free = await filed(registry, 1), await filed(registry, 2, village_code=NEXT_VILLAGE)
    await opened(registry, scope=VILLAGE)
    items = [{"household_id": covered}, {"household_id": free}]

    answer = await post(registry, "/verifications/bulk", json={"items": items})

    assert [(one["outcome"], one["code"]) for one in answer.json()["results"]] == [
        ("refused", "procedure-required"),
        ("done", None),
    ]


@pytest.mark.parametrize(
    ("candidate", "covered", "status"),
    [
        (None, False, "registered"),
        (False, False, "registered"),
        (True, False, "candidate"),
        (None, True, "candidate"),
        (True, True, "candidate"),
    ],
)
async def test_a_household_is_filed_as_what_the_register_allows(
    registry: Harness, candidate: bool | None, covered: bool, status: str
) -> None:
    if covered:
        await opened(registry)
    known = len(await registry.facts())
    body = household() | ({} if candidate is None else {"candidate": candidate})

    answer = await post(registry, "/households", json=body)

    assert (answer.status_code, answer.json()["status"]) == (201, status), answer.text
    told = await types_since(registry, known)
    assert told == (["household-registered"] if status == "registered" else [])


async def test_filing_onto_the_register_past_the_procedure_is_refused(registry: Harness) -> None:
    await opened(registry)

    refused = await post(registry, "/households", json=household(candidate=False))

    assert (refused.status_code, refused.json()["code"]) == (409, "procedure-required")
    assert await statuses_of(registry) == {}


@pytest.mark.parametrize(
    ("standing", "covered", "status"),
    [
        (None, False, "registered"),
        ("registered", False, "registered"),
        ("candidate", False, "candidate"),
        (None, True, "candidate"),
        ("candidate", True, "candidate"),
    ],
)
async def test_a_workbook_enters_what_the_register_allows(
    registry: Harness, standing: str | None, covered: bool, status: str
) -> None:
    if covered:
        await opened(registry)
    known = len(await registry.facts())

    answer = await send(registry, drafts(2), standing=standing)

    assert answer.status_code == 201, answer.text
    assert set((await statuses_of(registry)).values()) == {status}
    told = await types_since(registry, known)
    assert told == (["household-registered"] * 2 if status == "registered" else [])


@pytest.mark.parametrize(
    ("standing", "scope"), [("registered", COUNTY), ("registered", VILLAGE), (None, VILLAGE)]
)
async def test_a_workbook_past_the_procedure_is_refused_whole(
    registry: Harness, standing: str | None, scope: str
) -> None:
    await opened(registry, scope=scope)
    both = [household_draft(1), household_draft(2, village_code=NEXT_VILLAGE)]

    refused = await send(registry, both, standing=standing)

    assert (refused.status_code, refused.json()["code"]) == (409, "procedure-required")
    assert await statuses_of(registry) == {}


async def test_an_import_of_candidates_is_undone_without_a_word(registry: Harness) -> None:
    imported = (await send(registry, drafts(2), standing="candidate")).json()

    undone = await post(registry, f"/imports/{imported['id']}/undo")

    assert undone.status_code == 201, undone.text
    assert set((await statuses_of(registry)).values()) == {"withdrawn"}
    assert await registry.facts() == []


async def test_an_import_whose_candidates_stand_in_a_round_is_not_undone(registry: Harness) -> None:
    imported = (await send(registry, drafts(1), standing="candidate")).json()
    await opened(registry, include_candidates=True, candidate_reason="missed-before")

    refused = await post(registry, f"/imports/{imported['id']}/undo")

    assert (refused.status_code, refused.json()["code"]) == (409, "import-overtaken")


async def test_pre_exit_counts_as_on_the_register_and_left_states_do_not(registry: Harness) -> None:
    states = (
        "candidate",
        "evaluated",
        "noticed",
        "registered",
        "verified",
        "pre-exit",
        "returned",
        "exited",
        "closed",
    )
    for number, status in enumerate(states, start=1):
        household_id = await filed(registry, number)
        await registry.sql(
            "UPDATE registry.household_standing SET status = $2 WHERE household_id = $1::uuid",
            household_id,
            status,
        )

    counted = (await get(registry, "/statistics", roles=[roles.OFFICER])).json()

    assert (counted["households"], counted["persons"]) == (4, 8)
    assert counted["by_status"] == dict.fromkeys(sorted(states), 1)


OTHERS: list[tuple[dict[str, Any], str]] = [
    ({"members": [member(80), spouse(81)]}, "/members"),
    ({"members": [member(2)]}, "/members"),
    ({"members": [member(2), spouse(3), child()]}, "/members"),
    ({"members": [member(2), spouse(3, identity_number=identity(81, female=True))]}, "/members"),
    ({"members": [member(2, relation="10"), spouse(3, relation="02")]}, "/members"),
    ({"village_code": NEXT_VILLAGE}, "/village_code"),
]


@pytest.mark.parametrize("candidate", [True, False])
@pytest.mark.parametrize(("change", "pointer"), OTHERS)
async def test_nobody_alone_changes_who_is_in_a_household_or_where_it_lives(
    registry: Harness, change: dict[str, Any], pointer: str, candidate: bool
) -> None:
    household_id = await filed(registry, candidate=candidate)
    await opened(registry, scope=VILLAGE)

    refused = await put(registry, household_id, 1, json=household(**change))

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["rule"]) == (
        409,
        "procedure-required",
        "procedure-required",
    )
    assert problem["basis"] == shipped_packs()["national-2016"].document
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
        (pointer, "change-request-required")
    ]
    assert "/change-requests" in problem["errors"][0]["message"]
    assert (await get(registry, f"/households/{household_id}")).json()["version"] == 1


async def test_what_else_a_file_says_is_still_corrected_by_one(registry: Harness) -> None:
    household_id = await filed(registry)
    await opened(registry)
    known = (await get(registry, f"/households/{household_id}")).json()["members"]
    # Named by id, number or both, in another order: the same people.
    people = [
        spouse(3, id=known[1]["id"], name="欧阳一", health="02"),
        member(2, identity_number=None, id=known[0]["id"], labour="02"),
    ]

    answer = await put(registry, household_id, 1, json=household(members=people, attribute="02"))

    assert answer.status_code == 200, answer.text
    after = (await get(registry, f"/households/{household_id}")).json()["members"]
    assert [one["id"] for one in after] == [known[1]["id"], known[0]["id"]]
    assert [one["health"] for one in after] == ["02", "01"]


async def test_a_round_elsewhere_leaves_people_and_village_by_hand(registry: Harness) -> None:
    household_id = await filed(registry)
    await opened(registry, scope=OTHER_TOWNSHIP)

    swapped = await put(registry, household_id, 1, json=household(members=[member(80)]))
    moved = await put(
        registry, household_id, 2, json=household(members=[member(80)], village_code=NEXT_VILLAGE)
    )

    assert (swapped.status_code, moved.status_code) == (200, 200)


async def test_nobody_is_registered_by_hand_next_door_and_brought_back(registry: Harness) -> None:
    candidate = await filed(registry, 1, candidate=True)
    registered = await filed(registry, 2, village_code=NEXT_VILLAGE)
    await opened(registry, scope=VILLAGE)

    out = await put(registry, candidate, 1, json=household(1, village_code=NEXT_VILLAGE))
    back = await put(registry, registered, 1, json=household(2, village_code=VILLAGE))

    for refused in (out, back):
        assert (refused.status_code, refused.json()["code"]) == (409, "procedure-required")
    assert await statuses_of(registry) == {candidate: "candidate", registered: "registered"}
