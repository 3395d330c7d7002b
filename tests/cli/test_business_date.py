"""The business date by command: moved for the whole platform, waited for, and said."""

import json

import pytest

from tests.cli.kit import Office

pytestmark = pytest.mark.timeout(180)


def test_a_moved_date_holds_in_every_service_when_the_command_returns(office: Office) -> None:
    moved = office.tuopin("business-date", "2016-01-06", "--json")

    shown = json.loads(moved.stdout)
    assert moved.returncode == 0, moved.stderr
    assert {one["business_date"] for one in shown["services"]} == {"2016-01-06"}
    assert "2016-01-06 (moved)" in office.tuopin("business-date").stdout


def test_who_may_not_move_it_is_refused(office: Office) -> None:
    refused = office.tuopin("business-date", "2016-01-07", as_="officer")

    assert refused.returncode == 1
    assert "forbidden" in refused.stderr
