"""Every fold: by the type of the fact."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from contracts.events.procedure import EvaluationAnnulled, EvaluationHeld
from contracts.events.registry import HouseholdChanged, HouseholdRegistered, HouseholdVerified
from services.supervision.domain.fold import claim, evaluation, house, register, visit
from services.supervision.domain.fold.folded import Folded

FOLDS: Final[dict[Any, Folded]] = {**register.FOLDS, **visit.FOLDS, **claim.FOLDS, **house.FOLDS}
EVALUATION_FOLDS: Final = evaluation.FOLDS
# After these it may be another who is on the register on a day, or in another village, or with more persons.
REGISTER_FACTS: Final = frozenset(register.FOLDS)
# These say where a household lives.
PLACING_FACTS: Final = frozenset({HouseholdRegistered, HouseholdVerified, HouseholdChanged})


def households_in(fact: Any) -> Collection[UUID]:
    """Return the households whose dossiers a fact may change."""
    if isinstance(fact, EvaluationHeld):
        return fact.passed
    if isinstance(fact, EvaluationAnnulled):
        return fact.households
    return (fact.household_id,) if type(fact) in FOLDS else ()
