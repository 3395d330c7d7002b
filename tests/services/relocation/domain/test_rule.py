"""Rules are data with a period; the numbers follow from the edition in force."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.relocation.domain.errors import (
    BudgetTooLarge,
    InstalmentNotSet,
    RuleAlreadyApplied,
    RuleEditionsOverlap,
    RuleNotInForce,
    RulePeriodReversed,
)
from services.relocation.domain.rule import (
    AREA_CAP,
    HOUSING_SUBSIDY,
    INFRASTRUCTURE_STANDARD,
    HousingProgramme,
    InfrastructureStandard,
    Rule,
    area_cap_m2,
    check_edition,
    edition_in_force,
    ended_by_the_next,
    infrastructure_budget_fen,
    instalment,
    is_in_force,
)
from tests.services.relocation.domain.builders import rule

MAY = date(2016, 5, 1)
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2018, 1, 1))
PERIODS = st.tuples(DAYS, st.none() | st.integers(0, 400).map(lambda days: timedelta(days=days)))


def test_the_counties_budget_adds_up_to_the_reported_sum() -> None:
    rules = [rule(INFRASTRUCTURE_STANDARD)]

    centralized = infrastructure_budget_fen(rules, "centralized", 175, MAY)
    interspersed = infrastructure_budget_fen(rules, "interspersed", 1_384, MAY)

    assert (centralized, interspersed) == (3_500_000_000, 13_840_000_000)


def test_a_budget_of_ten_billion_is_refused() -> None:
    terms = InfrastructureStandard(per_household_fen={"centralized": 10**9})
    rules = [rule(INFRASTRUCTURE_STANDARD, terms=terms)]

    assert infrastructure_budget_fen(rules, "centralized", 999, MAY) == 999 * 10**9
    with pytest.raises(BudgetTooLarge):
        infrastructure_budget_fen(rules, "centralized", 1_000, MAY)


def test_a_household_is_paid_twenty_thousand_at_completion() -> None:
    assert instalment([rule(HOUSING_SUBSIDY)], "completed", 4, MAY) == ("housing-subsidy", 2_000_000)


def test_a_rate_for_each_person_is_multiplied() -> None:
    terms = HousingProgramme(programme_code="cash", unit="person", instalments_fen={"accepted": 2_000_000})

    assert instalment([rule(HOUSING_SUBSIDY, terms=terms)], "accepted", 4, MAY) == ("cash", 8_000_000)


def test_a_stage_without_an_instalment_is_refused() -> None:
    with pytest.raises(InstalmentNotSet):
        instalment([rule(HOUSING_SUBSIDY)], "started", 4, MAY)


@given(st.integers(1, 20))
def test_the_cap_grows_with_the_persons(persons: int) -> None:
    assert area_cap_m2([rule(AREA_CAP)], persons, MAY) == Decimal(25) * persons


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2015, 12, 31), False),
        (date(2016, 1, 1), True),
        (date(2016, 12, 31), True),
        (date(2017, 1, 1), False),
    ],
)
def test_the_first_and_the_last_day_are_in_force(on: date, expected: bool) -> None:
    assert is_in_force(rule(AREA_CAP), on) is expected


def test_outside_every_period_nothing_is_in_force() -> None:
    with pytest.raises(RuleNotInForce):
        edition_in_force([rule(AREA_CAP)], AREA_CAP, date(2017, 1, 1))


def test_an_edition_of_another_kind_is_no_help() -> None:
    with pytest.raises(RuleNotInForce):
        edition_in_force([rule(AREA_CAP)], HOUSING_SUBSIDY, MAY)


def test_an_edition_cannot_end_before_it_begins() -> None:
    with pytest.raises(RulePeriodReversed):
        check_edition(rule(AREA_CAP, effective_to=date(2015, 1, 1)), [])


@given(st.lists(PERIODS, max_size=6), DAYS)
def test_editions_that_were_let_in_never_share_a_day(
    periods: list[tuple[date, timedelta | None]], day: date
) -> None:
    editions: list[Rule] = []
    for start, length in periods:
        end = None if length is None else start + length
        edition = rule(AREA_CAP, effective_from=start, effective_to=end)
        try:
            check_edition(edition, editions)
        except RuleEditionsOverlap:
            continue
        editions.append(edition)

    held = [edition for edition in editions if is_in_force(ended_by_the_next(edition, editions), day)]
    assert len(held) <= 1
    for edition in held:
        assert edition_in_force(editions, AREA_CAP, day) is edition


def test_a_later_edition_ends_an_open_one_the_day_before() -> None:
    old = rule(AREA_CAP, effective_to=None)
    new = rule(AREA_CAP, effective_from=date(2017, 1, 1), effective_to=None)

    check_edition(new, [old])

    for editions in ([old, new], [new, old]):
        assert edition_in_force(editions, AREA_CAP, date(2016, 12, 31)) is old
        assert edition_in_force(editions, AREA_CAP, date(2017, 1, 1)) is new
    assert ended_by_the_next(old, [old, new]).effective_to == date(2016, 12, 31)
    assert ended_by_the_next(new, [old, new]) is new


def test_an_edition_of_another_kind_ends_nothing() -> None:
    cap = rule(AREA_CAP, effective_to=None)
    housing = rule(HOUSING_SUBSIDY, effective_from=date(2016, 6, 1))

    assert ended_by_the_next(cap, [cap, housing]) is cap


def test_a_closed_edition_gives_way_to_none() -> None:
    with pytest.raises(RuleEditionsOverlap):
        check_edition(rule(AREA_CAP, effective_from=date(2016, 12, 31)), [rule(AREA_CAP)])


def test_no_edition_begins_where_the_one_before_was_applied() -> None:
    new = rule(AREA_CAP, effective_from=date(2016, 6, 1))

    with pytest.raises(RuleAlreadyApplied, match="2016-06-03"):
        check_edition(new, [rule(AREA_CAP, effective_to=None)], applied_on=date(2016, 6, 3))
