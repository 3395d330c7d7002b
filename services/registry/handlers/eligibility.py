"""What partners learn of a person: yes or no, the category and the day, and nothing that they did not ask."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chassis.answers import Answer
from chassis.errors import Refusal
from chassis.unit_of_work import UnitOfWork
from contracts.roles import BANK, INSURER, OFFICER
from services.registry.domain.errors.partner import IdentityNumberInvalid
from services.registry.domain.household import check_day
from services.registry.handlers.record import own_area
from services.registry.schemas import answer
from services.registry.schemas.partner import (
    EligibilityBatch,
    EligibilityItem,
    EligibilityOfItem,
    EligibilityResults,
)
from services.registry.schemas.request import EligibilityQuestion
from services.registry.store.eligibility import Inquiry, Told, ask
from services.registry.store.scope import whole_register
from services.registry.store.sealed import hash_identity
from services.registry.workbook.identity import identity_fault

Asked = tuple[bytes, date]


async def check_eligibility(question: EligibilityQuestion, unit: UnitOfWork) -> Answer:
    """Tell a partner whether a person was on the register on a day, or keeps its policies. Bound by purpose, not by area."""
    unit.require(INSURER, BANK, OFFICER)
    check_day(question.on, unit.today)
    asked = hash_identity(unit.cipher, question.identity_number), question.on
    async with unit, whole_register(unit.driver, unit.principal.area):
        (told,) = await ask(unit.driver, _inquiry([asked], question.purpose, unit))
        return unit.answer(answer.Eligibility(**_told(told), valid_on=question.on))


async def check_many(batch: EligibilityBatch, unit: UnitOfWork) -> Answer:
    """Answer up to a thousand questions at once; a number that is none is refused alone, and not looked for."""
    unit.require(INSURER, BANK, OFFICER)
    looked_at = [_look_at(item, unit) for item in batch.items]
    asked = [one for one in looked_at if not isinstance(one, Refusal)]
    async with unit, whole_register(unit.driver, unit.principal.area):
        answers = iter(await ask(unit.driver, _inquiry(asked, batch.purpose, unit)))
        results = [
            _refused(index, item, one)
            if isinstance(one, Refusal)
            else _answered(index, item, one, next(answers))
            for index, (item, one) in enumerate(zip(batch.items, looked_at, strict=True))
        ]
        refused = len(results) - len(asked)
        return unit.answer(EligibilityResults(answered=len(asked), refused=refused, results=results))


def _look_at(item: EligibilityItem, unit: UnitOfWork) -> Asked | Refusal:
    on = item.on or unit.today
    number = item.identity_number.upper()
    fault = identity_fault(number, unit.today)
    try:
        if fault:
            raise IdentityNumberInvalid(f"The identity number breaks the rule {fault}.")
        check_day(on, unit.today)
    except Refusal as refusal:
        return refusal
    return hash_identity(unit.cipher, number), on


def _inquiry(people: Sequence[Asked], purpose: str, unit: UnitOfWork) -> Inquiry:
    return Inquiry(
        people=people,
        purpose=purpose,
        actor_id=unit.principal.actor_id,
        area=own_area(unit),
        at=unit.now,
    )


def _told(told: Told) -> dict[str, Any]:
    return {
        "registered": _yes_or_no(told.category is not None),
        "category": told.category,
        "policies_kept": _yes_or_no(told.keeps_policies),
    }


def _yes_or_no(is_so: bool) -> answer.YesOrNo:
    return "yes" if is_so else "no"


def _answered(index: int, item: EligibilityItem, asked: Asked, told: Told) -> EligibilityOfItem:
    return EligibilityOfItem(
        index=index,
        reference_id=item.reference_id,
        outcome="answered",
        **_told(told),
        valid_on=asked[1],
    )


def _refused(index: int, item: EligibilityItem, refusal: Refusal) -> EligibilityOfItem:
    field = "identity_number" if isinstance(refusal, IdentityNumberInvalid) else "on"
    return EligibilityOfItem(
        index=index,
        reference_id=item.reference_id,
        outcome="refused",
        code=refusal.code,
        message=refusal.message,
        pointer=f"/items/{index}/{field}",
    )
