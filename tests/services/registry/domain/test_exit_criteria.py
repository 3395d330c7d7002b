"""When a household may leave: each criterion alone, at its limit and one step beyond."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from contracts.events.registry import ExitAssessment
from services.registry.domain import exit_criteria as domain
from services.registry.domain.errors.leaving import ExitCriteriaFail, ReturnNeedsRelapse
from services.registry.domain.exit_criteria import CommitteeVote, Look
from services.registry.rules import shipped_packs

PACK = shipped_packs()["national-2014"]
AREA = "532930101201"
ON = date(2016, 6, 1)
LOOK = Look(
    visit_id=UUID("0193a000-0000-7000-8000-000000000004"),
    visited_on=ON,
    is_annulled=False,
    is_complete=True,
    per_capita_income_fen=295_201,
    holding=frozenset({"food", "clothing", "education", "medical", "housing"}),
)
VOTE = CommitteeVote(held_on=ON, eligible=10, present=5, votes=3)


def failing(look: Look = LOOK, vote: CommitteeVote = VOTE, *, signed: bool = True) -> list[str]:
    """Return the names of the criteria that fail."""
    computed = domain.exit_criteria(look, PACK, AREA, vote=vote, signed=signed, on=ON)
    return [one.name for one in computed if not one.is_met]


def test_a_household_just_above_every_limit_may_leave() -> None:
    assert failing() == []


def test_income_at_the_line_is_not_above_it() -> None:
    assert failing(replace(LOOK, per_capita_income_fen=295_200)) == ["per-capita-income"]


@pytest.mark.parametrize("name", ["food", "clothing", "education", "medical", "housing"])
def test_each_assurance_and_guarantee_is_needed(name: str) -> None:
    assert failing(replace(LOOK, holding=LOOK.holding - {name})) == [name]


@pytest.mark.parametrize("changes", [{"is_annulled": True}, {"is_complete": False}])
def test_a_visit_that_is_void_or_incomplete_proves_nothing(changes: dict[str, bool]) -> None:
    assert failing(replace(LOOK, **changes)) == ["visit-valid"]  # type: ignore[arg-type]


def test_a_visit_speaks_for_its_months_to_the_day() -> None:
    assert failing(replace(LOOK, visited_on=date(2015, 6, 1))) == []
    assert failing(replace(LOOK, visited_on=date(2015, 5, 31))) == ["visit-fresh"]


def test_the_line_is_that_of_the_year_of_the_visit() -> None:
    last_year = replace(LOOK, visited_on=date(2015, 12, 31), per_capita_income_fen=285_501)

    assert failing(last_year) == []
    assert failing(replace(last_year, visited_on=date(2016, 1, 1))) == ["per-capita-income"]


def test_a_year_without_a_line_lets_nobody_leave() -> None:
    assert "per-capita-income" in failing(replace(LOOK, visited_on=date(2012, 6, 1)))


def test_the_signature_is_needed_where_the_pack_says_so() -> None:
    assert failing(signed=False) == ["signature"]


@pytest.mark.parametrize(
    ("vote", "expected"),
    [
        (replace(VOTE, present=4, votes=4), ["quorum"]),
        (replace(VOTE, present=6, votes=3), ["majority"]),
        (replace(VOTE, present=6, votes=4), []),
        (replace(VOTE, present=0, votes=0), ["quorum", "majority"]),
    ],
)
def test_half_must_be_there_and_more_than_half_of_them_agree(
    vote: CommitteeVote, expected: list[str]
) -> None:
    assert failing(vote=vote) == expected


def test_a_refusal_names_every_failing_criterion_with_what_was_seen() -> None:
    poor = replace(LOOK, per_capita_income_fen=100_000, holding=LOOK.holding - {"housing"})
    computed = domain.exit_criteria(poor, PACK, AREA, vote=VOTE, signed=True, on=ON)

    with pytest.raises(ExitCriteriaFail) as refused:
        domain.refuse_failing(computed, PACK)

    assert [error.pointer for error in refused.value.errors] == [
        "/criteria/per-capita-income",
        "/criteria/housing",
    ]
    assert refused.value.errors[0].message == "Observed 1000.00; needed more than 2952.00."
    assert (refused.value.rule, refused.value.basis) == ("exit-criteria", PACK.basis("exit-criteria"))


def test_an_assessment_says_what_the_exit_rests_on() -> None:
    poor = replace(LOOK, holding=LOOK.holding - {"housing"})

    assert domain.assess(poor, PACK, AREA, signed=False) == ExitAssessment(
        visit_id=LOOK.visit_id,
        rule_pack="national-2014",
        per_capita_income_fen=295_201,
        line_fen=295_200,
        assurances_met=True,
        guarantees_met=False,
        signed=False,
    )


POOR = replace(LOOK, per_capita_income_fen=295_200)


def return_with(look: Look | None, *, left_on: date = date(2016, 5, 31)) -> None:
    """Ask for a return on this look."""
    domain.refuse_without_relapse(look, PACK, AREA, left_on=left_on, on=ON)


@pytest.mark.parametrize("look", [POOR, replace(LOOK, holding=frozenset({"food"}))])
def test_one_failing_criterion_is_a_relapse(look: Look) -> None:
    return_with(look)


@pytest.mark.parametrize(
    ("look", "left_on"),
    [
        (None, date(2016, 5, 31)),
        (LOOK, date(2016, 5, 31)),
        (replace(POOR, is_annulled=True), date(2016, 5, 31)),
        (replace(POOR, is_complete=False), date(2016, 5, 31)),
        (POOR, ON),
        (replace(POOR, visited_on=date(2016, 6, 2)), date(2016, 5, 31)),
        (replace(POOR, visited_on=date(2015, 5, 31)), date(2015, 1, 1)),
    ],
)
def test_anything_less_is_no_relapse(look: Look | None, left_on: date) -> None:
    with pytest.raises(ReturnNeedsRelapse) as refused:
        return_with(look, left_on=left_on)

    assert (refused.value.rule, bool(refused.value.basis)) == ("return-needs-relapse", True)
