"""Plays the sample year: each step of the calendar on its business date, the date moved for the whole platform."""

from collections.abc import Awaitable, Callable
from datetime import date
from itertools import groupby

from cli.commands.business_date import move_business_date
from cli.demo import (
    claim_steps,
    house_steps,
    money_steps,
    planted_steps,
    register_steps,
    round_steps,
    visit_steps,
)
from cli.demo.bulk import until
from cli.demo.world import World
from cli.sample.step import CalendarStep, Step

SETTLE_SECONDS = 60.0
Play = Callable[[World, CalendarStep], Awaitable[None]]
Barrier = Callable[[], Awaitable[None]]
Report = Callable[[CalendarStep], None]


async def watch_deadlines(world: World, step: CalendarStep) -> None:
    """Wait until supervision has judged every deadline up to the business date."""

    async def judged() -> bool:
        clock = await world.officer.get("/supervision/v1/clock")
        return str(clock["deadlines_through"] or "") >= str(step.on)

    await until(f"supervision to judge the deadlines of {step.on}", judged)


PLAYS: dict[Step, Play] = {
    Step.IMPORT_DIVISIONS: register_steps.enter_divisions,
    Step.IMPORT_HOUSEHOLDS: register_steps.enter_households,
    Step.OPEN_ROUND: round_steps.open_round,
    Step.EVALUATE_ROUND: round_steps.evaluate_round,
    Step.REVIEW_ROUND: round_steps.review_round,
    Step.CONFIRM_ROUND: round_steps.confirm_round,
    Step.RECORD_DEATH: planted_steps.record_death,
    Step.CUT_NOTICE: planted_steps.cut_notice,
    Step.ANNUL_MEETING: planted_steps.annul_meeting,
    Step.VISIT_HOUSEHOLDS: visit_steps.visit_households,
    Step.PREPARE_EXIT: planted_steps.prepare_exit,
    Step.COMPARE_LIST: planted_steps.compare_list,
    Step.CORRECT_VISIT: planted_steps.correct_visit,
    Step.OPEN_PROGRAMMES: money_steps.open_programmes,
    Step.RECEIVE_FUND: money_steps.receive_fund,
    Step.ALLOCATE_FUND: money_steps.allocate_fund,
    Step.REGISTER_SITES: house_steps.register_sites,
    Step.ALLOCATE_HOUSEHOLDS: house_steps.allocate_households,
    Step.START_HOUSES: house_steps.start_houses,
    Step.TOP_OUT_HOUSES: house_steps.top_out_houses,
    Step.COMPLETE_HOUSES: house_steps.complete_houses,
    Step.ACCEPT_HOUSES: house_steps.accept_houses,
    Step.MOVE_IN_HOUSES: house_steps.move_in,
    Step.SUBMIT_CLAIMS: claim_steps.submit_claims,
    Step.INSPECT_CLAIMS: claim_steps.inspect_claims,
    Step.APPROVE_CLAIMS: claim_steps.approve_claims,
    Step.FREEZE_BATCH: money_steps.freeze_batch,
    Step.SEND_BATCH: money_steps.send_batch,
    Step.SETTLE_BATCH: money_steps.settle_batch,
    Step.EXIT_HOUSEHOLD: planted_steps.leave,
    Step.CORRECT_CLAIM: claim_steps.correct_claims,
    Step.CORRECT_STAGE: house_steps.correct_stages,
    Step.CLOSE_YEAR: watch_deadlines,
    Step.EVALUATE_DEADLINES: watch_deadlines,
}


async def play(world: World, *, settled: Barrier, report: Report) -> None:
    """Play the calendar; before each move of the date everything that happened has been heard of everywhere."""
    for on, steps in groupby(world.plan.calendar, key=lambda step: step.on):
        await settled()
        await move_to(world, on)
        for step in steps:
            await PLAYS[step.step](world, step)
            report(step)
    await settled()


async def move_to(world: World, on: date) -> None:
    """Move the business date of the platform."""
    await move_business_date(world.people.administrator.api, on, seconds=SETTLE_SECONDS)
