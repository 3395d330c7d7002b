"""The five checks and what a visit does to an entry, at the limits of the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec import structs

from chassis.ids import new_id
from services.registry.domain.errors.register import DateInFuture, NothingChanged
from services.registry.domain.errors.visit import (
    TeamTooSmall,
    VisitAnnulledAlready,
    VisitBeforeRound,
    VisitInvalid,
)
from services.registry.domain.five_checks import (
    Checks,
    FamilyCheck,
    Found,
    HousingCheck,
    IncomeCheck,
    ProductionCheck,
    PropertyCheck,
    missing_checks,
)
from services.registry.domain.income import Income
from services.registry.domain.procedure import CHECKED, LEFT, OPENED, STEPS
from services.registry.domain.visit import Team, Visit, annul, check_visit, correct
from services.registry.domain.visited_entry import see, unsee
from tests.services.registry.domain.test_proposal import DAY, ENTRY, PACK, ROUND

SEEN: dict[str, Any] = {"finding": "none", "evidence_sha256": "0" * 64}
INCOME = Income(wage_fen=300_001, business_fen=0, transfer_fen=0, property_fen=0, cost_fen=100_000)
CHECKS = Checks(
    income=IncomeCheck(income=INCOME, declared_net_fen=200_001, **SEEN),
    housing=HousingCheck(area_dm2=805, structure="frame", safety="A", built_year=2016, **SEEN),
    property=PropertyCheck(items=(), **SEEN),
    family=FamilyCheck(labour=2, dependants=2, students=2, dropouts=2, **SEEN),
    production=ProductionCheck(
        land_mu_hundredths=325, livestock=0, poultry=0, has_water=True, has_power=True, has_road=True, **SEEN
    ),
)
FOUND = Found(cause="01", checks=CHECKS, photos=("1" * 64,))
TEAM = Team(members=("W-001", "W-002"), latitude=26.1, longitude=99.9)
VISIT = Visit(
    id=new_id(),
    household_id=ENTRY.household_id,
    village_code=ENTRY.village_code,
    area_code=ENTRY.village_code,
    round_id=ROUND.id,
    visited_on=DAY,
    version=1,
    is_valid=True,
    persons=2,
    found=FOUND,
    team=TEAM,
    checks_complete=True,
    recorded_at=datetime(2016, 6, 1, tzinfo=UTC),
)


def with_checks(**changes: Any) -> Visit:
    """Return the visit with other checks."""
    return replace(VISIT, found=structs.replace(FOUND, checks=structs.replace(CHECKS, **changes)))


def test_a_visit_on_the_opening_day_by_just_enough_people_is_good() -> None:
    check_visit(VISIT, PACK, within=ROUND, today=DAY)

    assert VISIT.per_capita_income_fen == 100_001


@pytest.mark.parametrize(
    ("visit", "refusal"),
    [
        (replace(VISIT, visited_on=date(2016, 6, 2)), DateInFuture),
        (replace(VISIT, visited_on=date(2016, 5, 31)), VisitBeforeRound),
        (replace(VISIT, team=replace(TEAM, members=("W-001",))), TeamTooSmall),
        (replace(VISIT, team=replace(TEAM, members=("W-001", "w-001"))), TeamTooSmall),
    ],
)
def test_a_day_or_a_team_beyond_the_limit_is_refused(visit: Visit, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_visit(visit, PACK, within=ROUND, today=DAY)


@pytest.mark.parametrize("net", [200_000, 200_002])
def test_a_declared_total_is_right_to_the_fen(net: int) -> None:
    visit = with_checks(income=IncomeCheck(income=INCOME, declared_net_fen=net, **SEEN))

    with pytest.raises(VisitInvalid) as refused:
        check_visit(visit, PACK, within=ROUND, today=DAY)

    assert [error.code for error in refused.value.errors] == ["income-total"]


def test_a_house_of_next_year_and_a_third_worker_of_two_persons_are_refused_together() -> None:
    visit = with_checks(
        housing=HousingCheck(area_dm2=1, structure="frame", safety="A", built_year=2017, **SEEN),
        family=FamilyCheck(labour=3, dependants=0, students=0, dropouts=0, **SEEN),
    )

    with pytest.raises(VisitInvalid) as refused:
        check_visit(visit, PACK, within=ROUND, today=DAY)

    assert {error.pointer for error in refused.value.errors} == {
        "/checks/family/labour",
        "/checks/housing/built_year",
    }


@pytest.mark.parametrize("name", PACK.checks)
def test_each_check_is_missed_by_its_name(name: str) -> None:
    assert missing_checks(CHECKS, PACK) == []
    assert missing_checks(structs.replace(CHECKS, **{name: None}), PACK) == [name]


def test_income_is_nothing_before_it_was_checked() -> None:
    assert with_checks(income=None).per_capita_income_fen is None


@pytest.mark.parametrize("step", STEPS)
def test_a_complete_visit_passes_on_what_was_just_opened_and_stands_beside_the_rest(step: str) -> None:
    entry = replace(ENTRY, step=step)

    seen = see(entry, VISIT, PACK)

    if step == OPENED:
        assert (seen.step, seen.step_on, seen.visit_id) == (CHECKED, DAY, VISIT.id)
    elif step == CHECKED:
        assert (seen.step, seen.visit_id) == (CHECKED, VISIT.id)
    else:
        assert seen == entry


def test_an_incomplete_visit_or_a_decided_entry_changes_nothing() -> None:
    decided = replace(ENTRY, outcome=LEFT)

    assert see(ENTRY, replace(VISIT, checks_complete=False), PACK) == ENTRY
    assert see(decided, VISIT, PACK) == decided


def test_an_annulled_visit_lets_the_entry_wait_again_while_nothing_rests_on_it() -> None:
    checked = see(ENTRY, VISIT, PACK)
    other = replace(VISIT, id=new_id())

    assert unsee(checked, VISIT, None) == replace(ENTRY, step_on=DAY)
    assert unsee(checked, VISIT, other).visit_id == other.id
    assert unsee(checked, other, None) == checked
    evaluated = replace(checked, step="internal-meeting")
    assert unsee(evaluated, VISIT, None) == evaluated


def test_an_annulled_visit_takes_no_more_changes() -> None:
    gone = annul(VISIT)

    assert (gone.is_valid, gone.version) == (False, 2)
    with pytest.raises(VisitAnnulledAlready):
        annul(gone)
    with pytest.raises(VisitAnnulledAlready):
        correct(gone, structs.replace(FOUND, cause="02"), TEAM, PACK)
    with pytest.raises(NothingChanged):
        correct(VISIT, FOUND, TEAM, PACK)


def test_a_corrected_visit_is_complete_by_what_it_says_now() -> None:
    less = structs.replace(FOUND, checks=structs.replace(CHECKS, housing=None))

    corrected = correct(VISIT, less, TEAM, PACK)

    assert (corrected.version, corrected.checks_complete) == (2, False)
    assert correct(corrected, FOUND, TEAM, PACK).checks_complete
