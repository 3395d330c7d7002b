"""Everything that happens to an allocated house: stages, acceptance, moving in, corrections, the subsidy."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from chassis.answers import Answer
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.relocation import views
from services.relocation.commands import (
    AdvanceHouse,
    CorrectStage,
    HouseCommand,
    InspectHouse,
    MoveIn,
    RequestSubsidy,
)
from services.relocation.domain import house as domain
from services.relocation.domain.acceptance import inspect
from services.relocation.domain.errors import HouseUnknown
from services.relocation.domain.house import Decision, House
from services.relocation.domain.rule import HOUSING_SUBSIDY, Rule
from services.relocation.domain.subsidy import request_subsidy
from services.relocation.handlers import outcome as outcomes_of
from services.relocation.handlers.outcome import Outcome
from services.relocation.store import due as dues_store
from services.relocation.store import house as houses_store
from services.relocation.store import rule as rules_store
from services.relocation.store import site as sites_store

MAY: dict[type, tuple[str, ...]] = {
    AdvanceHouse: (CLERK, OFFICER),
    MoveIn: (CLERK, OFFICER),
    CorrectStage: (CLERK, OFFICER),
    InspectHouse: (OFFICER,),
    RequestSubsidy: (OFFICER,),
}


class Basis(NamedTuple):
    """What is decided on; houses and asked stages change as items are decided."""

    houses: dict[UUID, House]
    programmes: list[Rule]
    asked: dict[UUID, set[str]]
    sites_since: dict[UUID, date]


async def decide_house(command: HouseCommand, unit: UnitOfWork) -> Answer:
    """Decide one command on one house."""
    unit.require(*MAY[type(command)])
    async with unit:
        decision = outcomes_of.only(await _decide_all([command], unit, atomic=False))
        return unit.answer(views.decision_of(decision), etag=decision.house.version)


async def decide_houses(commands: Sequence[HouseCommand], unit: UnitOfWork, *, atomic: bool) -> Answer:
    """Decide many commands of one kind."""
    unit.require(*MAY[type(commands[0])])
    async with unit:
        return unit.answer(outcomes_of.results(commands, await _decide_all(commands, unit, atomic=atomic)))


async def _decide_all(commands: Sequence[HouseCommand], unit: UnitOfWork, *, atomic: bool) -> list[Outcome]:
    basis = await _load(commands, unit)
    outcomes = [outcomes_of.attempt(lambda c: _decide(c, basis, unit), command) for command in commands]
    outcomes_of.refuse_if_atomic(outcomes, atomic=atomic)
    decisions = outcomes_of.decided(outcomes)
    changed = {decision.house.id: decision.house for decision in decisions}
    await houses_store.save_houses(unit.driver, changed.values())
    await dues_store.add_dues(unit.driver, [decision.due for decision in decisions if decision.due])
    await outcomes_of.record(outcomes, unit)
    return outcomes


async def _load(commands: Sequence[HouseCommand], unit: UnitOfWork) -> Basis:
    houses = await houses_store.lock_houses(
        unit.driver, (command.house_id for command in commands), area=unit.principal.area
    )
    match commands[0]:
        case RequestSubsidy():
            programmes = await rules_store.hold_editions(unit.driver, HOUSING_SUBSIDY)
            return Basis(houses, programmes, await dues_store.find_asked(unit.driver, houses), {})
        case CorrectStage():
            sites = (house.site_id for house in houses.values())
            return Basis(houses, [], {}, await sites_store.registration_days(unit.driver, sites))
        case _:
            return Basis(houses, [], {}, {})


def _decide(command: HouseCommand, basis: Basis, unit: UnitOfWork) -> Decision:
    house = basis.houses.get(command.house_id)
    if house is None:
        raise HouseUnknown
    decision = _decision(command, house, basis, unit)
    basis.houses[house.id] = decision.house
    if decision.due:
        basis.asked.setdefault(house.id, set()).add(decision.due.stage)
    return decision


def _decision(command: HouseCommand, house: House, basis: Basis, unit: UnitOfWork) -> Decision:
    today = unit.today
    match command:
        case AdvanceHouse(stage=stage, on=on, floor_area_m2=area):
            return domain.advance(house, stage, on=on, today=today, floor_area_m2=area)
        case InspectHouse(checklist=checklist, on=on):
            return inspect(house, checklist, on=on, today=today)
        case MoveIn(on=on):
            return domain.move_in(house, on=on, today=today)
        case CorrectStage(stage=stage, on=on, reason=reason):
            since = basis.sites_since.get(house.site_id)
            return domain.correct_stage(house, stage, on=on, reason=reason, today=today, site_since=since)
        case RequestSubsidy(stage=stage):
            asked = basis.asked.get(house.id, set())
            return request_subsidy(house, stage, basis.programmes, asked=asked, due_id=new_id(), today=today)
