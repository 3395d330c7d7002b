"""How long a look at a household stays fresh."""

from datetime import date

import pytest

from services.registry.domain.freshness import add_months, is_fresh
from services.registry.rules import shipped_packs

PACK = shipped_packs()["national-2014"]


@pytest.mark.parametrize(
    ("on", "fresh"), [(date(2016, 5, 31), True), (date(2016, 6, 1), True), (date(2016, 6, 2), False)]
)
def test_a_record_is_fresh_to_the_day_a_year_later(on: date, *, fresh: bool) -> None:
    assert is_fresh(date(2015, 6, 1), PACK, on=on) is fresh


def test_a_household_that_nobody_saw_is_not_fresh() -> None:
    assert not is_fresh(None, PACK, on=date(2016, 6, 1))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2015, 1, 31), 1, date(2015, 2, 28)),
        (date(2015, 12, 1), 1, date(2016, 1, 1)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2015, 3, 15), 36, date(2018, 3, 15)),
        (date(2015, 11, 30), 3, date(2016, 2, 29)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
