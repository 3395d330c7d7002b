"""Editions of programmes: one in force a day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidy.domain.errors import (
    ProgrammeEditionsOverlap,
    ProgrammeNotInForce,
    ProgrammePeriodReversed,
)
from services.subsidy.domain.programme import Programme, edition_in_force, is_within_period, publish

days = st.dates(min_value=date(2014, 1, 1), max_value=date(2018, 12, 31))


def edition(first: date, last: date | None) -> Programme:
    """Return an edition in force from first to last."""
    return Programme(
        id=uuid4(),
        code="industry-planting",
        kind="industry",
        unit="mu",
        rate_fen=60_000,
        cap_fen=None,
        floor_fen=300_000,
        effective_from=first,
        effective_to=last,
        basis_document="sample document 1",
    )


@pytest.mark.parametrize(
    ("on", "within"),
    [
        (date(2015, 12, 31), False),
        (date(2016, 1, 1), True),
        (date(2016, 12, 31), True),
        (date(2017, 1, 1), False),
    ],
)
def test_an_edition_is_in_force_from_its_first_to_its_last_day(on: date, within: bool) -> None:
    assert is_within_period(edition(date(2016, 1, 1), date(2016, 12, 31)), on) is within


def test_an_edition_without_a_last_day_stays_in_force() -> None:
    assert is_within_period(edition(date(2016, 1, 1), None), date(2036, 1, 1))


def test_the_edition_in_force_on_the_day_is_found() -> None:
    old, new = edition(date(2015, 1, 1), date(2015, 12, 31)), edition(date(2016, 1, 1), None)

    assert edition_in_force([old, new], date(2015, 12, 31)) is old
    assert edition_in_force([old, new], date(2016, 1, 1)) is new
    with pytest.raises(ProgrammeNotInForce):
        edition_in_force([old, new], date(2014, 12, 31))


@given(
    first=st.tuples(days, st.none() | st.integers(0, 400)),
    second=st.tuples(days, st.none() | st.integers(0, 400)),
    on=days,
)
def test_editions_of_a_code_may_not_overlap(
    first: tuple[date, int | None], second: tuple[date, int | None], on: date
) -> None:
    one, other = (
        edition(begin, None if length is None else begin + timedelta(days=length))
        for begin, length in (first, second)
    )

    try:
        fact = publish(other, [one])
    except ProgrammeEditionsOverlap:
        meeting = max(one.effective_from, other.effective_from)
        assert is_within_period(one, meeting)
        assert is_within_period(other, meeting)
    else:
        assert not (is_within_period(one, on) and is_within_period(other, on))
        assert fact.programme_id == other.id


def test_an_edition_cannot_end_before_it_begins() -> None:
    with pytest.raises(ProgrammePeriodReversed):
        publish(edition(date(2016, 1, 2), date(2016, 1, 1)), [])
