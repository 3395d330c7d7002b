"""The pure generator of a sample county: the same county and seed always give the same plan."""

from random import Random

from cli.sample.batch import build_allocations, build_batches
from cli.sample.chosen import choose
from cli.sample.claim import build_claims
from cli.sample.county import County
from cli.sample.division import load_divisions
from cli.sample.house import build_houses
from cli.sample.household import build_households, settle_sites, settle_villages
from cli.sample.plan import SYNTHETIC_NOTE, SamplePlan
from cli.sample.planted import describe_cases
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
    return SamplePlan(
        county=county,
        seed=seed,
        note=SYNTHETIC_NOTE,
        divisions=divisions,
        households=households,
        poor_villages=poor_villages,
        sites=tuple(sites[0]),
        houses=houses,
        claims=claims,
        batches=batches,
        allocations=build_allocations(county, claims, houses),
        calendar=build_calendar(county, chosen, claims=claims, houses=houses, batches=batches),
        planted=describe_cases(county, chosen, claims, houses),
    )
