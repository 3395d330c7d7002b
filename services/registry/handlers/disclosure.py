"""Personal data shown in full: who, why and whose is committed before anything is returned."""

from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER, SERVICE
from services.registry.domain.disclosure import PAYEES, UNMASKING
from services.registry.handlers.record import put_on_record
from services.registry.schemas import answer
from services.registry.schemas.request import PayeeRequest
from services.registry.store import disclosure as store
from services.registry.store.sealed import open_household, open_member


async def unmask_person(person_id: UUID, reason: str, unit: UnitOfWork) -> Answer:
    """Show a person's identity number in full."""
    unit.require(CLERK, OFFICER)
    async with unit:
        row = await store.find_person(unit.driver, person_id, area=unit.principal.area)
        if row is None:
            raise NotFound
        await put_on_record(unit, UNMASKING, reason=reason, subjects=[(row["area_code"], person_id)])
        private = open_member(unit.cipher, row["sealed"])
        return unit.answer(
            answer.Unmasked(id=person_id, name=private.name, identity_number=private.identity_number)
        )


async def resolve_payees(request: PayeeRequest, unit: UnitOfWork) -> Answer:
    """Show names and accounts of households that are about to be paid."""
    unit.require(OFFICER, SERVICE)
    asked = list(dict.fromkeys(request.household_ids))
    async with unit:
        found = await store.list_payees(unit.driver, asked, area=unit.principal.area)
        subjects = [(row["area_code"], row["id"]) for row in found]
        await put_on_record(unit, PAYEES, reason=request.purpose, subjects=subjects)
        items = []
        for row in found:
            private, head = open_household(unit.cipher, row["sealed"]), open_member(unit.cipher, row["head"])
            items.append(
                answer.Payee(
                    household_id=row["id"],
                    name=head.name,
                    account=private.account,
                    bank_code=private.bank_code,
                )
            )
        seen = {row["id"] for row in found}
        return unit.answer(answer.Payees(items=items, missing=[each for each in asked if each not in seen]))
