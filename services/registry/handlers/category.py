"""Assigning categories, one household or a thousand in the same few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound, Refusal
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.registry import views
from services.registry.domain import household as domain
from services.registry.domain.category import Copy, Statement, assign
from services.registry.domain.household import Household
from services.registry.handlers.bulk import count_refused, done_item, refused_item
from services.registry.schemas.answer import BulkResult
from services.registry.schemas.category import BulkCategories, CategoryItem, CategoryRequest
from services.registry.store import category as store
from services.registry.store import household as households
from services.registry.store.category import Assigned

Outcome = Assigned | Refusal


async def assign_category(household_id: UUID, request: CategoryRequest, unit: UnitOfWork) -> Answer:
    """Give a household a category from a day on."""
    unit.require(CLERK, OFFICER)
    item = CategoryItem(household_id=household_id, **request.model_dump())
    async with unit:
        (outcome,) = await _assign([item], unit)
        if isinstance(outcome, Refusal):
            raise outcome
        await store.save_assigned(unit.driver, [outcome], actor_id=unit.principal.actor_id)
        after = outcome.household
        return unit.answer(views.summary_of(after), etag=after.version)


async def assign_categories(request: BulkCategories, unit: UnitOfWork) -> Answer:
    """Give many households a category, with a result for each."""
    unit.require(CLERK, OFFICER)
    async with unit:
        outcomes = await _assign(request.items, unit)
        refused = count_refused(outcomes, atomic=request.atomic)
        assigned = [outcome for outcome in outcomes if isinstance(outcome, Assigned)]
        await store.save_assigned(unit.driver, assigned, actor_id=unit.principal.actor_id)
        results = [
            refused_item(index, item.household_id, item.reference_id, outcome)
            if isinstance(outcome, Refusal)
            else done_item(index, item.household_id, item.reference_id, version=outcome.household.version)
            for index, (item, outcome) in enumerate(zip(request.items, outcomes, strict=True))
        ]
        return unit.answer(BulkResult(done=len(assigned), refused=refused, results=results))


async def _assign(items: Sequence[CategoryItem], unit: UnitOfWork) -> list[Outcome]:
    ids = [item.household_id for item in items]
    known = await households.lock_households(unit.driver, ids, area=unit.principal.area)
    statements = await store.load_statements(unit.driver, known)
    outcomes: list[Outcome] = []
    for item in items:
        outcome = _attempt(item, known, statements, unit)
        if isinstance(outcome, Assigned):
            # The same household further down the list meets what it has become.
            known[item.household_id] = outcome.household
            statements[item.household_id] += [_spoken(copy) for copy in outcome.copies]
        outcomes.append(outcome)
    return outcomes


def _attempt(
    item: CategoryItem,
    known: Mapping[UUID, Household],
    statements: Mapping[UUID, Sequence[Statement]],
    unit: UnitOfWork,
) -> Outcome:
    before = known.get(item.household_id)
    if before is None:
        return NotFound("No such household.")
    try:
        after, copies = assign(
            before, statements[before.id], item.category, on=item.valid_from, today=unit.today
        )
    except Refusal as refusal:
        return refusal
    # A request that waited for the lock began earlier than the one it waited for.
    after = replace(after, recorded_at=max(unit.now, before.recorded_at))
    fact = domain.changed_fact(before, after, on=item.valid_from)
    if fact is not None:
        unit.record(fact, sequence=after.version, area=after.village_code)
    return Assigned(household=after, copies=copies, sealed=unit.cipher.encrypt(item.basis_document))


def _spoken(copy: Copy) -> Statement:
    return Statement(
        version=copy.version, source=copy.source, valid_from=copy.valid_from, category=copy.category
    )
