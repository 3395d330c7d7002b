"""What this service does about facts of the registry and of finance."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from chassis.events import Fact, Received
from chassis.unit_of_work import UnitOfWork
from contracts.events import registry
from contracts.events.finance import PaymentRejected, PaymentSettled, PaymentWithdrawn
from contracts.values import SOURCE_HOUSE_STAGE
from services.relocation.domain.errors import DueUnknown
from services.relocation.domain.household import HouseholdEvent, news_of
from services.relocation.store.due import REJECTED, SETTLED, WITHDRAWN, Report, add_report, find_area
from services.relocation.store.household import hear_news

AREA_DIGITS = 12


async def on_household(event: Received[HouseholdEvent], unit: UnitOfWork) -> None:
    """Bring the copy of the register up to date."""
    area = event.envelope.areacode.ljust(AREA_DIGITS, "0")
    await hear_news(unit.driver, news_of(event.data), sequence=event.envelope.sequence, area=area)


async def on_payment_settled(event: Received[PaymentSettled], unit: UnitOfWork) -> None:
    """Note that an instalment reached the household; what the bank credited counts."""
    fact = event.data
    if fact.source_kind == SOURCE_HOUSE_STAGE:
        report = Report(
            payment_id=fact.payment_id,
            attempt=fact.attempt,
            outcome=SETTLED,
            due_id=fact.source_id,
            amount_fen=fact.bank_amount_fen,
            reason=None,
            happened_on=fact.paid_on,
        )
        await _keep(report, unit)


async def on_payment_rejected(event: Received[PaymentRejected], unit: UnitOfWork) -> None:
    """Note that the bank sent an instalment back, and why."""
    await _came_to_nothing(event.data, REJECTED, unit, on=event.data.rejected_on)


async def on_payment_withdrawn(event: Received[PaymentWithdrawn], unit: UnitOfWork) -> None:
    """Note that the county took the payment of an instalment back, and why."""
    await _came_to_nothing(event.data, WITHDRAWN, unit, on=event.data.withdrawn_on)


async def _came_to_nothing(
    fact: PaymentRejected | PaymentWithdrawn, outcome: str, unit: UnitOfWork, *, on: date
) -> None:
    if fact.source_kind == SOURCE_HOUSE_STAGE:
        report = Report(
            payment_id=fact.payment_id,
            attempt=fact.attempt,
            outcome=outcome,
            due_id=fact.source_id,
            amount_fen=fact.amount_fen,
            reason=fact.reason,
            happened_on=on,
        )
        await _keep(report, unit)


async def _keep(report: Report, unit: UnitOfWork) -> None:
    area = await find_area(unit.driver, report.due_id)
    if area is None:
        # Parked by the consumer and seen by an operator: money moved for an instalment nobody asked for here.
        raise DueUnknown
    await add_report(unit.driver, report, area=area, at=unit.now)


CONSUMERS: dict[type[Fact], Callable[[Received[Any], UnitOfWork], Awaitable[None]]] = {
    **dict.fromkeys(registry.EVENTS, on_household),
    PaymentSettled: on_payment_settled,
    PaymentRejected: on_payment_rejected,
    PaymentWithdrawn: on_payment_withdrawn,
}
