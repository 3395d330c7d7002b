"""What an area needs before it leaves: each criterion at its limit, below and above, and not known."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from chassis.ids import new_id
from contracts.values import AREA_EXIT_NOTICE, EXIT_NOTICE
from services.registry.domain import area
from services.registry.domain.area import Figure
from services.registry.domain.area_exit import (
    FAILS,
    HOLDS,
    INCIDENCE,
    NOT_KNOWN,
    NOTICE_RULE,
    RULE,
    Assessment,
    Observed,
    assess,
    check_notice,
    exited_fact,
    is_growth_above,
    is_incidence_within,
    is_reached,
)
from services.registry.domain.errors.area import AreaExitNoticeMissing, AreaExitUnruled
from services.registry.domain.notice import CLOSED, OPEN, VOIDED, Notice
from services.registry.domain.rule_pack import AreaExitRule, RulePack
from services.registry.rules import shipped_packs

DAY = date(2016, 12, 31)
NATIONAL = shipped_packs()["national-2014"]
FIVE_ITEMS = AreaExitRule(
    level="county",
    max_incidence_percent="3",
    further=(
        "income-growth-above-province",
        "poor-villages-out",
        "coverage",
        "compulsory-education",
        "sealed-by-the-province",
    ),
    notice_days=7,
    limits={"poor-villages-out": "90"},
)
FULFILLED = {
    area.RURAL_POPULATION: "280000",
    area.INCOME_GROWTH: "10.1",
    area.REFERENCE_GROWTH: "10.0",
    area.POOR_VILLAGES_OUT: "90",
    area.COVERAGE: "100",
    area.COMPULSORY_EDUCATION: "yes",
    "sealed-by-the-province": "yes",
}


def figures(**stated: str) -> dict[str, Figure]:
    """Return figures of the county for 2016."""
    return {
        kind: Figure(
            area_code="532930000000",
            kind=kind,
            year=2016,
            value=value,
            as_of=DAY,
            basis_document=f"Document of {kind}",
        )
        for kind, value in stated.items()
    }


def with_rule(rule: AreaExitRule) -> RulePack:
    """Return the national pack with one rule for leaving."""
    return msgspec.structs.replace(NATIONAL, area_exits=(rule,))


def held(stated: dict[str, str], *, poor: int = 8_400, pack: RulePack = NATIONAL) -> Assessment:
    """Return the county held against a pack."""
    observed = Observed(
        area_code="532930000000",
        level="county",
        as_of=DAY,
        poor_persons=poor,
        figures=figures(**stated),
    )
    return assess(observed, pack)


@pytest.mark.parametrize(("poor", "within"), [(8_399, True), (8_400, True), (8_401, False)])
def test_an_incidence_at_the_limit_still_holds(poor: int, *, within: bool) -> None:
    assert is_incidence_within(poor, 280_000, "3") is within


def test_the_exact_fraction_decides_not_its_two_decimals() -> None:
    assessment = held({area.RURAL_POPULATION: "280000"}, poor=8_401)

    assert assessment.incidence_percent == "3.00"
    assert not assessment.is_ready


def test_the_countys_own_figures_are_not_ready_at_three_percent() -> None:
    assessment = held({area.RURAL_POPULATION: "280000"}, poor=15_002)

    (criterion,) = assessment.criteria
    assert not assessment.is_ready
    assert (criterion.code, criterion.outcome) == (INCIDENCE, FAILS)
    assert (criterion.observed, criterion.limit) == ("5.36 percent", "at most 3 percent")
    assert "15002 poor people" in criterion.population
    assert "280000 rural people on 2016-12-31" in criterion.population
    assert criterion.basis == NATIONAL.basis(RULE)
    assert "Document of rural-population" in (criterion.source or "")


def test_the_incidence_of_an_unknown_population_is_not_fulfilled() -> None:
    assessment = held({})

    assert [criterion.outcome for criterion in assessment.criteria] == [NOT_KNOWN]
    assert assessment.incidence_percent is None
    assert not assessment.is_ready


def test_every_criterion_that_the_pack_asks_holds() -> None:
    assessment = held(FULFILLED, pack=with_rule(FIVE_ITEMS))

    assert [criterion.outcome for criterion in assessment.criteria] == [HOLDS] * 6
    assert assessment.is_ready
    fact = exited_fact(assessment, on=DAY)
    assert (fact.level, fact.poor_persons, fact.rural_population, fact.incidence) == (
        "county",
        8_400,
        280_000,
        "3.00",
    )


@pytest.mark.parametrize(
    ("kind", "value", "criterion"),
    [
        (area.INCOME_GROWTH, "10.0", "income-growth-above-province"),
        (area.POOR_VILLAGES_OUT, "89.99", "poor-villages-out"),
        (area.COVERAGE, "99.99", "coverage"),
        (area.COMPULSORY_EDUCATION, "no", "compulsory-education"),
        ("sealed-by-the-province", "no", "sealed-by-the-province"),
    ],
)
def test_one_criterion_that_fails_keeps_the_area_in(kind: str, value: str, criterion: str) -> None:
    assessment = held(FULFILLED | {kind: value}, pack=with_rule(FIVE_ITEMS))

    assert [(one.code, one.outcome) for one in assessment.unmet] == [(criterion, FAILS)]


@pytest.mark.parametrize("kind", [*FULFILLED])
def test_one_figure_that_nobody_stated_keeps_the_area_in(kind: str) -> None:
    stated = {known: value for known, value in FULFILLED.items() if known != kind}

    assessment = held(stated, pack=with_rule(FIVE_ITEMS))

    assert [one.outcome for one in assessment.unmet] == [NOT_KNOWN]
    assert not assessment.is_ready


def test_growth_is_compared_within_one_year() -> None:
    known = figures(**FULFILLED)
    known[area.REFERENCE_GROWTH] = Figure(
        area_code="532930000000",
        kind=area.REFERENCE_GROWTH,
        year=2015,
        value="1",
        as_of=DAY,
        basis_document="Yearbook 2015",
    )
    observed = Observed(area_code="532930000000", level="county", as_of=DAY, poor_persons=0, figures=known)

    assessment = assess(observed, with_rule(FIVE_ITEMS))

    assert [(one.code, one.outcome) for one in assessment.unmet] == [
        ("income-growth-above-province", NOT_KNOWN)
    ]


def test_income_must_grow_faster_than_the_average() -> None:
    assert [is_growth_above(growth, "10") for growth in ("9.99", "10.0", "10.01")] == [False, False, True]


def test_a_share_at_its_limit_is_reached() -> None:
    assert [is_reached(share, "90") for share in ("89.99", "90", "90.01")] == [False, True, True]


def test_a_level_that_the_pack_is_silent_about_does_not_leave() -> None:
    observed = Observed(area_code="532930101000", level="township", as_of=DAY, poor_persons=0, figures={})

    with pytest.raises(AreaExitUnruled) as refused:
        assess(observed, NATIONAL)

    assert (refused.value.rule, refused.value.basis) == (RULE, NATIONAL.basis(RULE))


NOTICE = Notice(
    id=new_id(),
    kind=AREA_EXIT_NOTICE,
    area_code="532930000000",
    round_id=None,
    rule_pack=NATIONAL.code,
    rule_pack_version=1,
    state=CLOSED,
    version=2,
    posted_on=date(2016, 12, 24),
    min_days=7,
    closes_on=DAY,
    households=0,
    list_sha256="0" * 64,
    closed_on=DAY,
)


def test_a_notice_that_was_closed_on_the_day_serves_the_exit() -> None:
    check_notice(NOTICE, "532930000000", NATIONAL, on=DAY)
    check_notice(NOTICE, "532930000000", NATIONAL, on=date(2017, 1, 1))


@pytest.mark.parametrize(
    "notice",
    [
        None,
        replace(NOTICE, state=OPEN, closed_on=None),
        replace(NOTICE, state=VOIDED),
        replace(NOTICE, kind=EXIT_NOTICE),
        replace(NOTICE, area_code="532931000000"),
        replace(NOTICE, closed_on=date(2017, 1, 1)),
    ],
)
def test_no_other_notice_serves_the_exit(notice: Notice | None) -> None:
    with pytest.raises(AreaExitNoticeMissing) as refused:
        check_notice(notice, "532930000000", NATIONAL, on=DAY)

    assert (refused.value.rule, refused.value.basis) == (NOTICE_RULE, NATIONAL.basis(NOTICE_RULE))
