"""Births, deaths, marriages, moves, splits and merges: nobody is lost, nobody is in two households, every day stays true."""

from contracts.events import registry as facts
from tests.kit import Harness
from tests.services.registry.builders import (
    NEXT_VILLAGE,
    get,
    member,
    post,
)
from tests.services.registry.changes import (
    AMOUNTS,
    aged,
    changed,
    counts,
    ids,
    people,
    review,
    submit,
    submitted,
    told,
    undo,
)

FOUNDED = AMOUNTS | {"file_number": "F-90001"}


async def test_a_birth_counts_from_its_day_on(registry: Harness) -> None:
    household_id = await aged(registry)
    child = member(900, relation="20")

    await changed(registry, "birth", household_id, child=child, effective_on="2016-03-01")

    assert await counts(registry, "2016-02-29") == (1, 2)
    assert await counts(registry, "2016-03-01") == (1, 3)


async def test_a_child_is_not_filed_before_its_birth(registry: Harness) -> None:
    household_id = await aged(registry)
    # Born on 1 January 1951, as the builders count.
    early = await submit(
        registry, "birth", household_id, child=member(500, relation="20"), effective_on="1950-12-31"
    )

    assert (early.status_code, early.json()["code"]) == (422, "born-after")


async def test_what_is_reported_late_keeps_what_was_reported_meanwhile(registry: Harness) -> None:
    household_id = await aged(registry)
    wife = (await ids(registry, household_id))[1]
    await changed(registry, "death", household_id, person_id=wife, effective_on="2016-05-01")

    await changed(
        registry, "birth", household_id, child=member(900, relation="20"), effective_on="2016-03-01"
    )

    assert [await counts(registry, day) for day in ("2016-02-01", "2016-04-01", "2016-05-01")] == [
        (1, 2),
        (1, 3),
        (1, 2),
    ]


async def test_a_head_who_dies_is_followed_by_another(registry: Harness) -> None:
    household_id = await aged(registry)
    head, wife = await ids(registry, household_id)

    headless = await submit(registry, "death", household_id, person_id=head)
    await changed(
        registry,
        "death",
        household_id,
        person_id=head,
        relations=[{"person_id": wife, "relation": "02"}],
    )

    assert headless.json()["errors"][0]["code"] == "head-missing"
    assert [(each["id"], each["relation"]) for each in await people(registry, household_id)] == [(wife, "02")]


async def test_a_household_whose_last_member_dies_is_closed(registry: Harness) -> None:
    household_id = await aged(registry, members=[member(2)])
    (head,) = await ids(registry, household_id)

    await changed(registry, "death", household_id, person_id=head, effective_on="2016-05-01")

    shown = (await get(registry, f"/households/{household_id}")).json()
    assert (shown["status"], shown["status_since"]) == ("closed", "2016-05-01")
    assert await counts(registry, "2016-04-30") == (1, 1)
    assert await counts(registry, "2016-05-01") == (0, 0)
    (fact,) = (await registry.facts())[1:]
    closed = facts.HouseholdClosed
    assert fact.type == closed.event_type
    assert b'"reason":"deceased","was_on_register":true,"persons":1' in bytes(fact.data)
    again = await submit(registry, "birth", household_id, child=member(900, relation="20"))
    assert again.json()["code"] == "household-closed"


async def test_an_undone_death_opens_the_household_again(registry: Harness) -> None:
    household_id = await aged(registry, members=[member(2)])
    await post(registry, f"/households/{household_id}/verifications", json={"on": "2016-02-01"})
    (head,) = await ids(registry, household_id)
    request_id = await changed(registry, "death", household_id, person_id=head, effective_on="2016-05-01")

    undone = await undo(registry, request_id)

    assert undone.status_code == 200, undone.text
    shown = (await get(registry, f"/households/{household_id}")).json()
    assert (shown["status"], shown["status_since"]) == ("verified", "2016-02-01")
    assert await counts(registry, "2016-05-15") == (1, 1)
    assert told((await registry.facts())[2:]) == [
        ("household-closed", 3),
        ("household-returned", 5),
        ("household-verified", 6),
    ]
    # The person is on file again: nobody else may be filed with the number.
    birth = await submitted(registry, "birth", await aged(registry, 5), child=member(2, relation="20"))
    assert (await review(registry, birth)).json()["code"] == "identity-registered"


async def test_somebody_marries_in_from_outside_the_register(registry: Harness) -> None:
    household_id = await aged(registry)

    await changed(registry, "marriage-in", household_id, spouse=member(901, relation="28"))

    assert [each["relation"] for each in await people(registry, household_id)] == ["02", "10", "28"]


async def test_who_marries_into_another_household_keeps_the_id(registry: Harness) -> None:
    origin, other = await aged(registry, 1), await aged(registry, 2, village_code=NEXT_VILLAGE)
    wife = (await ids(registry, origin))[1]

    await changed(
        registry,
        "marriage-out",
        origin,
        person_id=wife,
        into={"household_id": other, "relation": "38"},
        effective_on="2016-04-01",
    )

    assert wife not in await ids(registry, origin)
    assert (await ids(registry, other))[-1] == wife
    assert wife in await ids(registry, origin, as_of="2016-03-31")
    assert [await counts(registry, day) for day in ("2016-03-31", "2016-04-01")] == [(2, 4), (2, 4)]
    assert told((await registry.facts())[2:]) == [("household-changed", 2)] * 2
    rows = await registry.sql("SELECT household_id FROM registry.person WHERE id = $1", wife)
    assert [str(row[0]) for row in rows] == [other]


async def test_who_marries_out_of_the_register_is_gone(registry: Harness) -> None:
    household_id = await aged(registry)
    wife = (await ids(registry, household_id))[1]

    request_id = await changed(registry, "marriage-out", household_id, person_id=wife)
    gone = await registry.sql("SELECT 1 FROM registry.person WHERE id = $1", wife)
    await undo(registry, request_id)

    assert gone == []
    assert wife in await ids(registry, household_id)
    assert len(await registry.sql("SELECT 1 FROM registry.person WHERE id = $1", wife)) == 1


async def test_a_marriage_into_ones_own_household_is_refused(registry: Harness) -> None:
    household_id = await aged(registry)
    wife = (await ids(registry, household_id))[1]

    refused = await submit(
        registry,
        "marriage-out",
        household_id,
        person_id=wife,
        into={"household_id": household_id, "relation": "38"},
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "same-household")


async def test_a_change_that_changes_nothing_is_refused(registry: Harness) -> None:
    household_id = await aged(registry)
    head = (await ids(registry, household_id))[0]

    refused = await submit(
        registry, "head-change", household_id, relations=[{"person_id": head, "relation": "02"}]
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-changed")


async def test_nobody_leaves_a_household_before_coming_into_it(registry: Harness) -> None:
    household_id = await aged(registry)
    await changed(
        registry, "birth", household_id, child=member(900, relation="20"), effective_on="2016-04-01"
    )
    child = (await ids(registry, household_id))[2]

    refused = [
        await submit(registry, "death", household_id, person_id=child, effective_on=day)
        for day in ("2016-03-31", "2016-04-01")
    ]

    assert [each.status_code for each in refused] == [422, 201]
    assert refused[0].json()["code"] == "date-before-membership"
