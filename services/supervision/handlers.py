"""Commands: publishing a version of a rule."""

import re

import msgspec
from starlette.responses import Response

from chassis.errors import unrepeated
from chassis.unit_of_work import UnitOfWork
from services.supervision import schemas, views
from services.supervision.domain.errors import RuleKindChanged, RulePeriodReversed, RuleTermsInvalid
from services.supervision.domain.rule import TERMS, Rule, fault_of, terms_of
from services.supervision.rules import rules_in_use
from services.supervision.store import rule as rules_store
from services.supervision.store import trail

_WHERE = re.compile(r" - at `\$\.([a-z0-9_]+)")  # how msgspec names the place


async def publish_rule(request: schemas.RuleRequest, unit: UnitOfWork) -> Response:
    """Add the next version of a rule; the ticker adopts it and asks it about everything that is known."""
    terms = _terms(request)
    if request.effective_to is not None and request.effective_to < request.effective_from:
        raise RulePeriodReversed(pointer="/effective_to")
    async with unit:
        progress = await trail.lock_progress(unit.driver)
        await rules_in_use(unit.driver, progress.head, on=unit.today, at=unit.now)
        version, kind = await rules_store.last_version(unit.driver, request.code)
        if kind not in (None, request.kind):
            raise RuleKindChanged(pointer="/kind")
        rule = Rule(
            code=request.code,
            version=version + 1,
            kind=request.kind,
            terms=terms,
            severity=request.severity,
            effective_from=request.effective_from,
            effective_to=request.effective_to,
            basis_document=request.basis_document,
            explanation=request.explanation.model_dump(),
        )
        await rules_store.add_rules(unit.driver, [rule], by=unit.principal.actor_id, at=unit.now)
        return unit.answer(views.rule_of(rule, is_adopted=False), status=201)


def _terms(request: schemas.RuleRequest) -> object:
    if request.kind not in TERMS:
        raise RuleTermsInvalid("No such kind of rule is known.", pointer="/kind")
    try:
        terms = terms_of(request.kind, request.parameters)
    except msgspec.ValidationError as error:
        found = _WHERE.search(str(error))
        pointer = f"/parameters/{found[1]}" if found else "/parameters"
        raise RuleTermsInvalid(f"The parameters do not fit: {unrepeated(error)}", pointer=pointer) from error
    fault = fault_of(terms)
    if fault is not None:
        raise RuleTermsInvalid(fault.rule, pointer=f"/parameters/{fault.name}")
    return terms
