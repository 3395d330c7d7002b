"""What the registry says of a household: where it stands on the register, and where it lives."""

from typing import Any, Final

from msgspec.structs import replace

from contracts.events import registry
from contracts.values import (
    CLOSED,
    EXITED,
    PRE_EXIT,
    PROCEDURE,
    REGISTERED,
    RETURNED,
    VERIFIED,
    WITHDRAWN,
)
from services.supervision.domain.dossier import Dossier, Entrance, Exit, Restatement, Standing
from services.supervision.domain.fold.folded import NOTHING, Fold, Folded
from services.supervision.domain.heard import Heard
from services.supervision.domain.rule import (
    ELIGIBILITY,
    EVALUATIONS,
    EXIT_CRITERIA,
    FLOOR,
    FRESHNESS,
    RULED_OUT,
)

STANDING_RULES: Final = frozenset({ELIGIBILITY, FLOOR, EVALUATIONS, EXIT_CRITERIA, FRESHNESS, RULED_OUT})


def place(dossier: Dossier, village_code: str) -> None:
    """Let the registry say where a household lives."""
    dossier.area_code, dossier.is_placed = village_code, True


def settle_area(dossier: Dossier, area_code: str) -> None:
    """Keep the registry's village; before it is known, the last of all codes heard, whatever their order."""
    if not dossier.is_placed:
        dossier.area_code = max(dossier.area_code, area_code)


def _stand(status: str, day: str) -> Fold:
    def fold(dossier: Dossier, fact: Any, heard: Heard) -> None:
        dossier.standings.append(Standing(getattr(fact, day), status, heard.event_id))

    return fold


def _stand_as_before(dossier: Dossier, fact: registry.HouseholdPreExitWithdrawn, heard: Heard) -> None:
    restored = Standing(fact.withdrawn_on, fact.status, heard.event_id, is_restored=True)
    dossier.standings.append(restored)


def _registered(dossier: Dossier, fact: registry.HouseholdRegistered, heard: Heard) -> None:
    place(dossier, fact.village_code)
    dossier.persons = fact.persons
    dossier.standings.append(Standing(fact.registered_on, REGISTERED, heard.event_id))
    dossier.exit = None
    dossier.entrance = None
    if fact.basis == PROCEDURE:
        rounds = (fact.round_id,) if fact.round_id else ()
        dossier.entrance = Entrance(fact.registered_on, heard.on, heard.event_id, rounds)


def _verified(dossier: Dossier, fact: registry.HouseholdVerified, heard: Heard) -> None:
    place(dossier, fact.village_code)
    dossier.persons = fact.persons
    dossier.standings.append(Standing(fact.verified_on, VERIFIED, heard.event_id))
    if dossier.entrance is not None and fact.round_id is not None:
        rounds = (*dossier.entrance.rounds, fact.round_id)
        dossier.entrance = replace(dossier.entrance, rounds=rounds)


def _exited(dossier: Dossier, fact: registry.HouseholdExited, heard: Heard) -> None:
    dossier.standings.append(Standing(fact.exited_on, EXITED, heard.event_id))
    dossier.exit = Exit(fact.exited_on, fact.assessment, heard.event_id) if fact.assessment else None


def _returned(dossier: Dossier, fact: registry.HouseholdReturned, heard: Heard) -> None:
    dossier.standings.append(Standing(fact.returned_on, RETURNED, heard.event_id))
    dossier.exit = None


def _withdrawn(dossier: Dossier, fact: registry.HouseholdWithdrawn, heard: Heard) -> None:
    dossier.standings.append(Standing(fact.withdrawn_on, WITHDRAWN, heard.event_id))
    dossier.exit = None


def _changed(dossier: Dossier, fact: registry.HouseholdChanged, heard: Heard) -> None:
    place(dossier, fact.after.village_code)
    dossier.persons = fact.after.persons
    dossier.restatements.append(Restatement(fact.changed_on, fact.before, fact.after, heard.event_id))


FOLDS: Final[dict[Any, Folded]] = {
    registry.HouseholdRegistered: Folded(_registered, STANDING_RULES),
    registry.HouseholdVerified: Folded(_verified, STANDING_RULES),
    registry.HouseholdPreExited: Folded(_stand(PRE_EXIT, "pre_exited_on"), STANDING_RULES),
    registry.HouseholdPreExitWithdrawn: Folded(_stand_as_before, STANDING_RULES),
    registry.HouseholdExited: Folded(_exited, STANDING_RULES),
    registry.HouseholdClosed: Folded(_stand(CLOSED, "closed_on"), STANDING_RULES),
    registry.HouseholdReturned: Folded(_returned, STANDING_RULES),
    registry.HouseholdWithdrawn: Folded(_withdrawn, STANDING_RULES),
    registry.HouseholdChanged: Folded(_changed, NOTHING),
}
