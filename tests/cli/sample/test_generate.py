"""The generated counties carry their figures exactly and are the same for the same seed."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import cli.sample
from cli.sample.county import SiteKind, eryuan, small_county
from cli.sample.division import codes_of, division_bytes
from cli.sample.generate import generate
from cli.sample.household import township_of
from cli.sample.plan import SamplePlan
from cli.sample.sums import UnreachableFigure
from tests.cli.sample.conftest import SEED


def test_eryuan_has_the_households_and_persons_of_the_seed(eryuan_plan: SamplePlan) -> None:
    households = eryuan_plan.households

    assert (len(households), sum(len(one.members) for one in households)) == (4_290, 15_002)


def test_eryuan_has_the_dibao_overlap_of_the_seed(eryuan_plan: SamplePlan) -> None:
    dibao = [one for one in eryuan_plan.households if one.dibao]

    assert (len(dibao), sum(len(one.members) for one in dibao)) == (1_877, 5_782)


def test_every_member_of_a_dibao_household_is_on_dibao_and_nobody_else(plan: SamplePlan) -> None:
    assert all(member.dibao == one.dibao for one in plan.households for member in one.members)


def test_eryuan_has_9_townships_90_villages_23_key_villages_and_17_poor_ones(eryuan_plan: SamplePlan) -> None:
    counts = Counter(one.village_code for one in eryuan_plan.households)

    assert len(codes_of(eryuan_plan.divisions, "township")) == 9
    assert set(counts) == set(codes_of(eryuan_plan.divisions, "village"))
    assert len(counts) == 90
    assert sum(count > 50 for count in counts.values()) == 23
    assert len(set(eryuan_plan.poor_villages)) == 17


def test_no_poor_village_is_a_key_village(plan: SamplePlan) -> None:
    counts = Counter(one.village_code for one in plan.households)

    assert all(counts[village] <= plan.county.figures.key_village_over for village in plan.poor_villages)


def test_household_sizes_run_from_one_to_eight(eryuan_plan: SamplePlan) -> None:
    assert {len(one.members) for one in eryuan_plan.households} == set(range(1, 9))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(SiteKind.CENTRALIZED, (4, 175, 749)), (SiteKind.INTERSPERSED, (41, 1_384, 5_666))],
)
def test_eryuan_has_the_sites_of_the_seed(
    eryuan_plan: SamplePlan, kind: SiteKind, expected: tuple[int, int, int]
) -> None:
    sites = [site for site in eryuan_plan.sites if site.kind is kind]

    planned = sum(site.planned_households for site in sites), sum(site.planned_persons for site in sites)

    assert (len(sites), *planned) == expected


def test_what_a_site_plans_is_what_is_allocated_to_it(plan: SamplePlan) -> None:
    households, persons = Counter[str](), Counter[str]()
    for house in plan.houses:
        households[house.site_key] += 1
        persons[house.site_key] += house.persons

    assert {site.key: site.planned_households for site in plan.sites} == households
    assert {site.key: site.planned_persons for site in plan.sites} == persons


def test_three_look_backs_lead_from_4386_households_to_those_of_the_seed(eryuan_plan: SamplePlan) -> None:
    assert [one.households for one in eryuan_plan.rounds] == [4_386, 4_336, 4_302, 4_290]
    assert eryuan_plan.rounds[-1].persons == 15_002
    assert len(eryuan_plan.filed) == 4_405


def test_each_household_is_added_once_and_only_those_of_the_last_count_stay(plan: SamplePlan) -> None:
    added = [number for one in plan.rounds for number in one.added]
    removed = [number for one in plan.rounds for number, _ in one.removed]

    assert sorted(added) == [one.file_number for one in plan.filed]
    assert sorted(removed) == sorted(one.file_number for one in plan.removed_households)
    assert set(added) - set(removed) == {one.file_number for one in plan.households}


def test_whoever_dies_is_counted_until_it_is_recorded(eryuan_plan: SamplePlan) -> None:
    dead = [one for one in eryuan_plan.households if one.deceased]

    assert len(dead) == 1
    members = {one.file_number: len(one.members) for one in eryuan_plan.filed}
    assert eryuan_plan.rounds[0].persons == sum(members[ref] for ref in eryuan_plan.rounds[0].added) + 1


def test_a_household_moves_within_its_township(plan: SamplePlan) -> None:
    township = {site.key: site.township_code for site in plan.sites}

    moving = [one for one in plan.households if one.site_key is not None]

    assert all(township_of(one.village_code) == township[one.site_key or ""] for one in moving)


def test_eryuan_has_1247_completed_and_260_accepted_and_occupied_houses(eryuan_plan: SamplePlan) -> None:
    houses = eryuan_plan.houses

    assert len(houses) == 1_559
    assert sum(house.completed_on is not None for house in houses) == 1_247
    assert sum(house.accepted_on is not None for house in houses) == 260
    assert sum(house.moved_in_on is not None for house in houses) == 260


def test_stages_follow_each_other(plan: SamplePlan) -> None:
    for house in plan.houses:
        dates = (
            house.started_on,
            house.topped_out_on,
            house.completed_on,
            house.accepted_on,
            house.moved_in_on,
        )
        reached = [one for one in dates if one is not None]
        assert reached == sorted(reached)
        assert reached == list(dates[: len(reached)])


def test_eryuan_subsidises_783_completed_houses_with_20000_yuan_each(eryuan_plan: SamplePlan) -> None:
    paid = [house for house in eryuan_plan.houses if house.subsidy_fen]

    assert {house.subsidy_fen for house in paid} == {2_000_000}
    assert all(house.completed_on is not None for house in paid)
    assert (len(paid), sum(house.subsidy_fen for house in paid)) == (783, 1_566_000_000)


def test_batches_pay_each_claim_and_house_once_and_sum_up(plan: SamplePlan) -> None:
    amounts = {claim.key: claim.amount_fen for claim in plan.claims if claim.paid_on is not None}
    amounts |= {house.file_number: house.subsidy_fen for house in plan.houses if house.subsidy_fen}

    refs = [ref for batch in plan.batches for ref in batch.refs]

    assert Counter(refs) == Counter(amounts.keys())
    assert all(batch.control_sum_fen == sum(amounts[ref] for ref in batch.refs) for batch in plan.batches)


def test_no_programme_is_set_aside_less_than_its_batches_need(plan: SamplePlan) -> None:
    set_aside = {one.programme: one.amount_fen for one in plan.allocations}
    for batch in plan.batches:
        set_aside[batch.programme] -= batch.control_sum_fen

    assert min(set_aside.values()) >= 0


def test_every_step_of_the_calendar_touches_what_exists(plan: SamplePlan) -> None:
    known = {claim.key for claim in plan.claims}
    known |= {one.file_number for one in plan.households}
    known |= {batch.key for batch in plan.batches}
    known |= {fund.source for fund in plan.county.figures.funds}
    known |= {programme.code for programme in plan.programmes}
    known |= {one.key for one in plan.rounds}

    assert {ref for step in plan.calendar for ref in step.refs} <= known
    assert [step.on for step in plan.calendar] == sorted(step.on for step in plan.calendar)


def test_the_same_seed_gives_the_same_plan() -> None:
    assert repr(generate(small_county(), 7)) == repr(generate(small_county(), 7))
    assert repr(generate(eryuan(), 7)) == repr(generate(eryuan(), 7))


def test_another_seed_gives_other_people_and_the_same_figures(small_plan: SamplePlan) -> None:
    other = generate(small_county(), SEED + 1)

    assert other.households != small_plan.households
    assert len(other.households) == len(small_plan.households)


def test_figures_that_contradict_each_other_are_refused() -> None:
    county = small_county()
    impossible = replace(county, figures=replace(county.figures, persons=1_000))

    with pytest.raises(UnreachableFigure):
        generate(impossible, SEED)


def test_the_division_file_is_packaged_beside_the_generator() -> None:
    assert (
        division_bytes(eryuan()) == (Path(cli.sample.__file__).parent / "eryuan-divisions.csv").read_bytes()
    )
