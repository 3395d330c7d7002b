"""What finance does about facts of subsidy and relocation: it takes on obligations, each once for ever."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from chassis.events import Envelope, Fact, Received
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.events.relocation import HousingSubsidyDue
from contracts.events.subsidy import ClaimApproved
from contracts.values import SOURCE_CLAIM, SOURCE_HOUSE_STAGE
from services.finance.access import AREA_DIGITS
from services.finance.domain.payment import Payment, Status, drafted_fact
from services.finance.store.payment import add_obligation


async def on_claim_approved(event: Received[ClaimApproved], unit: UnitOfWork) -> None:
    """Take on what an approved claim is owed."""
    await _take_on(event.data, (SOURCE_CLAIM, event.data.claim_id), event.envelope, unit)


async def on_housing_subsidy_due(event: Received[HousingSubsidyDue], unit: UnitOfWork) -> None:
    """Take on an instalment of the housing subsidy."""
    await _take_on(event.data, (SOURCE_HOUSE_STAGE, event.data.due_id), event.envelope, unit)


async def _take_on(
    fact: ClaimApproved | HousingSubsidyDue, source: tuple[str, UUID], envelope: Envelope, unit: UnitOfWork
) -> None:
    if fact.amount_fen == 0:
        return  # nothing is owed
    payment = Payment(
        id=new_id(),
        area_code=envelope.areacode.ljust(AREA_DIGITS, "0"),
        obligation_id=new_id(),
        attempt=1,
        replaces=None,
        source_kind=source[0],
        source_id=source[1],
        household_id=fact.household_id,
        programme_code=fact.programme_code,
        period=fact.period,
        amount_fen=fact.amount_fen,
        drafted_on=unit.today,
        status=Status.DRAFTED,
        batch_id=None,
        version=1,
    )
    if await add_obligation(unit, payment):
        unit.record(drafted_fact(payment), sequence=1, area=payment.area_code)


CONSUMERS: dict[type[Fact], Callable[[Received[Any], UnitOfWork], Awaitable[None]]] = {
    ClaimApproved: on_claim_approved,
    HousingSubsidyDue: on_housing_subsidy_due,
}
