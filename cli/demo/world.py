"""What the demo knows while it plays: the plan, the people, and the ids that the services gave to the plan's things."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from chassis.money import format_yuan
from cli.api import Api
from cli.demo.people import People
from cli.demo.tried import TriedGate
from cli.sample.plan import SampleBatch, SampleClaim, SampleHouse, SampleHousehold, SamplePlan, SampleRound


@dataclass
class World:
    """The plan in the platform's own ids: households and houses by file number, the rest by the plan's keys."""

    plan: SamplePlan
    workbook: bytes
    people: People
    households: dict[str, str] = field(default_factory=dict)
    # Who is on the register now, by file number.
    registered: set[str] = field(default_factory=set)
    rounds: dict[str, str] = field(default_factory=dict)
    closings: dict[str, dict[str, int]] = field(default_factory=dict)
    # Notices by round (or "exit"), kind and village; meetings of those who met apart; the last visit of a household.
    notices: dict[tuple[str, str, str], str] = field(default_factory=dict)
    meetings: dict[str, str] = field(default_factory=dict)
    cut_notices: dict[str, str] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    houses: dict[str, str] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    funds: dict[str, str] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    paid_fen: dict[str, int] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    gates: list[TriedGate] = field(default_factory=list)

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
        return {one.file_number: one for one in self.plan.filed}

    @cached_property
    def round(self) -> dict[str, SampleRound]:
        """The plan's rounds by key."""
        return {one.key: one for one in self.plan.rounds}

    def village(self, file_number: str) -> str:
        """Return the village of a household of the plan."""
        return self.household[file_number].village_code

    def by_village(self, file_numbers: Iterable[str]) -> dict[str, list[str]]:
        """Return file numbers by their villages."""
        found: dict[str, list[str]] = {}
        for number in sorted(file_numbers):
            found.setdefault(self.village(number), []).append(number)
        return found

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
