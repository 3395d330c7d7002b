"""Personal data shown in full: who, why and whose is committed before anything is returned."""

from collections.abc import Iterable
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.roles import BANK, CLERK, INSURER, OFFICER, SERVICE
from services.registry.domain.household import check_day
from services.registry.schemas import answer
from services.registry.schemas.request import EligibilityQuestion, PayeeRequest
from services.registry.store import disclosure as store
from services.registry.store.disclosure import Disclosure, Question
from services.registry.store.scope import whole_register
from services.registry.store.sealed import hash_identity, open_household, open_member


async def unmask_person(person_id: UUID, reason: str, unit: UnitOfWork) -> Answer:
    """Show a person's identity number in full."""
    unit.require(CLERK, OFFICER)
    async with unit:
        row = await store.find_person(unit.driver, person_id, area=unit.principal.area)
        if row is None:
            raise NotFound
        await _record(unit, "unmasking", reason, [(row["area_code"], person_id)])
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
        await _record(unit, "payees", request.purpose, [(row["area_code"], row["id"]) for row in found])
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


async def check_eligibility(question: EligibilityQuestion, unit: UnitOfWork) -> Answer:
    """Tell a partner whether a person was on the register on a day. Bound by purpose, not by area."""
    unit.require(INSURER, BANK, OFFICER)
    check_day(question.on, unit.today)
    asked = Question(
        identity_hash=hash_identity(unit.cipher, question.identity_number),
        on=question.on,
        purpose=question.purpose,
        actor_id=unit.principal.actor_id,
        at=unit.now,
    )
    async with unit, whole_register(unit.driver, unit.principal.area):
        category = await store.ask(unit.driver, asked)
        registered = "no" if category is None else "yes"
        return unit.answer(answer.Eligibility(registered=registered, category=category))


async def _record(
    unit: UnitOfWork, kind: str, reason: str, subjects: Iterable[tuple[str, UUID | None]]
) -> None:
    shown = Disclosure(
        kind=kind,
        actor_id=unit.principal.actor_id,
        reason=reason,
        at=unit.now,
        subjects=list(subjects),
    )
    await store.add_disclosure(unit.driver, shown)
