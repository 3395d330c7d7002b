"""Proposing a rule pack, reviewing it as a second person, and bringing it into force from a day on."""

from dataclasses import replace
from datetime import date

from chassis.answers import Answer
from chassis.errors import Forbidden
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.events.policy import RulePackActivated
from contracts.roles import OFFICER
from services.registry import views_rule_pack
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.rule_pack_check import make_pack
from services.registry.domain.rule_pack_state import (
    PackVersion,
    check_activation,
    check_change,
    check_review,
)
from services.registry.rules import pack_in_force, shipped_packs
from services.registry.schemas.rule_pack import PackActivation, PackProposal
from services.registry.store import rule_pack as store
from services.registry.store.row import COUNTY_DIGITS
from services.registry.store.rule_pack import Activation
from services.registry.views_rule_pack import load_version

CODE_LENGTH = 12


async def propose_pack(request: PackProposal, unit: UnitOfWork) -> Answer:
    """Keep a version of a pack as a draft."""
    scope = _scope(unit)
    async with unit:
        base = await _base(request, unit)
        version = PackVersion(
            pack=make_pack(
                request.content,
                base,
                code=request.code,
                version=await _next_version(request.code, unit),
                title=request.title,
                document=request.document,
            ),
            scope=scope,
            proposed_by=unit.principal.actor_id,
            proposed_on=unit.today,
            based_on=None if base is None else (base.code, base.version),
        )
        await store.add_version(unit.driver, version, unit.now)
        location = f"/registry/v1/rule-packs/{request.code}/versions/{version.pack.version}"
        return unit.answer(views_rule_pack.shown(version, []), status=201, location=location)


async def review_pack(code: str, version: int, unit: UnitOfWork) -> Answer:
    """Confirm a draft as a second person."""
    area = _scope(unit)
    async with unit:
        draft = await load_version(unit, code, version)
        check_review(draft, reviewer=unit.principal.actor_id, area=area)
        reviewed = replace(draft, reviewed_by=unit.principal.actor_id, reviewed_on=unit.today)
        await store.add_review(unit.driver, reviewed, unit.now)
        return unit.answer(views_rule_pack.listed(reviewed), status=201)


async def activate_pack(code: str, version: int, request: PackActivation, unit: UnitOfWork) -> Answer:
    """Bring a reviewed version into force in the caller's area from a day on."""
    scope = _scope(unit)
    active_from = request.active_from
    async with unit:
        reviewed = await load_version(unit, code, version)
        await store.lock_activations(unit.driver)
        used_until = await store.used_until(unit.driver, scope)
        check_activation(reviewed, active_from=active_from, used_until=used_until)
        check_change(reviewed, await pack_in_force(unit.driver, active_from, area=scope))
        activation = _activation(reviewed.pack, scope, active_from, unit)
        await store.add_activation(unit.driver, activation)
        fact = RulePackActivated(
            code=code, version=version, active_from=active_from, document=reviewed.pack.document
        )
        unit.record(fact, sequence=version, area=scope.ljust(CODE_LENGTH, "0"))
        return unit.answer(views_rule_pack.activation_of(activation), status=201)


def _scope(unit: UnitOfWork) -> str:
    """Return the caller's area; rules are a county's to set, or of whoever stands above it."""
    unit.require(OFFICER)
    if len(unit.principal.area) > COUNTY_DIGITS:
        raise Forbidden("Rules are set by a county or above it.")
    return unit.principal.area


async def _base(request: PackProposal, unit: UnitOfWork) -> RulePack | None:
    if request.based_on is None:
        return None
    return (await load_version(unit, request.based_on.code, request.based_on.version)).pack


async def _next_version(code: str, unit: UnitOfWork) -> int:
    shipped = shipped_packs().get(code)
    return max(await store.last_version(unit.driver, code), shipped.version if shipped else 0) + 1


def _activation(pack: RulePack, scope: str, active_from: date, unit: UnitOfWork) -> Activation:
    return Activation(
        id=new_id(),
        code=pack.code,
        version=pack.version,
        scope=scope,
        active_from=active_from,
        actor_id=unit.principal.actor_id,
        activated_on=unit.today,
        recorded_at=unit.now,
    )
