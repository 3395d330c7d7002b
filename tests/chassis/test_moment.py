"""A moment in a query has a date in UTC, or is refused before anything turns it."""

from datetime import datetime

import pytest

from chassis.moment import check_moment


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+14:00"])
def test_a_moment_stays_as_it_was_stated(text: str) -> None:
    moment = datetime.fromisoformat(text)

    assert check_moment(moment).isoformat() == text


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_beyond_the_calendar_of_utc_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="UTC"):
        check_moment(datetime.fromisoformat(text))
