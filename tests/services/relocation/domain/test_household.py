"""What the registry's events say of a household here."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.events import registry
from services.relocation.domain.household import is_on_the_register, news_of

ID = UUID(int=1)
DAY = date(2016, 3, 1)
PROFILE: dict[str, Any] = {"village_code": "532930101201", "persons": 4, "category": "general"}
ASSESSMENT = registry.ExitAssessment(
    visit_id=UUID(int=2),
    rule_pack="national-2014",
    per_capita_income_fen=350_000,
    line_fen=285_500,
    assurances_met=True,
    guarantees_met=True,
    signed=True,
)


@pytest.mark.parametrize(
    ("fact", "status", "persons"),
    [
        (registry.HouseholdRegistered(household_id=ID, registered_on=DAY, **PROFILE), "registered", 4),
        (registry.HouseholdVerified(household_id=ID, verified_on=DAY, **PROFILE), "verified", 4),
        (registry.HouseholdExited(household_id=ID, exited_on=DAY, reason="x"), "exited", None),
        (
            registry.HouseholdPreExited(household_id=ID, pre_exited_on=DAY, assessment=ASSESSMENT),
            "pre-exit",
            None,
        ),
        (
            registry.HouseholdPreExitWithdrawn(
                household_id=ID, withdrawn_on=DAY, reason="x", status="returned"
            ),
            "returned",
            None,
        ),
        (
            registry.HouseholdClosed(
                household_id=ID, closed_on=DAY, reason="x", was_on_register=True, persons=4
            ),
            "closed",
            None,
        ),
        (registry.HouseholdReturned(household_id=ID, returned_on=DAY, reason="x"), "returned", None),
        (registry.HouseholdWithdrawn(household_id=ID, withdrawn_on=DAY, reason="x"), "withdrawn", None),
        (
            registry.HouseholdChanged(
                household_id=ID,
                changed_on=DAY,
                before=registry.HouseholdProfile(**PROFILE),
                after=registry.HouseholdProfile(**(PROFILE | {"persons": 5})),
            ),
            None,
            5,
        ),
    ],
)
def test_each_event_says_its_part(fact: Any, status: str | None, persons: int | None) -> None:
    news = news_of(fact)

    assert (news.household_id, news.status, news.persons) == (ID, status, persons)
    assert (news.village_code is None) == (persons is None)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("verified", True),
        ("registered", True),
        ("pre-exit", True),
        ("returned", True),
        ("exited", False),
        ("closed", False),
        ("candidate", False),
    ],
)
def test_who_is_on_the_register(status: str, expected: bool) -> None:
    assert is_on_the_register(status) is expected
