"""From when to when somebody was in a household."""

from datetime import date

from services.registry.domain.membership import Membership, Statement, memberships

JANUARY, MARCH, MAY = date(2016, 1, 1), date(2016, 3, 1), date(2016, 5, 1)
HERE, THERE = "532930101201", "532930101202"
IN, OUT = Statement(village_code=HERE, relation="20"), Statement(village_code=HERE, relation=None)
REGISTERED = [("registered", JANUARY)]


def stay(since: date, until: date | None, village: str = HERE) -> Membership:
    """Return days in one village."""
    return Membership(village_code=village, relation="20", since=since, until=until)


def test_whoever_never_left_is_there() -> None:
    assert memberships([(IN, JANUARY), (IN, MARCH)], REGISTERED) == [stay(JANUARY, None)]


def test_whoever_left_was_there_until_that_day() -> None:
    assert memberships([(IN, JANUARY), (OUT, MARCH)], REGISTERED) == [stay(JANUARY, MARCH)]


def test_what_is_stated_later_of_earlier_days_answers() -> None:
    assert memberships([(IN, JANUARY), (OUT, MAY), (IN, MARCH)], REGISTERED) == [stay(JANUARY, None)]
    assert memberships([(IN, JANUARY), (OUT, JANUARY)], REGISTERED) == []


def test_a_move_begins_days_in_another_village() -> None:
    there = Statement(village_code=THERE, relation="20")

    assert memberships([(IN, JANUARY), (OUT, MARCH), (there, MARCH)], REGISTERED) == [
        stay(JANUARY, MARCH),
        stay(MARCH, None, THERE),
    ]


def test_a_closed_file_ends_and_a_withdrawn_one_never_was() -> None:
    closed = [*REGISTERED, ("closed", MARCH)]

    assert memberships([(IN, JANUARY)], closed) == [stay(JANUARY, MARCH)]
    assert memberships([(IN, JANUARY), (OUT, MAY)], closed) == [stay(JANUARY, MARCH)]
    assert memberships([(IN, JANUARY), (OUT, MARCH), (IN, MAY)], closed) == [stay(JANUARY, MARCH)]
    assert memberships([(IN, JANUARY)], [*closed, ("registered", JANUARY)]) == [stay(JANUARY, None)]
    assert memberships([(IN, JANUARY)], [*REGISTERED, ("withdrawn", JANUARY)]) == []


def test_a_household_that_came_back_has_its_people_again() -> None:
    standings = [*REGISTERED, ("closed", MARCH), ("returned", MAY)]

    assert memberships([(IN, JANUARY)], standings) == [stay(JANUARY, None)]
