"""A household on its way out: pre-exit by computed criteria, taken back, announced, closed when its policies end."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.events.registry import ExitAssessment
from contracts.roles import CLERK, OFFICER
from contracts.values import CLOSED, PRE_EXIT
from services.registry import rules, views
from services.registry.domain import exit_criteria as criteria
from services.registry.domain import leaving as domain
from services.registry.domain.errors.leaving import VisitUnknown
from services.registry.domain.errors.life_cycle import HouseholdNotInPreExit
from services.registry.domain.exit_criteria import OVERTAKEN, TAKEN_BACK, CommitteeVote, Look
from services.registry.domain.freshness import add_months
from services.registry.domain.household import Decision, Household
from services.registry.domain.outcome import Outcome
from services.registry.domain.procedure import LEFT, OPEN
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.visit import Visit
from services.registry.handlers.decided import decided_of, save_decided
from services.registry.handlers.notice import void_exits_for, void_for
from services.registry.schemas.leaving import EndRequest, PreExitRequest
from services.registry.schemas.request import ReasonRequest
from services.registry.store import entry as entries
from services.registry.store import household as households
from services.registry.store import pre_exit as store
from services.registry.store import visit as visits
from services.registry.store.pre_exit import Evidence, PreExit

HOUSEHOLD_LEFT = "household-left"
PRE_EXIT_ENDED = "pre-exit-ended"


async def pre_exit_household(household_id: UUID, request: PreExitRequest, unit: UnitOfWork) -> Answer:
    """Let a household that meets every criterion of exit wait for its notice."""
    unit.require(CLERK, OFFICER)
    async with unit:
        household = await load(unit, household_id)
        pack = await rules.hold_pack(unit.driver, request.on, area=household.village_code)
        vote = CommitteeVote(**request.evaluation.model_dump())
        assessment = await _assess(unit, household, request, pack, vote=vote)
        decision = domain.pre_exit(household, assessment, on=request.on, today=unit.today)
        one = PreExit(
            household_id=household_id,
            on=request.on,
            status_before=household.status,
            rule_pack_version=pack.version,
            vote=vote,
            assessment=assessment,
        )
        evidence = Evidence(
            signature_sha256=request.signature_sha256,
            actor_id=unit.principal.actor_id,
            at=unit.now,
        )
        await store.add_pre_exit(unit.driver, one, evidence, id_=new_id(), area_code=household.village_code)
        return await _decide(unit, decision, None)


async def take_back_pre_exit(household_id: UUID, request: ReasonRequest, unit: UnitOfWork) -> Answer:
    """Take a pre-exit back; the household stands as before."""
    unit.require(CLERK, OFFICER)
    async with unit:
        household = await take_back(unit, household_id, reason=request.reason, on=request.on or unit.today)
        return unit.answer(views.summary_of(household), etag=household.version)


async def take_back(unit: UnitOfWork, household_id: UUID, *, reason: str, on: date) -> Household:
    """Take a pre-exit back inside the unit's transaction; an exit notice that lists the household is void."""
    household = await load(unit, household_id)
    pending = (await store.lock_pending(unit.driver, [household_id])).get(household_id)
    if pending is None:
        raise HouseholdNotInPreExit
    before = pending.status_before
    decision = domain.take_back_pre_exit(household, before, reason=reason, on=on, today=unit.today)
    await store.end_pending(unit.driver, {household_id: None}, outcome=TAKEN_BACK, on=on)
    await void_exits_for(unit, [household_id], PRE_EXIT_ENDED)
    decided = decided_of(decision, reason, unit)
    await save_decided(unit, [decided])
    return decided.household


async def overtake_exits(unit: UnitOfWork, before: Iterable[Household], *, on: date) -> None:
    """End the pending exits of households that a round kept or removed meanwhile."""
    pending = [household.id for household in before if household.status == PRE_EXIT]
    await store.end_pending(unit.driver, dict.fromkeys(pending), outcome=OVERTAKEN, on=on)
    if pending:
        await void_exits_for(unit, pending, PRE_EXIT_ENDED)


async def resume_exits(unit: UnitOfWork, outcomes: Iterable[Outcome]) -> None:
    """Let exits wait again that the closing of a file overtook, once the closing is undone."""
    resumed = [
        each.after.id
        for each in outcomes
        if each.before and each.before.status == CLOSED and each.after.status == PRE_EXIT
    ]
    await store.resume_overtaken(unit.driver, resumed)


async def leave_rounds(unit: UnitOfWork, household_ids: Collection[UUID], reason: str) -> None:
    """Let households that left the register otherwise leave the open rounds, too; lists that name them are void."""
    leaving = [
        entry for entry, _ in await entries.lock_open(unit.driver, household_ids) if entry.outcome == OPEN
    ]
    await void_for(unit, leaving, reason)
    for round_id in {entry.round_id for entry in leaving}:
        left = [replace(entry, outcome=LEFT) for entry in leaving if entry.round_id == round_id]
        await entries.save_entries(unit.driver, round_id, left)


async def close_household(household_id: UUID, request: EndRequest, unit: UnitOfWork) -> Answer:
    """Close the file of a household whose kept policies have ended."""
    unit.require(CLERK, OFFICER)
    async with unit:
        household = await load(unit, household_id)
        pack = await rules.pack_in_force(unit.driver, household.status_since, area=household.village_code)
        kept_until = await store.find_kept_until(unit.driver, household_id, household.status_since)
        decision = domain.end_policies(
            household,
            kept_until=kept_until or add_months(household.status_since, pack.exit.policy_kept_months),
            pack=pack,
            on=request.on or unit.today,
            today=unit.today,
        )
        await households.remove_people(unit.driver, [household])
        return await _decide(unit, decision, domain.POLICIES_ENDED)


async def load(unit: UnitOfWork, household_id: UUID) -> Household:
    """Return a household of the caller's area, locked."""
    found = await households.lock_households(unit.driver, [household_id], area=unit.principal.area)
    if household_id not in found:
        raise NotFound
    return found[household_id]


async def find_look(unit: UnitOfWork, household: Household, visit_id: UUID) -> Look | None:
    """Return a visit to a household as an exit or a return weighs it."""
    visit = await visits.find_visit(unit.driver, visit_id, unit.cipher, area=unit.principal.area)
    if visit is None or visit.household_id != household.id:
        return None
    return look_of(visit)


def look_of(visit: Visit) -> Look:
    """Return a visit as an exit or a return weighs it."""
    income = visit.per_capita_income_fen
    return Look(
        visit_id=visit.id,
        visited_on=visit.visited_on,
        is_annulled=not visit.is_valid,
        is_complete=visit.checks_complete and income is not None,
        per_capita_income_fen=income or 0,
        holding=frozenset((*visit.found.assurances_met, *visit.found.guarantees_met)),
    )


async def _assess(
    unit: UnitOfWork, household: Household, request: PreExitRequest, pack: RulePack, *, vote: CommitteeVote
) -> ExitAssessment:
    look = await find_look(unit, household, request.visit_id)
    if look is None:
        raise VisitUnknown(pointer="/visit_id")
    criteria.refuse_later(look, vote, request.on)
    signed = request.signature_sha256 is not None
    return criteria.check_exit(look, pack, household.village_code, vote=vote, signed=signed, on=request.on)


async def _decide(unit: UnitOfWork, decision: Decision, reason: str | None) -> Answer:
    decided = decided_of(decision, reason, unit)
    await save_decided(unit, [decided])
    return unit.answer(views.summary_of(decided.household), etag=decided.household.version)
