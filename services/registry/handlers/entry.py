"""Households of a round: brought in, and proposed for, a thousand in the same few statements."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.answers import Answer
from chassis.errors import NotFound, Refusal
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER, VILLAGE_COMMITTEE, WORK_TEAM
from services.registry.domain.errors.round import HouseholdEntered, HouseholdOutsideRound
from services.registry.domain.household import Household
from services.registry.domain.procedure import Entry
from services.registry.domain.proposal import enter, propose
from services.registry.domain.round import Round
from services.registry.domain.rule_pack import RulePack
from services.registry.handlers.bulk import count_refused, done_item, refused_item
from services.registry.handlers.candidate import turn_back
from services.registry.handlers.notice import PROPOSAL_CHANGED, void_for
from services.registry.handlers.round import load_open_round
from services.registry.schemas.answer import BulkResult
from services.registry.schemas.round import BulkProposals, NewEntries, NewEntry, ProposalItem
from services.registry.store import entry as store
from services.registry.store import household as households

WHO = (VILLAGE_COMMITTEE, WORK_TEAM, CLERK, OFFICER)
Outcome = Entry | Refusal
# Households with the reason for which their files were closed, where they are.
Known = Mapping[UUID, tuple[Household, str | None]]


async def add_entries(round_id: UUID, request: NewEntries, unit: UnitOfWork) -> Answer:
    """Bring households into a round that were not on the register when it was opened."""
    unit.require(*WHO)
    async with unit:
        one, pack = await load_open_round(unit, round_id)
        ids = [item.household_id for item in request.items]
        found = await households.lock_households(unit.driver, ids, area=unit.principal.area)
        reasons = await households.list_closing_reasons(unit.driver, found)
        known = {one_id: (household, reasons.get(one_id)) for one_id, household in found.items()}
        entered = await store.list_entered(unit.driver, round_id, ids)
        outcomes: list[Outcome] = []
        for item in request.items:
            outcome = _enter(item, known, entered, (one, pack))
            if isinstance(outcome, Entry):
                entered.add(outcome.household_id)
            outcomes.append(outcome)
        refused = count_refused(outcomes, atomic=request.atomic)
        added = [outcome for outcome in outcomes if isinstance(outcome, Entry)]
        await store.add_entries(unit.driver, round_id, added)
        return unit.answer(_result(request.items, outcomes, refused))


async def propose_for_entries(round_id: UUID, request: BulkProposals, unit: UnitOfWork) -> Answer:
    """Change what a round proposes for households."""
    unit.require(*WHO)
    async with unit:
        _, pack = await load_open_round(unit, round_id)
        ids = [item.household_id for item in request.items]
        entries = await store.lock_some(unit.driver, round_id, ids, area=unit.principal.area)
        before = dict(entries)
        outcomes: list[Outcome] = []
        for item in request.items:
            outcome = _propose(item, entries.get(item.household_id), pack, unit)
            if isinstance(outcome, Entry):
                # The same household further down the list meets the proposal it has then.
                entries[item.household_id] = outcome
            outcomes.append(outcome)
        refused = count_refused(outcomes, atomic=request.atomic)
        changing = [entry for one, entry in before.items() if entries[one] != entry]
        await void_for(unit, changing, PROPOSAL_CHANGED)
        await store.save_entries(unit.driver, round_id, [entries[entry.household_id] for entry in changing])
        begun_again = [one.household_id for one in changing if entries[one.household_id].step != one.step]
        await turn_back(unit, begun_again, on=unit.today)
        return unit.answer(_result(request.items, outcomes, refused))


def _enter(item: NewEntry, known: Known, entered: set[UUID], within: tuple[Round, RulePack]) -> Outcome:
    if item.household_id not in known:
        return NotFound("No such household.")
    if item.household_id in entered:
        return HouseholdEntered()
    household, closed_for = known[item.household_id]
    try:
        return enter(household, within[0], item.reason, within[1], closed_for=closed_for)
    except Refusal as refusal:
        return refusal


def _propose(item: ProposalItem, entry: Entry | None, pack: RulePack, unit: UnitOfWork) -> Outcome:
    if entry is None:
        return HouseholdOutsideRound()
    try:
        return propose(entry, item.proposal, item.reason, pack, on=unit.today)
    except Refusal as refusal:
        return refusal


def _result(
    items: Sequence[NewEntry | ProposalItem], outcomes: Sequence[Outcome], refused: int
) -> BulkResult:
    results = [
        refused_item(index, item.household_id, item.reference_id, outcome)
        if isinstance(outcome, Refusal)
        else done_item(index, item.household_id, item.reference_id)
        for index, (item, outcome) in enumerate(zip(items, outcomes, strict=True))
    ]
    return BulkResult(done=len(outcomes) - refused, refused=refused, results=results)
