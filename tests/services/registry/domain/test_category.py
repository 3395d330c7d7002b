"""A category from a day on: what else the file says of the days after it stays true."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chassis.ids import new_id
from contracts.values import DIBAO, GENERAL, VERIFIED, WITHDRAWN, WUBAO
from services.registry.domain.category import Copy, Period, Statement, assign, periods
from services.registry.domain.errors.register import (
    DateBeforeStanding,
    DateInFuture,
    HouseholdWithdrawn,
    NothingChanged,
)
from services.registry.domain.household import Household

FILED = date(2016, 1, 1)
TODAY = date(2016, 6, 1)
HOUSEHOLD = Household(
    id=new_id(),
    village_code="532930101201",
    file_number="F-1",
    status=VERIFIED,
    status_since=date(2016, 2, 1),
    category=GENERAL,
    persons=3,
    version=4,
    content_version=3,
    village_since=FILED,
    recorded_at=datetime(2016, 5, 1, tzinfo=UTC),
)


def stated(version: int, month: int, category: str = GENERAL) -> Statement:
    """Return a version that holds from the first of a month on."""
    return Statement(version=version, source=version, valid_from=date(2016, month, 1), category=category)


def copies_of(copies: list[Copy]) -> list[tuple[int, int, date, str]]:
    """Return what is added: source, version, day, category."""
    return [(copy.source, copy.version, copy.valid_from, copy.category) for copy in copies]


def test_a_category_from_today_on_repeats_the_file_as_it_is() -> None:
    after, copies = assign(HOUSEHOLD, [stated(1, 1), stated(3, 4)], DIBAO, on=TODAY, today=TODAY)

    assert copies_of(copies) == [(3, 5, TODAY, DIBAO)]
    assert (after.category, after.version, after.content_version) == (DIBAO, 5, 5)


def test_a_category_from_a_past_day_on_keeps_each_days_own_file() -> None:
    after, copies = assign(HOUSEHOLD, [stated(1, 1), stated(3, 4)], WUBAO, on=date(2016, 3, 1), today=TODAY)

    assert copies_of(copies) == [
        (1, 5, date(2016, 3, 1), WUBAO),
        (3, 6, date(2016, 4, 1), WUBAO),
    ]
    assert (after.version, after.content_version) == (6, 6)


def test_a_file_that_was_corrected_for_days_past_is_repeated_as_corrected() -> None:
    known = [stated(1, 1), stated(2, 5), stated(3, 2)]

    _, copies = assign(HOUSEHOLD, known, DIBAO, on=date(2016, 1, 15), today=TODAY)

    assert [(source, day) for source, _, day, _ in copies_of(copies)] == [
        (1, date(2016, 1, 15)),
        (3, date(2016, 2, 1)),
    ]


def test_a_category_that_holds_already_is_refused_and_one_that_held_later_is_not() -> None:
    known = [stated(1, 1), stated(3, 4, DIBAO)]

    with pytest.raises(NothingChanged):
        assign(HOUSEHOLD, known, DIBAO, on=date(2016, 4, 1), today=TODAY)
    _, copies = assign(HOUSEHOLD, known, DIBAO, on=date(2016, 3, 31), today=TODAY)

    assert len(copies) == 2


def test_no_category_is_dated_into_the_future_or_before_the_village() -> None:
    known = [stated(1, 1)]

    assign(HOUSEHOLD, known, DIBAO, on=FILED, today=TODAY)
    with pytest.raises(DateBeforeStanding) as before:
        assign(HOUSEHOLD, known, DIBAO, on=date(2015, 12, 31), today=TODAY)
    with pytest.raises(DateInFuture) as after:
        assign(HOUSEHOLD, known, DIBAO, on=date(2016, 6, 2), today=TODAY)

    assert (before.value.pointer, after.value.pointer) == ("/from", "/from")


def test_a_household_that_was_withdrawn_takes_no_category() -> None:
    with pytest.raises(HouseholdWithdrawn):
        assign(replace(HOUSEHOLD, status=WITHDRAWN), [stated(1, 1)], DIBAO, on=TODAY, today=TODAY)


def test_periods_end_where_another_value_begins() -> None:
    spoken = [
        (date(2016, 1, 1), GENERAL),
        (date(2016, 3, 1), GENERAL),
        (date(2016, 5, 1), WUBAO),
        (date(2016, 4, 1), DIBAO),
    ]

    found = periods(spoken, lambda category: category)

    assert found == [
        (Period(valid_from=date(2016, 1, 1), valid_to=date(2016, 4, 1)), GENERAL),
        (Period(valid_from=date(2016, 4, 1), valid_to=None), DIBAO),
    ]


def test_nothing_said_has_no_periods() -> None:
    assert periods([], lambda category: category) == []
