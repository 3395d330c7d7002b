"""Who may pass to which state, on which day, and which fact tells of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from chassis.errors import Refusal
from contracts.events.registry import HouseholdChanged, HouseholdExited, HouseholdVerified
from services.registry.domain.errors.register import (
    DateBeforeStanding,
    DateInFuture,
    HouseholdAlreadyRegistered,
    HouseholdAlreadyVerified,
    HouseholdNotExited,
    HouseholdNotOnRegister,
    HouseholdWithdrawn,
)
from services.registry.domain.household import (
    Household,
    changed_fact,
    exit_register,
    is_untouched,
    register,
    restate,
    return_to_register,
    verify,
    withdraw,
)

ID = UUID("0193a000-0000-7000-8000-000000000001")
IMPORT = UUID("0193a000-0000-7000-8000-000000000002")
SINCE, TODAY = date(2016, 3, 1), date(2016, 6, 1)


def household(**changes: object) -> Household:
    """Return a registered household of four."""
    registered = Household(
        id=ID,
        village_code="532930101201",
        file_number="F-1",
        status="registered",
        status_since=SINCE,
        category="general",
        persons=4,
        version=1,
        content_version=1,
        village_since=SINCE,
        recorded_at=datetime(2016, 3, 1, tzinfo=UTC),
        change_set_id=IMPORT,
    )
    return replace(registered, **changes)  # type: ignore[arg-type]


def test_a_registered_household_is_verified() -> None:
    verified, fact = verify(household(), on=TODAY, today=TODAY)

    assert (verified.status, verified.status_since, verified.version) == ("verified", TODAY, 2)
    assert fact == HouseholdVerified(
        household_id=ID, village_code="532930101201", persons=4, category="general", verified_on=TODAY
    )


def test_an_exit_keeps_its_reason() -> None:
    exited, fact = exit_register(household(), reason="moved-away", on=SINCE, today=TODAY)

    assert exited.status == "exited"
    assert fact == HouseholdExited(household_id=ID, exited_on=SINCE, reason="moved-away")


@pytest.mark.parametrize(
    ("status", "step", "refusal"),
    [
        ("candidate", "verify", HouseholdNotOnRegister),
        ("candidate", "exit", HouseholdNotOnRegister),
        ("candidate", "return", HouseholdNotExited),
        ("registered", "register", HouseholdAlreadyRegistered),
        ("registered", "return", HouseholdNotExited),
        ("verified", "register", HouseholdAlreadyRegistered),
        ("verified", "verify", HouseholdAlreadyVerified),
        ("exited", "verify", HouseholdNotOnRegister),
        ("exited", "exit", HouseholdNotOnRegister),
        ("exited", "register", HouseholdAlreadyRegistered),
        ("returned", "return", HouseholdNotExited),
        *(
            ("withdrawn", step, HouseholdWithdrawn)
            for step in ("register", "verify", "exit", "return", "undo")
        ),
    ],
)
def test_every_wrong_step_is_refused(status: str, step: str, refusal: type[Refusal]) -> None:
    known = household(status=status)
    steps = {
        "register": lambda: register(known, on=TODAY, today=TODAY),
        "verify": lambda: verify(known, on=TODAY, today=TODAY),
        "exit": lambda: exit_register(known, reason="other", on=TODAY, today=TODAY),
        "return": lambda: return_to_register(known, reason="other", on=TODAY, today=TODAY),
        "undo": lambda: withdraw(known, reason="import-undone", today=TODAY),
    }

    with pytest.raises(refusal):
        steps[step]()


@pytest.mark.parametrize("status", ["registered", "verified", "returned"])
def test_whoever_is_on_the_register_may_leave_it(status: str) -> None:
    exited, _ = exit_register(household(status=status), reason="other", on=TODAY, today=TODAY)

    assert exited.status == "exited"


def test_no_step_is_dated_into_the_future() -> None:
    with pytest.raises(DateInFuture):
        verify(household(), on=date(2016, 6, 2), today=TODAY)


def test_no_step_is_dated_before_the_present_state() -> None:
    with pytest.raises(DateBeforeStanding):
        verify(household(), on=date(2016, 2, 29), today=TODAY)


def test_a_step_on_the_day_of_the_present_state_is_allowed() -> None:
    assert verify(household(), on=SINCE, today=TODAY)[0].status_since == SINCE


def test_a_move_is_not_dated_before_the_present_state() -> None:
    verified = household(status="verified", status_since=date(2016, 5, 1))
    moved = replace(verified, village_code="532930101202")

    with pytest.raises(DateBeforeStanding):
        restate(verified, moved, on=date(2016, 4, 1), today=TODAY)
    assert restate(verified, moved, on=date(2016, 5, 1), today=TODAY).village_since == date(2016, 5, 1)


def test_a_file_may_be_corrected_for_days_past() -> None:
    verified = household(status="verified", status_since=date(2016, 5, 1), version=2)

    after = restate(verified, replace(verified, category="dibao"), on=date(2016, 4, 1), today=TODAY)

    assert (after.category, after.status, after.version, after.content_version) == ("dibao", "verified", 3, 3)


def test_only_what_others_may_know_is_told() -> None:
    before = household()

    told = changed_fact(before, household(persons=5), on=TODAY)

    assert isinstance(told, HouseholdChanged)
    assert (told.before.persons, told.after.persons) == (4, 5)
    assert changed_fact(before, household(file_number="F-2"), on=TODAY) is None


def test_a_change_of_a_candidate_is_nobodys_business() -> None:
    assert changed_fact(household(), household(status="candidate", persons=5), on=TODAY) is None


def test_only_an_untouched_entry_of_the_import_may_be_undone() -> None:
    assert is_untouched(household(), IMPORT)
    assert not is_untouched(household(version=2), IMPORT)
    assert not is_untouched(household(), ID)
