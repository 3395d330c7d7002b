"""The two generated counties, made once."""

import pytest

from cli.sample.county import COUNTIES, eryuan, small_county
from cli.sample.generate import generate
from cli.sample.plan import SamplePlan

SEED = 2016


@pytest.fixture(scope="session")
def eryuan_plan() -> SamplePlan:
    return generate(eryuan(), SEED)


@pytest.fixture(scope="session")
def small_plan() -> SamplePlan:
    return generate(small_county(), SEED)


@pytest.fixture(scope="session", params=sorted(COUNTIES))
def plan(request: pytest.FixtureRequest, eryuan_plan: SamplePlan, small_plan: SamplePlan) -> SamplePlan:
    return {"eryuan": eryuan_plan, "small": small_plan}[request.param]
