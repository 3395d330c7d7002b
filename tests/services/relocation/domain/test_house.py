"""Whatever is tried on a house, in whatever order: its stages follow each other and its dates never go back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chassis.errors import Refusal
from contracts.events.relocation import HouseAccepted, HouseRejected, HousingSubsidyDue
from contracts.values import HOUSE_STAGES
from services.relocation.domain.acceptance import failed_checks, inspect
from services.relocation.domain.errors import (
    AreaAboveCap,
    DateBeforePrevious,
    HouseholdNotOnRegister,
    SiteFull,
)
from services.relocation.domain.house import (
    DATE_OF,
    DATES,
    Decision,
    House,
    advance,
    allocate,
    correct_stage,
    move_in,
    reached_on,
)
from services.relocation.domain.rule import HOUSING_SUBSIDY
from services.relocation.domain.rules import area_text, is_within_area_cap
from services.relocation.domain.subsidy import request_subsidy
from tests.services.relocation.domain import builders
from tests.services.relocation.domain.builders import TODAY, checklist, house, household, place

DAYS = st.integers(-30, 330).map(lambda days: date(2016, 2, 18) + timedelta(days=days))
AREAS = st.sampled_from([None, Decimal(90), Decimal(100), Decimal("100.01")])


def give(**changes: Any) -> Decision:
    """Allocate with one thing changed."""
    fields: dict[str, Any] = {
        "house_id": UUID(int=9),
        "area_cap_m2": Decimal(100),
        "floor_area_m2": Decimal(100),
        "on": date(2016, 2, 18),
    }
    return allocate(household(), place(), **(fields | changes))


def test_a_house_exactly_at_the_cap_is_within_it() -> None:
    assert give().house.planned_area_m2 == Decimal(100)


def test_a_house_above_the_cap_is_not_allocated() -> None:
    with pytest.raises(AreaAboveCap):
        give(floor_area_m2=Decimal("100.01"))


@pytest.mark.parametrize("status", ["candidate", "exited", "withdrawn", "unknown"])
def test_a_household_that_is_not_on_the_register_gets_no_house(status: str) -> None:
    with pytest.raises(HouseholdNotOnRegister):
        allocate(
            household(status=status),
            place(),
            house_id=UUID(int=9),
            area_cap_m2=Decimal(100),
            floor_area_m2=Decimal(90),
            on=date(2016, 2, 18),
        )


def test_a_site_takes_as_many_as_planned() -> None:
    with pytest.raises(SiteFull):
        allocate(
            household(),
            place(allocated=50),
            house_id=UUID(int=9),
            area_cap_m2=Decimal(100),
            floor_area_m2=Decimal(90),
            on=date(2016, 2, 18),
        )


def test_two_stages_may_fall_on_one_day() -> None:
    day = date(2016, 4, 11)
    started = advance(house(), "started", on=day, today=TODAY).house

    assert advance(started, "topped-out", on=day, today=TODAY).house.stage == "topped-out"


def test_a_date_one_day_before_the_last_is_refused() -> None:
    started = advance(house(), "started", on=date(2016, 4, 11), today=TODAY).house

    with pytest.raises(DateBeforePrevious):
        advance(started, "topped-out", on=date(2016, 4, 10), today=TODAY)


def test_all_checks_hold_or_the_failed_ones_are_named() -> None:
    failed = failed_checks(
        checklist(animals_separate=False, structure_safe=False), Decimal("100.01"), Decimal(100)
    )

    assert failed == ("area-cap", "animals-separate", "structure-safe")
    assert failed_checks(checklist(), Decimal(100), Decimal(100)) == ()


class AnyHouse(RuleBasedStateMachine):
    """A house on which everything is tried; refusals leave it as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.house: House = house()
        self.versions = [1]
        self.asked: list[str] = []

    def attempt(self, decide: Any) -> Decision | None:
        """Apply a decision, or nothing when it is refused."""
        try:
            decision: Decision = decide()
        except Refusal:
            return None
        self.house = decision.house
        self.versions.append(decision.house.version)
        return decision

    @rule(stage=st.sampled_from(["started", "topped-out", "completed"]), on=DAYS, area=AREAS)
    def advances(self, stage: str, on: date, area: Decimal | None) -> None:
        """Any stage, any day, any area."""
        self.attempt(lambda: advance(self.house, stage, on=on, today=TODAY, floor_area_m2=area))

    @precondition(lambda self: self.house.stage in {"allocated", "started", "topped-out"})
    @rule()
    def goes_on(self) -> None:
        """The next stage on the day of the last, so that later stages are met often."""
        stage = HOUSE_STAGES[HOUSE_STAGES.index(self.house.stage) + 1]
        on = reached_on(self.house, self.house.stage) or TODAY
        area = Decimal(99) if stage == "completed" else None
        decision = self.attempt(lambda: advance(self.house, stage, on=on, today=TODAY, floor_area_m2=area))
        assert decision is not None

    @rule(on=DAYS, area=AREAS, power=st.booleans())
    def is_inspected(self, on: date, area: Decimal | None, power: bool) -> None:
        """Accepted exactly when nothing failed."""
        decision = self.attempt(
            lambda: inspect(self.house, checklist(power=power, floor_area_m2=area), on=on, today=TODAY)
        )
        if decision is None:
            return
        assert self.house.floor_area_m2 is not None
        good = power and is_within_area_cap(self.house.floor_area_m2, self.house.area_cap_m2)
        assert isinstance(decision.fact, HouseAccepted if good else HouseRejected)

    @rule(on=DAYS)
    def moves_in(self, on: date) -> None:
        """Only after acceptance."""
        was = self.house.stage
        if self.attempt(lambda: move_in(self.house, on=on, today=TODAY)):
            assert was == "accepted"

    @rule(stage=st.sampled_from(HOUSE_STAGES), on=DAYS)
    def is_corrected(self, stage: str, on: date) -> None:
        """A correction changes that date and no stage."""
        was = self.house
        if self.attempt(lambda: correct_stage(self.house, stage, on=on, reason="x", today=TODAY)):
            assert reached_on(self.house, stage) == on
            assert self.house.stage == was.stage

    @rule(stage=st.sampled_from(HOUSE_STAGES))
    def is_subsidised(self, stage: str) -> None:
        """Once, and only at a reached stage with an instalment."""
        rules = [builders.rule(HOUSING_SUBSIDY)]
        decision = self.attempt(
            lambda: request_subsidy(
                self.house, stage, rules, asked=self.asked, due_id=UUID(int=7), today=TODAY
            )
        )
        if decision is not None:
            assert isinstance(decision.fact, HousingSubsidyDue)
            assert decision.fact.amount_fen == 2_000_000
            self.asked.append(stage)
            assert self.asked == ["completed"]

    @invariant()
    def dates_never_go_back(self) -> None:
        """Dates in the order of life are in the order of the calendar, none in the future."""
        dates = [value for name in DATES if (value := getattr(self.house, name)) is not None]
        assert dates == sorted(dates)
        assert dates[-1] <= TODAY

    @invariant()
    def every_stage_up_to_the_present_one_has_its_date(self) -> None:
        """No stage is left out, none is ahead."""
        present = HOUSE_STAGES.index(self.house.stage)
        reached = [getattr(self.house, DATE_OF[stage]) is not None for stage in HOUSE_STAGES]
        assert reached == [index <= present for index in range(len(HOUSE_STAGES))]

    @invariant()
    def an_inhabited_house_is_within_the_cap(self) -> None:
        """What was accepted is within the cap; what is completed is measured."""
        measured = self.house.floor_area_m2
        assert (measured is None) == (self.house.completed_on is None)
        if self.house.accepted_on is not None and measured is not None:
            assert is_within_area_cap(measured, self.house.area_cap_m2)

    @invariant()
    def versions_count_changes(self) -> None:
        """One fact, one version, without gaps."""
        assert self.versions == list(range(1, len(self.versions) + 1))


TestAnyHouse = AnyHouse.TestCase
TestAnyHouse.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_an_area_is_written_with_two_decimals() -> None:
    assert area_text(Decimal("96.5")) == "96.50"
