"""The pure generator of a sample county: the same county and seed always give the same plan."""

from random import Random

from cli.sample.batch import build_allocations, build_batches
from cli.sample.chosen import choose
from cli.sample.claim import build_claims
from cli.sample.county import County, Rule
from cli.sample.division import load_divisions
from cli.sample.house import build_houses
from cli.sample.household import (
    build_households,
    build_removed,
    settle_sites,
    settle_villages,
    with_deceased,
)
from cli.sample.plan import SYNTHETIC_NOTE, SamplePlan
from cli.sample.planted import describe_cases
from cli.sample.round import build_rounds
from cli.sample.timeline import build_calendar


def generate(county: County, seed: int) -> SamplePlan:
    """Return the county's plan; UnreachableFigure when its figures contradict each other."""
    rng = Random(f"{county.key}:{seed}")  # noqa: S311 - repeatable sample data, nothing secret
    divisions = load_divisions(county)
    counts, poor_villages = settle_villages(county, divisions, rng)
    sites = settle_sites(county, counts, rng)
    households = build_households(county, counts, sites, rng)
    chosen = choose(county.planted, households, rng)
    houses = build_houses(county, households, chosen, rng)
    claims = build_claims(county, households, chosen, seed=seed, rng=rng)
    batches = build_batches(county, claims, houses)
    # Drawn last and apart, so that a county's people and money stay the same whatever its look-backs are.
    apart = Random(f"{county.key}:{seed}:rounds")  # noqa: S311 - as above
    households = with_deceased(households, chosen.households(Rule.ROUND_DOES_NOT_CLOSE), county, apart)
    removed = build_removed(county, households, apart)
    rounds = build_rounds(county, households, removed, chosen, rng=apart)
    calendar = build_calendar(
        county, chosen, claims=claims, houses=houses, batches=batches, rounds=rounds, households=households
    )
    return SamplePlan(
        county=county,
        seed=seed,
        note=SYNTHETIC_NOTE,
        divisions=divisions,
        households=households,
        removed_households=removed,
        rounds=rounds,
        poor_villages=poor_villages,
        sites=tuple(sites[0]),
        houses=houses,
        claims=claims,
        batches=batches,
        allocations=build_allocations(county, claims, houses),
        calendar=calendar,
        planted=describe_cases(county, chosen, claims, houses),
    )
