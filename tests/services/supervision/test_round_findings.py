"""Rounds whose numbers do not close, at once or as known later, and notices that came down too early."""

import pytest

from chassis.events import Fact
from services.supervision.domain.sheet import NAMED_AT_MOST
from tests.kit import Harness
from tests.services.supervision.builders import (
    OTHER_VILLAGE,
    VILLAGE,
    Family,
    day,
    envelopes,
    findings,
    hear,
    hear_envelopes,
)
from tests.services.supervision.rounds import OTHER_TOWNSHIP, Notice, Round

CLOSING_DAY = day(3, 31)


async def observed(harness: Harness) -> list[str]:
    """Return what the open findings observed."""
    rows = await harness.sql("SELECT observed FROM supervision.finding WHERE state = 'open' ORDER BY 1")
    return [row["observed"] for row in rows]


async def test_a_round_that_adds_up_is_left_alone(supervision: Harness) -> None:
    await hear(supervision, Round().closed())

    assert await findings(supervision) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closing_households": 10}, "10 households, 38 persons; added up 9 households, 38 persons"),
        ({"closing_persons": 37}, "9 households, 37 persons; added up 9 households, 38 persons"),
        ({"changed_persons": 0}, "9 households, 38 persons; added up 9 households, 37 persons"),
        ({"removed_households": 4}, "9 households, 38 persons; added up 8 households, 38 persons"),
    ],
)
async def test_a_round_that_does_not_add_up_is_found(
    supervision: Harness, changes: dict[str, int], said: str
) -> None:
    round_ = Round()

    await hear(supervision, round_.closed(CLOSING_DAY, **changes))

    assert await findings(supervision) == [("round-does-not-close", f"round/{round_.id}")]
    assert await observed(supervision) == [f"closed with {said}"]


async def test_a_round_stated_anew_so_that_it_adds_up_closes_its_finding(supervision: Harness) -> None:
    round_ = Round()
    await hear(supervision, round_.closed(closing_persons=39))

    await hear(supervision, round_.restated())

    assert await findings(supervision) == []
    assert await findings(supervision, "closed") == [("round-does-not-close", f"round/{round_.id}")]


async def test_a_round_stated_anew_so_that_it_no_longer_adds_up_is_found(supervision: Harness) -> None:
    round_ = Round()
    await hear(supervision, round_.closed())

    await hear(supervision, round_.restated(closing_persons=40))

    assert await findings(supervision) == [("round-does-not-close", f"round/{round_.id}")]


def late_facts() -> list[tuple[str, Fact, str]]:
    """Return what may become known of one household after its round was closed, and the numbers that follow."""
    family = Family()
    return [
        ("a birth", family.moved(VILLAGE, CLOSING_DAY, persons=5), "9 households, 39 persons"),
        ("a move out of the area", family.moved("532931101201", CLOSING_DAY), "8 households, 34 persons"),
        ("an exit", family.exited(CLOSING_DAY), "8 households, 34 persons"),
        ("a closing", family.closed(CLOSING_DAY), "8 households, 34 persons"),
        ("an undone entry", family.withdrawn(day(4, 20)), "8 households, 34 persons"),
    ]


@pytest.mark.parametrize("number", range(5))
async def test_what_becomes_known_after_the_closing_of_a_day_inside_the_round_is_found(
    supervision: Harness, number: int
) -> None:
    round_ = Round()
    _, late, said = late_facts()[number]
    family = Family(id=late.household_id)  # type: ignore[attr-defined]
    await hear(supervision, family.registered(), round_.closed())
    assert await findings(supervision) == []

    (told,) = await hear(supervision, late)

    assert await findings(supervision) == [("round-does-not-close", f"round/{round_.id}")]
    assert await observed(supervision) == [f"closed with 9 households, 38 persons; as now known {said}"]
    (row,) = await supervision.sql("SELECT evidence, households, area_code FROM supervision.finding")
    assert row["evidence"][-1] == told.id
    assert row["households"] == [family.id]
    assert row["area_code"] == "532930000000"


async def test_a_registration_known_only_later_is_found(supervision: Harness) -> None:
    round_, family = Round(), Family()

    await hear(supervision, round_.closed(), family.registered(CLOSING_DAY))

    assert await observed(supervision) == [
        "closed with 9 households, 38 persons; as now known 10 households, 42 persons"
    ]


@pytest.mark.parametrize("number", range(4))
async def test_what_happens_after_the_closing_day_is_not_late(supervision: Harness, number: int) -> None:
    round_, family = Round(), Family()
    after = day(4, 1)
    facts = [
        family.moved(VILLAGE, after, persons=5),
        family.exited(after),
        family.closed(after),
        family.moved("532931101201", after),
    ]
    await hear(supervision, family.registered(), round_.closed())

    await hear(supervision, facts[number], Family().registered(after))

    assert await findings(supervision) == []


async def test_a_household_of_another_area_does_not_concern_a_round(supervision: Harness) -> None:
    family = Family(village=VILLAGE)
    await hear(supervision, family.registered(), Round(area=OTHER_TOWNSHIP).closed())

    await hear(supervision, family.exited(CLOSING_DAY))

    assert await findings(supervision) == []


async def test_a_move_inside_the_area_changes_no_number(supervision: Harness) -> None:
    family = Family()
    await hear(supervision, family.registered(), Round().closed())

    await hear(supervision, family.moved(OTHER_VILLAGE, CLOSING_DAY))

    assert await findings(supervision) == []


async def test_it_counts_when_a_fact_was_recorded_not_when_it_was_heard(supervision: Harness) -> None:
    round_, family = Round(), Family()
    told_before = [family.registered(), family.moved(VILLAGE, day(3, 15), persons=5)]
    *before, closed, late = envelopes(
        supervision, [*told_before, round_.closed(), family.exited(CLOSING_DAY)]
    )

    await hear_envelopes(supervision, [closed])
    await hear_envelopes(supervision, before)
    assert await findings(supervision) == []
    await hear_envelopes(supervision, [late])

    assert await observed(supervision) == [
        "closed with 9 households, 38 persons; as now known 8 households, 33 persons"
    ]


async def test_a_late_fact_heard_before_the_closing_it_follows_is_found_with_the_closing(
    supervision: Harness,
) -> None:
    round_, family = Round(), Family()
    registered, closed, late = envelopes(
        supervision, [family.registered(), round_.closed(), family.exited(CLOSING_DAY)]
    )

    await hear_envelopes(supervision, [registered, late])
    assert await findings(supervision) == []
    await hear_envelopes(supervision, [closed])

    assert await findings(supervision) == [("round-does-not-close", f"round/{round_.id}")]


async def test_a_restatement_recorded_after_the_late_fact_closes_it(supervision: Harness) -> None:
    round_, family = Round(), Family()
    await hear(supervision, family.registered(), round_.closed(), family.exited(CLOSING_DAY))

    await hear(
        supervision,
        round_.restated(removed_households=4, removed_persons=15, closing_households=8, closing_persons=34),
    )

    assert await findings(supervision) == []


async def test_what_becomes_known_after_the_restatement_is_found_again(supervision: Harness) -> None:
    round_, first, second = Round(), Family(), Family()
    await hear(supervision, first.registered(), second.registered(), round_.closed())
    await hear(supervision, first.exited(CLOSING_DAY))
    await hear(
        supervision,
        round_.restated(removed_households=4, removed_persons=15, closing_households=8, closing_persons=34),
    )

    await hear(supervision, second.exited(CLOSING_DAY))

    assert await observed(supervision) == [
        "closed with 8 households, 34 persons; as now known 7 households, 30 persons"
    ]


async def test_a_late_fact_taken_back_closes_it(supervision: Harness) -> None:
    round_, family = Round(), Family()
    await hear(supervision, family.registered(), round_.closed(), family.exited(CLOSING_DAY))

    await hear(supervision, family.returned(CLOSING_DAY))

    assert await findings(supervision) == []


async def test_too_many_late_households_are_counted_but_not_named(supervision: Harness) -> None:
    families = [Family() for _ in range(NAMED_AT_MOST + 1)]
    await hear(supervision, *(family.registered() for family in families), Round().closed())

    await hear(supervision, *(family.moved(VILLAGE, CLOSING_DAY, persons=5) for family in families))

    assert await observed(supervision) == [
        "closed with 9 households, 38 persons; as now known 9 households, 139 persons"
    ]
    (row,) = await supervision.sql("SELECT households, evidence FROM supervision.finding")
    assert (len(row["households"]), len(row["evidence"])) == (0, 1)


async def test_a_notice_that_hung_its_days_is_left_alone(supervision: Harness) -> None:
    notice = Notice()

    await hear(supervision, notice.posted(), notice.closed(day(3, 8)))

    assert await findings(supervision) == []


async def test_a_notice_closed_a_day_early_is_found(supervision: Harness) -> None:
    notice = Notice()

    await hear(supervision, notice.posted(), notice.closed(day(3, 7)))

    assert await findings(supervision) == [("notice-cut-short", f"notice/{notice.id}")]
    assert await observed(supervision) == ["posted on 2016-03-01, down on 2016-03-07, after 6 days"]
    (row,) = await supervision.sql("SELECT area_code, expected, explanation FROM supervision.finding")
    assert row["area_code"] == VILLAGE
    assert row["expected"] == "hangs 7 days, until 2016-03-08"


async def test_a_notice_reported_taken_down_early_is_found_even_when_it_was_closed_in_time(
    supervision: Harness,
) -> None:
    notice = Notice()
    await hear(supervision, notice.posted(), notice.closed(day(3, 8)))

    await hear(supervision, notice.cut_short(day(3, 4)))

    assert await observed(supervision) == ["posted on 2016-03-01, down on 2016-03-04, after 3 days"]


async def test_a_notice_whose_closing_was_undone_is_judged_by_its_next_closing(supervision: Harness) -> None:
    notice = Notice()
    await hear(supervision, notice.posted(), notice.closed(day(3, 4)))
    assert await findings(supervision) == [("notice-cut-short", f"notice/{notice.id}")]

    await hear(supervision, notice.reopened(day(3, 5)))

    assert await findings(supervision) == []
    await hear(supervision, notice.closed(day(3, 8)))
    assert await findings(supervision) == []


async def test_a_voided_notice_counts_for_nothing(supervision: Harness) -> None:
    notice = Notice()
    await hear(supervision, notice.posted(), notice.cut_short(day(3, 4)))

    await hear(supervision, notice.voided(day(3, 5)))

    assert await findings(supervision) == []
    assert await findings(supervision, "closed") == [("notice-cut-short", f"notice/{notice.id}")]
