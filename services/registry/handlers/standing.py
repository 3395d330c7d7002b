"""Passing households from state to state by hand, before the first round: one or a thousand in the same few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import FieldError, NotFound, Refusal
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.registry import views
from services.registry.domain import household as domain
from services.registry.domain.errors.register import BulkRefused
from services.registry.domain.household import Decision, Household
from services.registry.handlers.procedure import keep_rounds, procedure_required
from services.registry.schemas import answer
from services.registry.store import household as store
from services.registry.store.row import Trace

MAX_ERRORS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterHousehold:
    """Enter a candidate on the register."""

    household_id: UUID
    on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyHousehold:
    """Confirm a household."""

    household_id: UUID
    on: date | None = None
    reason: str | None = None
    reference_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitHousehold:
    """Let a household leave the register."""

    household_id: UUID
    reason: str
    on: date | None = None


Command = RegisterHousehold | VerifyHousehold | ExitHousehold
Outcome = Decision | Refusal


async def pass_household(command: Command, unit: UnitOfWork) -> Answer:
    """Pass one household to another state."""
    unit.require(CLERK, OFFICER)
    async with keep_rounds(unit):
        (outcome,) = await _pass([command], unit)
        if isinstance(outcome, Refusal):
            raise outcome
        household, _ = outcome
        return unit.answer(views.summary_of(household), etag=household.version)


async def verify_households(commands: Sequence[VerifyHousehold], unit: UnitOfWork, *, atomic: bool) -> Answer:
    """Confirm many households, with a result for each."""
    unit.require(CLERK, OFFICER)
    async with keep_rounds(unit):
        outcomes = await _pass(commands, unit)
        refused = {index: outcome for index, outcome in enumerate(outcomes) if isinstance(outcome, Refusal)}
        if refused and atomic:
            raise BulkRefused(
                errors=[
                    FieldError(f"/items/{index}{refusal.pointer or ''}", refusal.code, refusal.message)
                    for index, refusal in list(refused.items())[:MAX_ERRORS]
                ]
            )
        results = [
            _result(index, command, outcome)
            for index, (command, outcome) in enumerate(zip(commands, outcomes, strict=True))
        ]
        return unit.answer(
            answer.BulkResult(done=len(outcomes) - len(refused), refused=len(refused), results=results)
        )


async def _pass(commands: Sequence[Command], unit: UnitOfWork) -> list[Outcome]:
    households = await store.lock_households(
        unit.driver, (command.household_id for command in commands), area=unit.principal.area
    )
    villages = {household.village_code for household in households.values()}
    under_procedure = await procedure_required(unit, villages)
    outcomes: list[Outcome] = []
    for command in commands:
        household = households.get(command.household_id)
        refusal = under_procedure.get(household.village_code) if household else None
        outcome = refusal or _attempt(command, household, unit)
        if not isinstance(outcome, Refusal):
            # The same household further down the list meets the state it has then.
            households[command.household_id] = outcome[0]
        outcomes.append(outcome)
    decided = [outcome for outcome in outcomes if not isinstance(outcome, Refusal)]
    await store.save_standings(unit.driver, [household for household, _ in decided], _trace(commands, unit))
    for household, fact in decided:
        unit.record(fact, sequence=household.version, area=household.village_code)
    return outcomes


def _attempt(command: Command, household: Household | None, unit: UnitOfWork) -> Outcome:
    if household is None:
        return NotFound("No such household.")
    try:
        decided, fact = _decide(command, household, unit.today)
    except Refusal as refusal:
        return refusal
    # A request that waited for the lock began earlier than the one it waited for.
    return replace(decided, recorded_at=max(unit.now, household.recorded_at)), fact


def _decide(command: Command, household: Household, today: date) -> Decision:
    on = command.on or today
    match command:
        case RegisterHousehold():
            return domain.register(household, on=on, today=today)
        case VerifyHousehold():
            return domain.verify(household, on=on, today=today)
        case ExitHousehold(reason=reason):
            return domain.exit_register(household, reason=reason, on=on, today=today)


def _trace(commands: Sequence[Command], unit: UnitOfWork) -> Trace:
    reason = commands[0].reason if len(commands) == 1 else None
    return Trace(actor_id=unit.principal.actor_id, recorded_at=unit.now, reason=reason)


def _result(index: int, command: VerifyHousehold, outcome: Outcome) -> answer.ItemResult:
    if isinstance(outcome, Refusal):
        return answer.ItemResult(
            index=index,
            reference_id=command.reference_id,
            outcome="refused",
            household_id=command.household_id,
            code=outcome.code,
            message=outcome.message,
            pointer=f"/items/{index}{outcome.pointer or ''}",
        )
    household, _ = outcome
    return answer.ItemResult(
        index=index,
        reference_id=command.reference_id,
        outcome="done",
        household_id=household.id,
        version=household.version,
    )
