"""What becomes of the items of a request: decided one by one, stored together, answered together."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chassis.errors import FieldError, Refusal
from chassis.unit_of_work import UnitOfWork
from services.relocation import views
from services.relocation.commands import Command
from services.relocation.domain.errors import RETRY_SOON, BulkRefused, HouseholdUnknown, HouseUnknown
from services.relocation.domain.house import Decision
from services.relocation.schemas import answer
from services.relocation.store import house as houses_store

C = TypeVar("C")
Outcome = Decision | Refusal
MOST_ERRORS = 100


def attempt(decide: Callable[[C], Decision], command: C) -> Outcome:
    """Return the decision on a command, or its refusal."""
    try:
        return decide(command)
    except Refusal as refusal:
        return refusal


def decided(outcomes: Sequence[Outcome]) -> list[Decision]:
    """Return the decisions among outcomes."""
    return [outcome for outcome in outcomes if not isinstance(outcome, Refusal)]


def only(outcomes: Sequence[Outcome]) -> Decision:
    """Return the decision on a request of one item, or refuse the request."""
    (outcome,) = outcomes
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


async def record(outcomes: Sequence[Outcome], unit: UnitOfWork) -> None:
    """Append what was decided to the histories, and publish it."""
    decisions = decided(outcomes)
    trace = houses_store.Trace(unit.principal.actor_id, unit.now)
    await houses_store.add_entries(unit.driver, [decision.entry for decision in decisions], trace)
    for decision in decisions:
        unit.record(decision.fact, sequence=decision.house.version, area=decision.house.area_code)


def refuse_if_atomic(outcomes: Sequence[Outcome], *, atomic: bool) -> None:
    """Refuse the whole request for one refused item, where all or nothing was asked for."""
    refusals = {index: o for index, o in enumerate(outcomes) if isinstance(o, Refusal)}
    if not atomic or not refusals:
        return
    refusal = BulkRefused(
        f"{len(refusals)} of {len(outcomes)} items were refused, and the request asked for all or nothing.",
        errors=[
            FieldError(pointer_of(index, each), each.code, each.message)
            for index, each in list(refusals.items())[:MOST_ERRORS]
        ],
    )
    if any(isinstance(each, HouseholdUnknown) for each in refusals.values()):
        refusal.headers = RETRY_SOON
    raise refusal


def results(commands: Sequence[Command], outcomes: Sequence[Outcome]) -> answer.BulkResult:
    """Return what became of each item, in the order of the request."""
    found = [
        _result(index, command.reference_id, outcome)
        for index, (command, outcome) in enumerate(zip(commands, outcomes, strict=True))
    ]
    done = len(decided(outcomes))
    return answer.BulkResult(done=done, refused=len(outcomes) - done, results=found)


def pointer_of(index: int, refusal: Refusal) -> str:
    """Return where in a bulk request the refused value stands."""
    inside = refusal.pointer or ("/house_id" if isinstance(refusal, HouseUnknown) else "")
    return f"/items/{index}{inside}"


def _result(index: int, reference_id: str | None, outcome: Outcome) -> answer.ItemResult:
    if isinstance(outcome, Refusal):
        return answer.ItemResult(
            index=index,
            reference_id=reference_id,
            outcome="refused",
            code=outcome.code,
            message=outcome.message,
            pointer=pointer_of(index, outcome),
        )
    return answer.ItemResult(
        index=index,
        reference_id=reference_id,
        outcome="done",
        house_id=outcome.house.id,
        version=outcome.house.version,
        stage=outcome.house.stage,
        due_id=outcome.due.id if outcome.due else None,
        failed=views.failed_of(outcome),
    )
