"""Opening a round; and the open round that every other command of the procedure stands in."""

from dataclasses import replace
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import OFFICER
from contracts.values import ADD
from services.registry import rules, views_round
from services.registry.domain.division import DIGITS, division_prefix
from services.registry.domain.errors.round import ScopeUnknown
from services.registry.domain.proposal import check_reason
from services.registry.domain.round import Round, opened_fact, refuse_closed, refuse_overlap
from services.registry.domain.rule_pack import RulePack
from services.registry.schemas.round import RoundRequest
from services.registry.store import round as store

COUNTY_DIGITS = DIGITS["county"]


async def open_round(request: RoundRequest, unit: UnitOfWork) -> Answer:
    """Open a round with an entry for every household on the register."""
    unit.require(OFFICER)
    scope = division_prefix(request.scope)
    unit.require_area(scope)
    async with unit:
        pack = await rules.hold_pack(unit.driver, unit.today, area=scope)
        if request.candidate_reason is not None:
            check_reason(ADD, request.candidate_reason, pack)
        await store.lock_rounds(unit.driver, scope[:COUNTY_DIGITS])
        # Whatever it waited for was recorded before it opens.
        unit.now = unit.runtime.clock.now()
        refuse_overlap(scope, await store.list_open_scopes(unit.driver, scope), pack)
        opened = await _new_round(scope, request.kind, pack, unit)
        households, persons = await store.add_round(
            unit.driver, opened, candidates=request.include_candidates, reason=request.candidate_reason
        )
        opened = replace(opened, opening_households=households, opening_persons=persons)
        unit.record(opened_fact(opened), sequence=1, area=opened.area_code)
        location = f"/registry/v1/rounds/{opened.id}"
        return unit.answer(views_round.summary_of(opened), status=201, location=location)


async def load_open_round(unit: UnitOfWork, round_id: UUID) -> tuple[Round, RulePack]:
    """Return a round that stays open until the transaction ends, with the pack it was opened under."""
    found = await store.share_round(unit.driver, round_id, area=unit.principal.area)
    if found is None:
        raise NotFound
    refuse_closed(found)
    return found, await rules.load_pack(unit.driver, found.rule_pack, found.rule_pack_version)


async def _new_round(scope: str, kind: str, pack: RulePack, unit: UnitOfWork) -> Round:
    one = Round(
        id=new_id(),
        scope=scope,
        number=await store.next_number(unit.driver, scope, kind),
        kind=kind,
        rule_pack=pack.code,
        rule_pack_version=pack.version,
        opened_on=unit.today,
        opened_by=unit.principal.actor_id,
        opened_at=unit.now,
        opening_households=0,
        opening_persons=0,
    )
    if not await store.is_division(unit.driver, one.area_code):
        raise ScopeUnknown(pointer="/scope")
    return one
