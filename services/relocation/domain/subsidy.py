"""The housing subsidy is asked for once for each house and stage, and only when the stage is reached."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from contracts.events.relocation import HousingSubsidyDue
from services.relocation.domain import rules
from services.relocation.domain.due import Due
from services.relocation.domain.errors import StageNotReached, SubsidyAlreadyRequested
from services.relocation.domain.house import SUBSIDY_DUE, Decision, Entry, House, reached_on
from services.relocation.domain.rule import Rule, instalment


def request_subsidy(
    house: House, stage: str, editions: Iterable[Rule], *, asked: Collection[str], due_id: UUID, today: date
) -> Decision:
    """Ask for the instalment of a reached stage, under the rule in force on the day of the stage."""
    stage_on = reached_on(house, stage)
    if stage_on is None:
        raise StageNotReached(pointer="/stage")
    if stage in asked:
        raise SubsidyAlreadyRequested(pointer="/stage")
    programme_code, amount = instalment(editions, stage, house.persons, stage_on)
    due = Due(
        id=due_id,
        house_id=house.id,
        household_id=house.household_id,
        area_code=house.area_code,
        stage=stage,
        programme_code=programme_code,
        period=rules.period_of(stage_on),
        amount_fen=amount,
        stage_on=stage_on,
        due_on=today,
    )
    after = replace(house, version=house.version + 1)
    fact = HousingSubsidyDue(
        due_id=due.id,
        house_id=due.house_id,
        household_id=due.household_id,
        programme_code=due.programme_code,
        period=due.period,
        stage=due.stage,
        stage_on=due.stage_on,
        amount_fen=due.amount_fen,
        due_on=due.due_on,
    )
    entry = Entry(after, SUBSIDY_DUE, stage, today, {"due_id": str(due.id), "amount_fen": amount})
    return Decision(after, fact, entry, due)
