"""What relocation says of a household: its house, stage by stage, and the instalments that fell due."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from contracts.events import relocation
from contracts.values import ACCEPTED, ALLOCATED, COMPLETED, MOVED_IN, STARTED, TOPPED_OUT
from services.supervision.domain.dossier import Dated, Dossier, House, Instalment
from services.supervision.domain.fold.folded import Fold, Folded
from services.supervision.domain.heard import Heard
from services.supervision.domain.rule import CAP, DEADLINE, ELIGIBILITY, SEQUENCE, THREE_WAY

HOUSE_STEP: Final = frozenset({DEADLINE, SEQUENCE})
# An instalment names the house that a payment was for: until then the payment's rules could not be asked.
NAMED: Final = frozenset({ELIGIBILITY, THREE_WAY, SEQUENCE})


def _house(dossier: Dossier, house_id: UUID) -> House:
    house = dossier.houses.get(house_id)
    if house is None:
        house = dossier.houses[house_id] = House()
    return house


def _stage(stage: str, day: str = "happened_on") -> Fold:
    def fold(dossier: Dossier, fact: Any, heard: Heard) -> None:
        on: date = getattr(fact, day)
        _house(dossier, fact.house_id).steps[stage] = Dated(on, heard.event_id)

    return fold


def _completed(dossier: Dossier, fact: relocation.HouseCompleted, heard: Heard) -> None:
    house = _house(dossier, fact.house_id)
    house.steps[COMPLETED] = Dated(fact.completed_on, heard.event_id)
    house.floor_area_m2, house.persons, house.measured_event = (
        fact.floor_area_m2,
        fact.persons,
        heard.event_id,
    )


def _measured(
    dossier: Dossier, fact: relocation.HouseAccepted | relocation.HouseRejected, heard: Heard
) -> None:
    """Take over an area that was measured again; where it is the same, the event before stays the evidence."""
    house = _house(dossier, fact.house_id)
    if fact.floor_area_m2 is not None and fact.floor_area_m2 != house.floor_area_m2:
        house.floor_area_m2, house.measured_event = fact.floor_area_m2, heard.event_id


def _accepted(dossier: Dossier, fact: relocation.HouseAccepted, heard: Heard) -> None:
    _house(dossier, fact.house_id).steps[ACCEPTED] = Dated(fact.happened_on, heard.event_id)
    _measured(dossier, fact, heard)


def _redated(dossier: Dossier, fact: relocation.HouseStageCorrected, heard: Heard) -> None:
    _house(dossier, fact.house_id).steps[fact.stage] = Dated(fact.after, heard.event_id)


def _due(dossier: Dossier, fact: relocation.HousingSubsidyDue, heard: Heard) -> None:
    dossier.instalments[fact.due_id] = Instalment(
        house_id=fact.house_id,
        stage=fact.stage,
        stage_on=fact.stage_on,
        amount_fen=fact.amount_fen,
        event_id=heard.event_id,
    )


FOLDS: Final[dict[Any, Folded]] = {
    relocation.HouseholdAllocated: Folded(_stage(ALLOCATED, "allocated_on"), HOUSE_STEP),
    relocation.HouseStarted: Folded(_stage(STARTED), HOUSE_STEP),
    relocation.HouseToppedOut: Folded(_stage(TOPPED_OUT), HOUSE_STEP),
    relocation.HouseCompleted: Folded(_completed, HOUSE_STEP | {CAP}),
    relocation.HouseAccepted: Folded(_accepted, HOUSE_STEP | {CAP}),
    relocation.HouseRejected: Folded(_measured, frozenset({CAP})),
    relocation.HouseholdMovedIn: Folded(_stage(MOVED_IN, "moved_in_on"), HOUSE_STEP),
    relocation.HouseStageCorrected: Folded(_redated, HOUSE_STEP | {CAP}),
    relocation.HousingSubsidyDue: Folded(_due, NAMED),
}
