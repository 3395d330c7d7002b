"""Undoing an import: its households are withdrawn as another change set, as long as nothing rests on them."""

from dataclasses import replace
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import FieldError
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from contracts.values import ON_THE_REGISTER
from services.registry import reports
from services.registry.domain import household as domain
from services.registry.domain.errors.register import ImportAlreadyUndone, ImportNotCommitted, ImportOvertaken
from services.registry.domain.household import Household
from services.registry.handlers.procedure import keep_rounds
from services.registry.store import change_set as change_sets
from services.registry.store import entry as entries
from services.registry.store import household as store
from services.registry.store.change_set import ChangeSet
from services.registry.store.row import Trace

IMPORT_UNDONE = "import-undone"
MAX_ERRORS = 1_000


async def undo_import(change_set_id: UUID, unit: UnitOfWork) -> Answer:
    """Withdraw every household of a committed import."""
    unit.require(CLERK, OFFICER)
    async with keep_rounds(unit):
        undone = await reports.load_change_set(unit, change_set_id)
        if undone.kind != "import" or undone.outcome != "committed":
            raise ImportNotCommitted
        if undone.undone_by is not None:
            raise ImportAlreadyUndone
        households = await store.lock_change_set(unit.driver, change_set_id)
        entered = await entries.list_entered_anywhere(unit.driver, [household.id for household in households])
        _refuse_overtaken(households, undone, entered)
        change_set = _undoing(undone, unit)
        await change_sets.add_change_set(unit.driver, change_set)
        await _withdraw(households, change_set.id, unit)
        location = f"/registry/v1/imports/{change_set.id}"
        return unit.answer(reports.change_set_of(change_set), status=201, location=location)


async def _withdraw(households: list[Household], change_set_id: UUID, unit: UnitOfWork) -> None:
    decided = [domain.withdraw(household, reason=IMPORT_UNDONE, today=unit.today) for household in households]
    trace = Trace(
        actor_id=unit.principal.actor_id,
        recorded_at=unit.now,
        change_set_id=change_set_id,
        reason=IMPORT_UNDONE,
    )
    withdrawn = [replace(household, recorded_at=unit.now) for household, _ in decided]
    await store.save_standings(unit.driver, withdrawn, trace)
    await store.remove_people(unit.driver, withdrawn)
    for before, (household, fact) in zip(households, decided, strict=True):
        # Nobody was told of a candidate.
        if before.status in ON_THE_REGISTER:
            unit.record(fact, sequence=household.version, area=household.village_code)


def _refuse_overtaken(households: list[Household], undone: ChangeSet, entered: set[UUID]) -> None:
    overtaken = [
        household
        for household in households
        if household.id in entered or not domain.is_untouched(household, undone.id)
    ]
    # A household that moved out of the caller's area is not even seen, but counts as changed.
    if overtaken or len(households) != undone.households:
        raise ImportOvertaken(
            errors=[
                FieldError(
                    f"/households/{household.id}",
                    "household-changed",
                    f"Household {household.file_number} was changed since, or stands in a round.",
                )
                for household in overtaken[:MAX_ERRORS]
            ]
        )


def _undoing(undone: ChangeSet, unit: UnitOfWork) -> ChangeSet:
    return ChangeSet(
        id=new_id(),
        area_code=undone.area_code,
        kind="undo",
        outcome="committed",
        reverts=undone.id,
        households=undone.households,
        persons=undone.persons,
        actor_id=unit.principal.actor_id,
        happened_on=unit.today,
        recorded_at=unit.now,
    )
