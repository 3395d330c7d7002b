"""Editions of programmes: one in force a day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidy.domain.errors import (
    ProgrammeAlreadyApplied,
    ProgrammeEditionsOverlap,
    ProgrammeNotInForce,
    ProgrammePeriodReversed,
)
from services.subsidy.domain.programme import (
    Programme,
    edition_in_force,
    ended_by_the_next,
    is_within_period,
    publish,
)

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

    both = [one, other]
    try:
        fact = publish(other, [one])
    except ProgrammeEditionsOverlap:
        earlier, later = sorted(both, key=lambda each: each.effective_from)
        assert is_within_period(earlier, later.effective_from)
        assert earlier.effective_from == later.effective_from or earlier.effective_to is not None
    else:
        held = [each for each in both if is_within_period(ended_by_the_next(each, both), on)]
        assert len(held) <= 1
        for each in held:
            assert edition_in_force(both, on) is each
        assert fact.programme_id == other.id


def test_a_later_edition_ends_an_open_one_the_day_before() -> None:
    old, new = edition(date(2016, 1, 1), None), edition(date(2017, 1, 1), None)

    publish(new, [old])

    for editions in ([old, new], [new, old]):
        assert edition_in_force(editions, date(2016, 12, 31)) is old
        assert edition_in_force(editions, date(2017, 1, 1)) is new
    assert ended_by_the_next(old, [old, new]).effective_to == date(2016, 12, 31)
    assert ended_by_the_next(new, [old, new]) is new


def test_an_open_edition_does_not_come_back_after_a_closed_one() -> None:
    old, year = edition(date(2016, 1, 1), None), edition(date(2017, 1, 1), date(2017, 12, 31))

    publish(year, [old])

    assert edition_in_force([old, year], date(2017, 12, 31)) is year
    with pytest.raises(ProgrammeNotInForce):
        edition_in_force([old, year], date(2018, 1, 1))


def test_two_editions_may_not_begin_on_one_day() -> None:
    with pytest.raises(ProgrammeEditionsOverlap):
        publish(edition(date(2016, 1, 1), None), [edition(date(2016, 1, 1), None)])


def test_no_edition_begins_where_claims_were_filed_under_another() -> None:
    old, new = edition(date(2016, 1, 1), None), edition(date(2016, 6, 1), None)

    with pytest.raises(ProgrammeAlreadyApplied, match="2016-06-03"):
        publish(new, [old], applied_on=date(2016, 6, 3))


def test_an_edition_cannot_end_before_it_begins() -> None:
    with pytest.raises(ProgrammePeriodReversed):
        publish(edition(date(2016, 1, 2), date(2016, 1, 1)), [])
