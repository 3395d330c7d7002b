"""A payment item that the bank rejected is issued again; one that stands in no batch can be withdrawn."""

from uuid import UUID

from starlette.responses import Response

from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from services.finance.access import require_county
from services.finance.domain.payment import reissue, withdraw
from services.finance.schemas import answer
from services.finance.store import payment as store


async def reissue_payment(payment_id: UUID, unit: UnitOfWork) -> Response:
    """Draft a new attempt linked to the rejected one."""
    require_county(unit, roles.OFFICER)
    async with unit:
        rejected = await store.lock_payment(unit, payment_id)
        attempt, fact = reissue(rejected, new_id=new_id(), today=unit.today)
        await store.add_payment(unit, attempt)
        unit.record(fact, sequence=attempt.version, area=attempt.area_code)
        return unit.answer(
            answer.drafted_payment(attempt), status=201, location=f"/finance/v1/payments/{attempt.id}"
        )


async def withdraw_payment(payment_id: UUID, reason: str, unit: UnitOfWork) -> Response:
    """Take back an item that stands in no batch; whoever asked for it hears of it."""
    require_county(unit, roles.OFFICER)
    async with unit:
        withdrawn, fact = withdraw(await store.lock_payment(unit, payment_id), reason, today=unit.today)
        await store.keep_withdrawal(unit, withdrawn, reason)
        unit.record(fact, sequence=withdrawn.version, area=withdrawn.area_code)
        shown = answer.drafted_payment(withdrawn).model_copy(
            update={"withdrawn_on": unit.today, "withdrawal_reason": reason}
        )
        return unit.answer(shown, status=201)
