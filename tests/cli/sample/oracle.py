"""A naive reading of the supervision rules over a plan, independent of how the cases were planted."""

from collections import defaultdict
from datetime import date, timedelta

from cli.sample.county import Rule
from cli.sample.plan import SampleBatch, SampleClaim, SamplePlan
from cli.sample.step import Step

TODAY = date(2017, 1, 1)
STALE_DAYS = 366
DIED_ON = date(2015, 4, 25)
UNPAID_DAYS = 30
EMPTY_DAYS = 90

Flag = tuple[Rule, str]


def flags(plan: SamplePlan) -> list[Flag]:
    """Return every finding a supervisor would open by the first day of 2017."""
    found = [*_claim_flags(plan), *_photo_flags(plan), *_floor_flags(plan), *_house_flags(plan)]
    return sorted([*found, *_procedure_flags(plan), *_stale_flags(plan)])


def _batch_of(plan: SamplePlan) -> dict[str, SampleBatch]:
    return {ref: batch for batch in plan.batches for ref in batch.refs}


def _claim_flags(plan: SamplePlan) -> list[Flag]:
    batch_of = _batch_of(plan)
    found = []
    for claim in plan.claims:
        batch = batch_of.get(claim.key)
        paid_by = batch.settled_on if batch else TODAY
        if paid_by - claim.inspected_on > timedelta(days=UNPAID_DAYS):
            found.append((Rule.CLAIM_UNPAID, f"claim/{claim.key}"))
        if batch and not _is_registered(plan, claim, batch.settled_on):
            found.append((Rule.PAID_OFF_REGISTER, f"claim/{claim.key}"))
        if batch and claim.corrected not in (None, claim.accepted):
            found.append((Rule.AMOUNTS_DIFFER, f"claim/{claim.key}"))
    return found


def _is_registered(plan: SamplePlan, claim: SampleClaim, on: date) -> bool:
    state = True
    for step in plan.calendar:
        if step.on <= on and step.refs == (claim.file_number,):
            state = {Step.EXIT_HOUSEHOLD: False}.get(step.step, state)
    return state


def _photo_flags(plan: SamplePlan) -> list[Flag]:
    uses: dict[str, int] = defaultdict(int)
    for claim in plan.claims:
        uses[claim.photo_sha256] += 1
    return [(Rule.PHOTO_REUSED, f"photo/{photo}") for photo, count in uses.items() if count > 1]


def _floor_flags(plan: SamplePlan) -> list[Flag]:
    paid: dict[str, int] = defaultdict(int)
    batch_of = _batch_of(plan)
    for claim in plan.claims:
        if claim.key in batch_of:
            quantity = claim.accepted if claim.corrected is None else claim.corrected
            paid[claim.file_number] += int(quantity * claim.rate_fen)
    floor = plan.county.figures.industry_floor_fen
    numbers = [household.file_number for household in plan.households]
    return [(Rule.FLOOR_UNMET, f"household/{number}") for number in numbers if paid[number] < floor]


def _house_flags(plan: SamplePlan) -> list[Flag]:
    batch_of = _batch_of(plan)
    found = []
    for house in plan.houses:
        if house.completed_on is None or house.floor_area_m2 is None:
            continue
        lived_in_by = house.moved_in_on or TODAY
        if lived_in_by - house.completed_on >= timedelta(days=EMPTY_DAYS):
            found.append((Rule.HOUSE_EMPTY, f"house/{house.file_number}"))
        if house.floor_area_m2 > plan.county.figures.area_cap_m2 * house.persons:
            found.append((Rule.HOUSE_OVER_AREA, f"house/{house.file_number}"))
        batch = batch_of.get(house.file_number)
        completed_on = house.corrected_completed_on or house.completed_on
        if batch and batch.settled_on < completed_on:
            found.append((Rule.SUBSIDY_BEFORE_STAGE, f"house/{house.file_number}"))
    return found


def _steps(plan: SamplePlan, kind: Step) -> list[tuple[date, str]]:
    return [(step.on, ref) for step in plan.calendar if step.step is kind for ref in step.refs]


def _procedure_flags(plan: SamplePlan) -> list[Flag]:
    found = [(Rule.NOTICE_CUT_SHORT, f"notice/{ref}") for _, ref in _steps(plan, Step.CUT_NOTICE)]
    found += [(Rule.RULED_OUT_BY_LIST, f"household/{ref}") for _, ref in _steps(plan, Step.COMPARE_LIST)]
    exited = {ref for _, ref in _steps(plan, Step.EXIT_HOUSEHOLD)}
    corrected = [ref for _, ref in _steps(plan, Step.CORRECT_VISIT) if ref in exited]
    found += [(Rule.EXIT_AGAINST_CRITERIA, f"household/{ref}") for ref in corrected]
    for on, _ in _steps(plan, Step.RECORD_DEATH):
        closed = [one for one in plan.rounds if DIED_ON <= one.dates.confirmed_on < on]
        found += [(Rule.ROUND_DOES_NOT_CLOSE, f"round/{one.key}") for one in closed]
    for on, ref in _steps(plan, Step.ANNUL_MEETING):
        again = [one for one in plan.rounds if one.dates.confirmed_on > on]
        if not again:
            found.append((Rule.REGISTERED_WITHOUT_EVALUATIONS, f"household/{ref}"))
    return found


def _stale_flags(plan: SamplePlan) -> list[Flag]:
    exited = {ref for _, ref in _steps(plan, Step.EXIT_HOUSEHOLD)}
    visited = {ref: on for on, ref in _steps(plan, Step.VISIT_HOUSEHOLDS)}
    last_round = max(one.dates.confirmed_on for one in plan.rounds)
    return [
        (Rule.RECORD_STALE, f"household/{one.file_number}")
        for one in plan.households
        if one.file_number not in exited
        and TODAY - visited.get(one.file_number, last_round) > timedelta(days=STALE_DAYS)
    ]
