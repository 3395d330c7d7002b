"""The date that `tuopin up` starts on: read, and held to what the platform can count from."""

from datetime import date

import pytest
import typer

from cli.main import business_date_of


@pytest.mark.parametrize("text", ["1949-10-01", "2016-06-01", "2999-12-31"])
def test_a_date_that_deadlines_fit_behind_is_taken(text: str) -> None:
    assert business_date_of(text) == date.fromisoformat(text)


@pytest.mark.parametrize("text", ["1949-09-30", "3000-01-01", "9999-12-31"])
def test_a_date_that_nothing_can_be_counted_from_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="between 1949-10-01 and 2999-12-31"):
        business_date_of(text)


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(typer.BadParameter, match="YYYY-MM-DD"):
        business_date_of("tomorrow")
