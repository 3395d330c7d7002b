"""The copy of the register: what each fact does to it, and the status it gives on a date."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.registry import (
    ExitAssessment,
    HouseholdChanged,
    HouseholdClosed,
    HouseholdExited,
    HouseholdPreExited,
    HouseholdPreExitWithdrawn,
    HouseholdProfile,
    HouseholdRegistered,
    HouseholdReturned,
    HouseholdVerified,
    HouseholdWithdrawn,
)
from services.subsidy.domain.household import (
    Household,
    HouseholdEvent,
    Standing,
    hear,
    is_on_the_register,
    status_at,
)

HOUSEHOLD = uuid4()
VILLAGE, OTHER = "532930100201", "532930101205"


def registered(on: date) -> HouseholdRegistered:
    """Return the fact that the household was registered."""
    return HouseholdRegistered(
        household_id=HOUSEHOLD, village_code=VILLAGE, persons=4, category="dibao", registered_on=on
    )


def verified(on: date) -> HouseholdVerified:
    """Return the fact that the household was verified."""
    return HouseholdVerified(
        household_id=HOUSEHOLD, village_code=VILLAGE, persons=4, category="dibao", verified_on=on
    )


def heard(*facts: HouseholdEvent) -> tuple[Household | None, list[Standing]]:
    """Return what is known after the facts, in their order."""
    household, standings = None, []
    for sequence, fact in enumerate(facts, 1):
        household, standing = hear(household, fact, sequence=sequence, area=VILLAGE)
        standings += [standing] if standing else []
    return household, standings


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2016, 1, 5), "unknown"),
        (date(2016, 1, 6), "registered"),
        (date(2016, 1, 25), "verified"),
        (date(2016, 2, 29), "verified"),
        (date(2016, 3, 1), "exited"),
        (date(2016, 9, 1), "returned"),
    ],
)
def test_a_status_holds_from_its_day_until_the_next(on: date, status: str) -> None:
    _, standings = heard(
        registered(date(2016, 1, 6)),
        verified(date(2016, 1, 25)),
        HouseholdExited(household_id=HOUSEHOLD, exited_on=date(2016, 3, 1), reason="income-stable"),
        HouseholdReturned(household_id=HOUSEHOLD, returned_on=date(2016, 9, 1), reason="illness"),
    )

    assert status_at(standings, on) == status


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2016, 11, 30), "verified"),
        (date(2016, 12, 1), "pre-exit"),
        (date(2016, 12, 20), "exited"),
        (date(2018, 12, 19), "exited"),
        (date(2018, 12, 20), "closed"),
    ],
)
def test_the_way_off_the_register_is_followed_step_by_step(on: date, status: str) -> None:
    assessment = ExitAssessment(
        visit_id=uuid4(),
        rule_pack="national-2014",
        per_capita_income_fen=350_000,
        line_fen=285_500,
        assurances_met=True,
        guarantees_met=True,
        signed=True,
    )

    household, standings = heard(
        verified(date(2016, 1, 25)),
        HouseholdPreExited(household_id=HOUSEHOLD, pre_exited_on=date(2016, 12, 1), assessment=assessment),
        HouseholdExited(
            household_id=HOUSEHOLD, exited_on=date(2016, 12, 20), reason="criteria-met", assessment=assessment
        ),
        HouseholdClosed(
            household_id=HOUSEHOLD,
            closed_on=date(2018, 12, 20),
            reason="policies-ended",
            was_on_register=False,
            persons=4,
        ),
    )

    assert status_at(standings, on) == status
    assert household is not None
    assert (household.persons, household.area_code) == (4, VILLAGE)


@pytest.mark.parametrize("status", ["registered", "verified", "returned"])
def test_a_pre_exit_taken_back_leaves_the_standing_before(status: str) -> None:
    taken_back = HouseholdPreExitWithdrawn(
        household_id=HOUSEHOLD, withdrawn_on=date(2016, 12, 9), reason="illness", status=status
    )

    _, standings = heard(verified(date(2016, 1, 25)), taken_back)

    assert status_at(standings, date(2016, 12, 8)) == "verified"
    assert status_at(standings, date(2016, 12, 9)) == status


def test_of_two_standings_of_one_day_the_later_fact_holds() -> None:
    day = date(2016, 3, 1)

    _, standings = heard(registered(day), verified(day))

    assert status_at(standings, day) == "verified"


def test_a_withdrawn_household_never_counted() -> None:
    _, standings = heard(
        registered(date(2016, 1, 6)),
        HouseholdWithdrawn(household_id=HOUSEHOLD, withdrawn_on=date(2016, 1, 9), reason="import-undone"),
    )

    assert status_at(standings, date(2016, 1, 7)) == "withdrawn"


def test_a_change_begins_no_standing_and_keeps_the_status() -> None:
    before = HouseholdProfile(village_code=VILLAGE, persons=4, category="dibao")
    after = HouseholdProfile(village_code=OTHER, persons=5, category="general")

    household, standings = heard(
        verified(date(2016, 1, 25)),
        HouseholdChanged(household_id=HOUSEHOLD, changed_on=date(2016, 1, 1), before=before, after=after),
    )

    assert household == Household(
        id=HOUSEHOLD, area_code=OTHER, persons=5, category="general", status="verified", sequence=2
    )
    assert len(standings) == 1


def test_an_exit_heard_first_is_kept_with_what_it_says() -> None:
    household, standings = heard(
        HouseholdExited(household_id=HOUSEHOLD, exited_on=date(2016, 3, 1), reason="x")
    )

    assert household is not None
    assert (household.status, household.area_code, household.persons) == ("exited", VILLAGE, None)
    assert status_at(standings, date(2016, 3, 1)) == "exited"


@pytest.mark.parametrize(
    ("status", "on_the_register"),
    [
        ("registered", True),
        ("verified", True),
        ("pre-exit", True),
        ("returned", True),
        ("candidate", False),
        ("noticed", False),
        ("exited", False),
        ("closed", False),
        ("withdrawn", False),
        ("unknown", False),
    ],
)
def test_only_who_was_entered_and_has_not_left_is_on_the_register(status: str, on_the_register: bool) -> None:
    assert is_on_the_register(status) is on_the_register


@given(
    entries=st.lists(
        st.tuples(st.integers(1, 28), st.sampled_from(["registered", "verified", "exited", "returned"])),
        max_size=8,
    ),
    day=st.integers(1, 28),
)
def test_the_status_of_a_day_equals_a_replay_of_the_days_up_to_it(
    entries: list[tuple[int, str]], day: int
) -> None:
    standings = [
        Standing(household_id=UUID(int=1), sequence=number, since=date(2016, 2, since), status=status)
        for number, (since, status) in enumerate(entries)
    ]
    replayed = "unknown"
    for number in sorted(range(len(entries)), key=lambda n: (entries[n][0], n)):
        if entries[number][0] <= day:
            replayed = entries[number][1]

    assert status_at(standings, date(2016, 2, day)) == replayed
