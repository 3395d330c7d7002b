"""The business date by command: moved for the whole platform, waited for, and said."""

import json

import pytest

from chassis.clock import BusinessClock
from tests.cli.kit import Office

pytestmark = pytest.mark.timeout(180)


def test_a_moved_date_holds_in_every_service_when_the_command_returns(office: Office) -> None:
    moved = office.tuopin("business-date", "2016-01-06", "--json")

    shown = json.loads(moved.stdout)
    assert moved.returncode == 0, moved.stderr
    assert {one["business_date"] for one in shown["services"]} == {"2016-01-06"}
    assert "2016-01-06 (moved)" in office.tuopin("business-date").stdout


def test_it_follows_the_calendar_again_in_every_service_and_stays_with_it(office: Office) -> None:
    office.tuopin("business-date", "2016-01-06")
    before = BusinessClock().calendar_today()
    back = office.tuopin("business-date", "--calendar", "--json")
    after = BusinessClock().calendar_today()

    shown = json.loads(back.stdout)
    assert back.returncode == 0, back.stderr
    assert (shown["is_moved"], shown["follows_calendar"], shown["is_settled"]) == (False, True, True)
    days = {before.isoformat(), after.isoformat()}
    assert {one["business_date"] for one in shown["services"]} <= days
    assert shown["business_date"] in days
    said = office.tuopin("business-date").stdout
    assert "moved" not in said
    assert "fixed" not in said


def test_a_date_that_was_set_to_todays_is_said_to_stay(office: Office) -> None:
    office.tuopin("business-date", BusinessClock().calendar_today().isoformat())

    assert "(" in office.tuopin("business-date").stdout
    assert office.tuopin("business-date", "--calendar").returncode == 0


def test_a_date_and_the_calendar_exclude_each_other(office: Office) -> None:
    refused = office.tuopin("business-date", "2016-01-06", "--calendar")

    assert refused.returncode == 2
    assert "Either a date or --calendar" in refused.stderr


def test_who_may_not_move_it_is_refused(office: Office) -> None:
    refused = office.tuopin("business-date", "2016-01-07", as_="officer")

    assert refused.returncode == 1
    assert "forbidden" in refused.stderr
