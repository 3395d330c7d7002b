"""Exactly what is planted can be found, and every claim but the planted ones is in order."""

from collections import Counter
from dataclasses import replace

from cli.sample.county import Rule, small_county
from cli.sample.generate import generate
from cli.sample.plan import SamplePlan
from tests.cli.sample.conftest import SEED
from tests.cli.sample.oracle import flags


def test_a_naive_supervisor_finds_the_planted_cases_and_nothing_else(plan: SamplePlan) -> None:
    assert flags(plan) == sorted((case.rule, case.subject) for case in plan.planted)


def test_eryuan_plants_one_case_for_each_rule(eryuan_plan: SamplePlan) -> None:
    assert Counter(case.rule for case in eryuan_plan.planted) == dict.fromkeys(Rule, 1)


def test_the_small_county_plants_its_own_set(small_plan: SamplePlan) -> None:
    assert Counter(case.rule for case in small_plan.planted) == Counter(small_county().planted)


def test_any_other_planted_set_is_found_too() -> None:
    county = replace(small_county(), planted=(*Rule, Rule.HOUSE_EMPTY, Rule.AMOUNTS_DIFFER))

    plan = generate(county, SEED)

    assert flags(plan) == sorted((case.rule, case.subject) for case in plan.planted)
    assert len(plan.planted) == 16


def test_a_county_with_nothing_planted_has_nothing_to_find() -> None:
    plan = generate(replace(small_county(), planted=()), SEED)

    assert flags(plan) == []


def test_no_household_carries_two_cases(plan: SamplePlan) -> None:
    numbers = [number for case in plan.planted for number in case.file_numbers]

    assert len(numbers) == len(set(numbers))


def test_every_case_says_what_is_expected_and_why_it_stands_alone(plan: SamplePlan) -> None:
    assert all(case.observed and case.expected and case.why_alone for case in plan.planted)
    assert len({case.case_id for case in plan.planted}) == len(plan.planted)


def test_photos_are_unique_but_for_the_planted_ones(plan: SamplePlan) -> None:
    photos = {claim.photo_sha256 for claim in plan.claims}

    assert len(plan.claims) - len(photos) == plan.county.planted.count(Rule.PHOTO_REUSED)


def test_every_household_claims_once_but_those_that_need_a_second_claim(plan: SamplePlan) -> None:
    claims = Counter(claim.file_number for claim in plan.claims)
    twice = {
        number
        for case in plan.planted
        if case.rule in (Rule.CLAIM_UNPAID, Rule.PAID_OFF_REGISTER)
        for number in case.file_numbers
    }

    assert set(claims) == {one.file_number for one in plan.households}
    assert {number for number, count in claims.items() if count > 1} == twice


def test_amounts_are_whole_fen_and_nothing_is_accepted_beyond_what_was_declared(plan: SamplePlan) -> None:
    for claim in plan.claims:
        assert claim.accepted * claim.rate_fen == claim.amount_fen
        assert 0 < claim.accepted <= claim.declared


def test_a_photo_is_taken_before_its_claim_in_county_time(plan: SamplePlan) -> None:
    assert all(claim.taken_at.date() < claim.submitted_on for claim in plan.claims)
    assert all(claim.taken_at.utcoffset() is not None for claim in plan.claims)
