"""One function per command. One claim or a thousand take the same few statements."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import FieldError, Forbidden, Refusal
from chassis.events import Fact
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER, is_of_county
from services.subsidy import views
from services.subsidy.commands import (
    AcceptClaim,
    ApproveClaim,
    Command,
    CorrectClaim,
    DecideClaim,
    RejectClaim,
    SubmitClaim,
)
from services.subsidy.domain import claim as domain
from services.subsidy.domain.claim import Claim
from services.subsidy.domain.errors import BulkRefused, ClaimUnknown, HouseholdUnknown
from services.subsidy.domain.programme import Programme, ended_by_the_next, next_start, publish
from services.subsidy.schemas import answer
from services.subsidy.store import claim as claims_store
from services.subsidy.store import household as households_store
from services.subsidy.store import programme as programmes_store

C = TypeVar("C")
Outcome = Claim | Refusal
Decision = tuple[Claim, Fact]

MAY_DECIDE = {
    AcceptClaim: (CLERK, OFFICER),
    RejectClaim: (CLERK, OFFICER),
    ApproveClaim: (OFFICER,),
    CorrectClaim: (OFFICER,),
}


async def publish_programme(programme: Programme, unit: UnitOfWork) -> Answer:
    """Publish an edition of a programme."""
    unit.require(OFFICER)
    if not is_of_county(unit.principal.area):
        raise Forbidden("Programmes are published by a county or above it.")
    async with unit:
        await programmes_store.lock_code(unit.driver, programme.code)
        listed = await programmes_store.list_editions(unit.driver, [programme.code])
        editions = listed.get(programme.code, [])
        since, before = programme.effective_from, next_start(programme, editions)
        applied_on = await programmes_store.last_applied(
            unit.driver, programme.code, since=since, before=before
        )
        fact = publish(programme, editions, applied_on=applied_on)
        await programmes_store.add_programme(unit.driver, programme, by=unit.principal.actor_id, at=unit.now)
        unit.record(fact, sequence=1, area=unit.principal.area.ljust(12, "0"))
        return unit.answer(views.programme_of(ended_by_the_next(programme, editions)), status=201)


async def submit_claim(command: SubmitClaim, unit: UnitOfWork) -> Answer:
    """File one claim."""
    unit.require(CLERK)
    async with unit:
        claim = _only(await _submit([command], unit))
        location = f"/subsidy/v1/claims/{claim.id}"
        return unit.answer(views.claim_of(claim), status=201, etag=claim.version, location=location)


async def submit_claims(commands: Sequence[SubmitClaim], unit: UnitOfWork, *, atomic: bool) -> Answer:
    """File many claims."""
    unit.require(CLERK)
    async with unit:
        return unit.answer(_results(commands, await _submit(commands, unit), atomic=atomic))


async def decide_claim(command: DecideClaim, unit: UnitOfWork) -> Answer:
    """Accept, reject, approve or correct one claim."""
    unit.require(*MAY_DECIDE[type(command)])
    async with unit:
        claim = _only(await _decide([command], unit))
        return unit.answer(views.claim_of(claim), etag=claim.version)


async def decide_claims(commands: Sequence[DecideClaim], unit: UnitOfWork, *, atomic: bool) -> Answer:
    """Decide many claims, all in the same way."""
    unit.require(*MAY_DECIDE[type(commands[0])])
    async with unit:
        return unit.answer(_results(commands, await _decide(commands, unit), atomic=atomic))


async def _submit(commands: Sequence[SubmitClaim], unit: UnitOfWork) -> list[Outcome]:
    applicants = await households_store.hold_applicants(
        unit.driver, (c.household_id for c in commands), on=unit.today, area=unit.principal.area
    )
    codes = {c.declaration.programme_code for c in commands}
    await programmes_store.hold_editions(unit.driver, codes)
    editions = await programmes_store.list_editions(unit.driver, codes)

    def decide(command: SubmitClaim) -> Decision:
        applicant = applicants.get(command.household_id)
        if applicant is None:
            raise HouseholdUnknown(pointer="/household_id")
        return domain.submit(
            command.declaration,
            applicant,
            editions.get(command.declaration.programme_code, []),
            claim_id=new_id(),
            by=unit.principal.actor_id,
            on=unit.today,
        )

    outcomes = [_attempt(decide, command) for command in commands]
    filed = [
        (outcome[0], command.declaration.evidence)
        for outcome, command in zip(outcomes, commands, strict=True)
        if not isinstance(outcome, Refusal)
    ]
    await claims_store.add_claims(unit.driver, [claim for claim, _ in filed])
    await claims_store.add_evidence(unit.driver, filed)
    return await _record(outcomes, unit)


async def _decide(commands: Sequence[DecideClaim], unit: UnitOfWork) -> list[Outcome]:
    claims = await claims_store.load_claims_for_change(
        unit.driver, (c.claim_id for c in commands), area=unit.principal.area
    )
    programmes = await programmes_store.load_programmes(
        unit.driver, (claim.programme_id for claim in claims.values())
    )

    def decide(command: DecideClaim) -> Decision:
        claim = claims.get(command.claim_id)
        if claim is None:
            raise ClaimUnknown
        decided, fact = _decision(command, claim, programmes, unit)
        claims[claim.id] = decided
        return decided, fact

    outcomes = [_attempt(decide, command) for command in commands]
    await claims_store.save_claims(unit.driver, _latest(outcomes))
    return await _record(outcomes, unit)


def _decision(
    command: DecideClaim, claim: Claim, programmes: dict[UUID, Programme], unit: UnitOfWork
) -> Decision:
    by, on, programme = unit.principal.actor_id, unit.today, programmes[claim.programme_id]
    match command:
        case AcceptClaim(quantity=quantity):
            return domain.accept(claim, quantity, programme, by=by, on=on)
        case RejectClaim(reason=reason):
            return domain.reject(claim, reason, on=on)
        case ApproveClaim():
            return domain.approve(claim, by=by, on=on)
        case CorrectClaim(quantity=quantity, reason=reason):
            return domain.correct(claim, quantity, programme, reason=reason, on=on)


def _attempt(decide: Callable[[C], Decision], command: C) -> Decision | Refusal:
    try:
        return decide(command)
    except Refusal as refusal:
        return refusal


def _latest(outcomes: Sequence[Decision | Refusal]) -> list[Claim]:
    return list({o[0].id: o[0] for o in outcomes if not isinstance(o, Refusal)}.values())


async def _record(outcomes: Sequence[Decision | Refusal], unit: UnitOfWork) -> list[Outcome]:
    decided = [outcome for outcome in outcomes if not isinstance(outcome, Refusal)]
    trace = claims_store.Trace(unit.principal.actor_id, unit.now)
    await claims_store.add_versions(unit.driver, [(claim, unit.today) for claim, _ in decided], trace)
    for claim, fact in decided:
        unit.record(fact, sequence=claim.version, area=claim.area_code)
    return [outcome if isinstance(outcome, Refusal) else outcome[0] for outcome in outcomes]


def _only(outcomes: Sequence[Outcome]) -> Claim:
    (outcome,) = outcomes
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _results(commands: Sequence[Command], outcomes: Sequence[Outcome], *, atomic: bool) -> answer.BulkResult:
    refusals = {index: o for index, o in enumerate(outcomes) if isinstance(o, Refusal)}
    if refusals and atomic:
        raise BulkRefused(
            errors=[
                FieldError(f"/items/{index}{refusal.pointer or ''}", refusal.code, refusal.message)
                for index, refusal in list(refusals.items())[:100]
            ]
        )
    results = [
        views.result_of(index, command.reference_id, outcome)
        for index, (command, outcome) in enumerate(zip(commands, outcomes, strict=True))
    ]
    return answer.BulkResult(done=len(outcomes) - len(refusals), refused=len(refusals), results=results)
