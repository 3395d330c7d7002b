"""A photo's claims, and what is held against them, live where their households live."""

from tests.kit import Harness
from tests.services.supervision.builders import OTHER_VILLAGE, Family, hear


async def test_a_photo_in_two_claims_follows_its_households_to_their_new_village(
    supervision: Harness,
) -> None:
    first = Family()
    second = Family(photo=first.photo)
    await hear(supervision, first.registered(), first.submitted(), second.registered(), second.submitted())

    places = []
    for family in (first, second):
        await hear(supervision, family.moved(OTHER_VILLAGE))
        (row,) = await supervision.sql("SELECT area_code FROM supervision.finding WHERE state = 'open'")
        places.append(row["area_code"])

    assert places == ["532930000000", OTHER_VILLAGE]
    opened = [fact for fact in await supervision.facts() if fact.type.endswith("finding-opened.v1")]
    assert len(opened) == 1


async def test_a_claim_heard_after_its_household_moved_shows_its_photo_where_that_lives(
    supervision: Harness,
) -> None:
    first = Family()
    second = Family(photo=first.photo)
    await hear(supervision, first.registered(), first.moved(OTHER_VILLAGE))
    await hear(supervision, second.registered(), second.moved(OTHER_VILLAGE))

    await hear(supervision, first.submitted(), second.submitted())

    (row,) = await supervision.sql("SELECT area_code FROM supervision.finding")
    assert row["area_code"] == OTHER_VILLAGE
