"""The sample year as a list of steps on business dates, in the order in which the demo plays them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from cli.sample import schedule
from cli.sample.chosen import Chosen
from cli.sample.county import County, Rule
from cli.sample.plan import SampleBatch, SampleClaim, SampleHouse, SampleHousehold, SampleRound
from cli.sample.schedule import wave_dates
from cli.sample.step import CalendarStep, Step


def build_calendar(
    county: County,
    chosen: Chosen,
    *,
    claims: tuple[SampleClaim, ...],
    houses: tuple[SampleHouse, ...],
    batches: tuple[SampleBatch, ...],
    rounds: tuple[SampleRound, ...],
    households: tuple[SampleHousehold, ...],
) -> tuple[CalendarStep, ...]:
    """Return all steps by date, and within a date in the order of `Step`."""
    planted = _planted_steps(chosen, claims)
    steps = [
        *_opening(county),
        *_round_steps(rounds),
        *_claim_steps(claims),
        *_house_steps(houses),
        *_batch_steps(batches),
        *planted,
        _visits(households, chosen, planted),
        CalendarStep(on=schedule.YEAR_END, step=Step.CLOSE_YEAR),
        CalendarStep(on=schedule.FLOOR_CHECKED_ON, step=Step.EVALUATE_DEADLINES),
    ]
    order = {step: place for place, step in enumerate(Step)}
    return tuple(sorted(steps, key=lambda one: (one.on, order[one.step], one.refs)))


def _opening(county: County) -> list[CalendarStep]:
    sources = [fund.source for fund in county.figures.funds]
    return [
        CalendarStep(on=schedule.IMPORTED_ON, step=Step.IMPORT_DIVISIONS),
        CalendarStep(on=schedule.IMPORTED_ON, step=Step.IMPORT_HOUSEHOLDS),
        CalendarStep(on=schedule.PROGRAMMES_OPEN_ON, step=Step.OPEN_PROGRAMMES),
        CalendarStep(on=schedule.SITES_ON, step=Step.REGISTER_SITES),
        CalendarStep(on=schedule.HOUSEHOLDS_ALLOCATED_ON, step=Step.ALLOCATE_HOUSEHOLDS),
        *(
            CalendarStep(on=on, step=Step.RECEIVE_FUND, refs=(source,))
            for on, source in zip(schedule.FUND_DATES, sources, strict=True)
        ),
        *(
            CalendarStep(on=schedule.ALLOCATED_ON, step=Step.ALLOCATE_FUND, refs=(programme.code,))
            for programme in county.programmes
        ),
    ]


def _round_steps(rounds: tuple[SampleRound, ...]) -> list[CalendarStep]:
    return [
        CalendarStep(on=on, step=step, refs=(one.key,))
        for one in rounds
        for step, on in (
            (Step.OPEN_ROUND, one.dates.opened_on),
            (Step.EVALUATE_ROUND, one.dates.evaluated_on),
            (Step.REVIEW_ROUND, one.dates.reviewed_on),
            (Step.CONFIRM_ROUND, one.dates.confirmed_on),
        )
    ]


def _grouped(step: Step, dated: Iterable[tuple[date | None, str]]) -> list[CalendarStep]:
    groups: dict[date, list[str]] = defaultdict(list)
    for on, ref in dated:
        if on is not None:
            groups[on].append(ref)
    return [CalendarStep(on=on, step=step, refs=tuple(refs)) for on, refs in groups.items()]


def _claim_steps(claims: tuple[SampleClaim, ...]) -> list[CalendarStep]:
    return [
        *_grouped(Step.SUBMIT_CLAIMS, ((claim.submitted_on, claim.key) for claim in claims)),
        *_grouped(Step.INSPECT_CLAIMS, ((claim.inspected_on, claim.key) for claim in claims)),
        *_grouped(Step.APPROVE_CLAIMS, ((claim.approved_on, claim.key) for claim in claims)),
        *_grouped(
            Step.CORRECT_CLAIM,
            ((schedule.CLAIM_CORRECTED_ON, claim.key) for claim in claims if claim.corrected is not None),
        ),
    ]


def _house_steps(houses: tuple[SampleHouse, ...]) -> list[CalendarStep]:
    stages: dict[Step, Callable[[SampleHouse], date | None]] = {
        Step.START_HOUSES: lambda house: house.started_on,
        Step.TOP_OUT_HOUSES: lambda house: house.topped_out_on,
        Step.COMPLETE_HOUSES: lambda house: house.completed_on,
        Step.ACCEPT_HOUSES: lambda house: house.accepted_on,
        Step.MOVE_IN_HOUSES: lambda house: house.moved_in_on,
        Step.CORRECT_STAGE: lambda house: (
            schedule.STAGE_CORRECTED_ON if house.corrected_completed_on is not None else None
        ),
    }
    return [
        one
        for step, on in stages.items()
        for one in _grouped(step, ((on(house), house.file_number) for house in houses))
    ]


def _batch_steps(batches: tuple[SampleBatch, ...]) -> list[CalendarStep]:
    return [
        CalendarStep(on=on, step=step, refs=(batch.key,))
        for batch in batches
        for step, on in (
            (Step.FREEZE_BATCH, batch.frozen_on),
            (Step.SEND_BATCH, batch.sent_on),
            (Step.SETTLE_BATCH, batch.settled_on),
        )
    ]


def _planted_steps(chosen: Chosen, claims: tuple[SampleClaim, ...]) -> list[CalendarStep]:
    """Return what is done so that supervision has something to find, and what every county does once a year."""
    inspected, exits = schedule.ROUND_INSPECTED_ON, sorted(chosen.households(Rule.EXIT_AGAINST_CRITERIA))
    steps = [
        (Step.RECORD_DEATH, schedule.DEATH_RECORDED_ON, chosen.households(Rule.ROUND_DOES_NOT_CLOSE)),
        (Step.CUT_NOTICE, inspected, chosen.households(Rule.NOTICE_CUT_SHORT)),
        (Step.ANNUL_MEETING, inspected, chosen.households(Rule.REGISTERED_WITHOUT_EVALUATIONS)),
        (Step.COMPARE_LIST, schedule.LIST_COMPARED_ON, chosen.households(Rule.RULED_OUT_BY_LIST)),
        (Step.PREPARE_EXIT, schedule.EXIT_NOTICED_ON, exits),
        (Step.EXIT_HOUSEHOLD, schedule.EXITED_ON, exits),
        (Step.CORRECT_VISIT, schedule.VISIT_CORRECTED_ON, exits),
    ]
    last_wave = {claim.file_number: claim.wave for claim in claims}
    for number in chosen.households(Rule.PAID_OFF_REGISTER):
        dates = wave_dates(last_wave[number])
        steps.append((Step.PREPARE_EXIT, dates.exit_noticed_on, [number]))
        steps.append((Step.EXIT_HOUSEHOLD, dates.exited_on, [number]))
    return [CalendarStep(on=on, step=step, refs=tuple(sorted(refs))) for step, on, refs in steps if refs]


def _visits(
    households: tuple[SampleHousehold, ...], chosen: Chosen, planted: list[CalendarStep]
) -> CalendarStep:
    """Return the visit of the year to everybody still on the register but the planted ones."""
    on = schedule.VISITED_ON
    gone = {
        ref for step in planted if step.step is Step.EXIT_HOUSEHOLD and step.on <= on for ref in step.refs
    }
    left_out = gone | chosen.households(Rule.RECORD_STALE)
    numbers = (one.file_number for one in households if one.file_number not in left_out)
    return CalendarStep(on=on, step=Step.VISIT_HOUSEHOLDS, refs=tuple(numbers))
