"""What the demo knows while it plays: the plan, the people, and the ids that the services gave to the plan's things."""

from dataclasses import dataclass, field
from functools import cached_property

from chassis.money import format_yuan
from cli.api import Api
from cli.demo.people import People
from cli.sample.plan import SampleBatch, SampleClaim, SampleHouse, SampleHousehold, SamplePlan


@dataclass
class World:
    """The plan in the platform's own ids: households and houses by file number, the rest by the plan's keys."""

    plan: SamplePlan
    workbook: bytes
    people: People
    households: dict[str, str] = field(default_factory=dict)
    villages: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    houses: dict[str, str] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    funds: dict[str, str] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    paid_fen: dict[str, int] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def officer(self) -> Api:
        """The platform as the county officer sees it."""
        return self.people.officer.api

    @property
    def county_area(self) -> str:
        """The part of a division code that the county's divisions share."""
        return self.plan.county.code[:6]

    @cached_property
    def household(self) -> dict[str, SampleHousehold]:
        """The plan's households by file number."""
        return {one.file_number: one for one in self.plan.households}

    @cached_property
    def house(self) -> dict[str, SampleHouse]:
        """The plan's houses by file number."""
        return {one.file_number: one for one in self.plan.houses}

    @cached_property
    def claim(self) -> dict[str, SampleClaim]:
        """The plan's claims by key."""
        return {one.key: one for one in self.plan.claims}

    @cached_property
    def batch(self) -> dict[str, SampleBatch]:
        """The plan's batches by key."""
        return {one.key: one for one in self.plan.batches}


def yuan(fen: int) -> dict[str, str]:
    """Return an amount as requests carry it."""
    return {"amount": format_yuan(fen)}
