"""Storing households that passed to another state, each with its reason and the fact that tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from chassis.unit_of_work import UnitOfWork
from services.registry.domain.household import Decision, Fact, Household
from services.registry.store import household as store
from services.registry.store.row import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A household in its new state."""

    household: Household
    fact: Fact
    reason: str | None


def decided_of(decision: Decision, reason: str | None, unit: UnitOfWork) -> Decided:
    """Return a decision as recorded now; what waited for a lock began earlier than the one it waited for."""
    household, fact = decision
    at = max(unit.now, household.recorded_at)
    return Decided(household=replace(household, recorded_at=at), fact=fact, reason=reason)


async def save_decided(unit: UnitOfWork, decided: Sequence[Decided]) -> None:
    """Store households with their history, and tell of each; few statements, however many households."""
    for reason, group in groupby(sorted(decided, key=_reason), _reason):
        trace = Trace(actor_id=unit.principal.actor_id, recorded_at=unit.now, reason=reason or None)
        await store.save_standings(unit.driver, [each.household for each in group], trace)
    for each in decided:
        unit.record(each.fact, sequence=each.household.version, area=each.household.village_code)


def _reason(each: Decided) -> str:
    return each.reason or ""
