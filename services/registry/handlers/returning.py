"""A household that comes back to the register: on a visit that finds it poor again, or by hand before the first round."""

from uuid import UUID

from chassis.answers import Answer
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from contracts.values import ADD
from services.registry import rules, views
from services.registry.domain import household as domain
from services.registry.domain.effect import refuse_registered
from services.registry.domain.exit_criteria import refuse_without_relapse
from services.registry.domain.household import Household
from services.registry.domain.leaving import refuse_emptied
from services.registry.domain.proposal import check_reason
from services.registry.domain.rule_pack import RulePack
from services.registry.handlers.decided import decided_of, save_decided
from services.registry.handlers.leaving import find_look, leave_rounds, load
from services.registry.handlers.procedure import keep_rounds, procedure_required
from services.registry.schemas.leaving import ReturnRequest
from services.registry.store.household import list_closing_reasons
from services.registry.store.people import restore_people

HOUSEHOLD_RETURNED = "household-returned"


async def return_household(household_id: UUID, request: ReturnRequest, unit: UnitOfWork) -> Answer:
    """Take a household back."""
    unit.require(CLERK, OFFICER)
    async with keep_rounds(unit):
        household = await load(unit, household_id)
        on = request.on or unit.today
        decision = domain.return_to_register(household, reason=request.reason, on=on, today=unit.today)
        pack = await rules.pack_in_force(unit.driver, on, area=household.village_code)
        closed_for = await list_closing_reasons(unit.driver, [household_id])
        refuse_emptied(closed_for.get(household_id), pack)
        if await procedure_required(unit, [household.village_code]):
            await _refuse_without_relapse(unit, household, request, pack)
        decided = decided_of(decision, request.reason, unit)
        await leave_rounds(unit, [household_id], HOUSEHOLD_RETURNED)
        await save_decided(unit, [decided])
        refuse_registered(
            await restore_people(unit.driver, [decided.household], unit.cipher, area=unit.principal.area)
        )
        return unit.answer(views.summary_of(decided.household), etag=decided.household.version)


async def _refuse_without_relapse(
    unit: UnitOfWork, household: Household, request: ReturnRequest, pack: RulePack
) -> None:
    on = request.on or unit.today
    check_reason(ADD, request.reason, pack)
    look = await find_look(unit, household, request.visit_id) if request.visit_id else None
    refuse_without_relapse(look, pack, household.village_code, left_on=household.status_since, on=on)
