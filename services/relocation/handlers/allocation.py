"""Allocation: a household on the register gets its one house."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.relocation import views
from services.relocation.commands import AllocateHousehold
from services.relocation.domain import house as domain
from services.relocation.domain import rules
from services.relocation.domain.errors import HouseholdAlreadyAllocated, HouseholdUnknown, SiteUnknown
from services.relocation.domain.house import Decision, Place
from services.relocation.domain.household import Household
from services.relocation.domain.rule import AREA_CAP, Rule, area_cap_m2
from services.relocation.handlers import outcome as outcomes_of
from services.relocation.handlers.outcome import Outcome
from services.relocation.store import house as houses_store
from services.relocation.store import household as households_store
from services.relocation.store import rule as rules_store
from services.relocation.store import site as sites_store


class Basis(NamedTuple):
    """What an allocation is decided on; places and housed households grow as items are decided."""

    households: dict[UUID, Household]
    places: dict[UUID, Place]
    housed: set[UUID]
    caps: list[Rule]


async def allocate_household(command: AllocateHousehold, unit: UnitOfWork) -> Answer:
    """Give one household its house."""
    unit.require(CLERK, OFFICER)
    async with unit:
        house = outcomes_of.only(await _allocate([command], unit, atomic=False)).house
        location = f"/relocation/v1/houses/{house.id}"
        return unit.answer(views.house_of(house), status=201, etag=house.version, location=location)


async def allocate_households(
    commands: Sequence[AllocateHousehold], unit: UnitOfWork, *, atomic: bool
) -> Answer:
    """Give many households their houses."""
    unit.require(CLERK, OFFICER)
    async with unit:
        return unit.answer(outcomes_of.results(commands, await _allocate(commands, unit, atomic=atomic)))


async def _allocate(
    commands: Sequence[AllocateHousehold], unit: UnitOfWork, *, atomic: bool
) -> list[Outcome]:
    basis = await _load(commands, unit)
    outcomes = [outcomes_of.attempt(lambda c: _decide(c, basis, unit), command) for command in commands]
    outcomes_of.refuse_if_atomic(outcomes, atomic=atomic)
    added = await houses_store.add_houses(
        unit.driver, [decision.house for decision in outcomes_of.decided(outcomes)]
    )
    outcomes = [_unless_taken(outcome, added) for outcome in outcomes]
    outcomes_of.refuse_if_atomic(outcomes, atomic=atomic)
    await outcomes_of.record(outcomes, unit)
    return outcomes


async def _load(commands: Sequence[AllocateHousehold], unit: UnitOfWork) -> Basis:
    area = unit.principal.area
    ids = [command.household_id for command in commands]
    return Basis(
        places=await sites_store.lock_places(unit.driver, (c.site_id for c in commands), area=area),
        households=await households_store.find_households(unit.driver, ids, area=area),
        housed=await households_store.find_housed(unit.driver, ids),
        caps=await rules_store.hold_editions(unit.driver, AREA_CAP),
    )


def _decide(command: AllocateHousehold, basis: Basis, unit: UnitOfWork) -> Decision:
    household = basis.households.get(command.household_id)
    place = basis.places.get(command.site_id)
    if household is None:
        raise HouseholdUnknown(pointer="/household_id")
    if place is None:
        raise SiteUnknown(pointer="/site_id")
    if household.id in basis.housed:
        raise HouseholdAlreadyAllocated(pointer="/household_id")
    rules.check_date(command.on, earlier=[place.site.registered_on], later=[], today=unit.today)
    decision = domain.allocate(
        household,
        place,
        house_id=new_id(),
        area_cap_m2=area_cap_m2(basis.caps, household.persons, command.on),
        floor_area_m2=command.floor_area_m2,
        on=command.on,
    )
    basis.housed.add(household.id)
    basis.places[place.site.id] = place._replace(allocated=place.allocated + 1)
    return decision


def _unless_taken(outcome: Outcome, added: set[UUID]) -> Outcome:
    # Another transaction was faster, or the other house lies outside the caller's area.
    if isinstance(outcome, Refusal) or outcome.house.id in added:
        return outcome
    return HouseholdAlreadyAllocated(pointer="/household_id")
