"""The planted cases as the demo expects to find them: one finding each, and why no second rule can fire."""

from collections.abc import Callable
from dataclasses import dataclass

from chassis.money import format_yuan
from cli.sample.chosen import Chosen
from cli.sample.county import County, Rule
from cli.sample.plan import PlantedCase, SampleClaim, SampleHouse
from cli.sample.schedule import (
    DIED_ON,
    EXITED_ON,
    FLOOR_CHECKED_ON,
    LIST_COMPARED_ON,
    NOTICE_GONE_ON,
    ROUND_INSPECTED_ON,
    ROUNDS,
    VISIT_CORRECTED_ON,
    YEAR_END,
    wave_dates,
)
from contracts.values import LOOK_BACK

WHY_ALONE = {
    Rule.CLAIM_UNPAID: "Its first claim was paid above the floor, so the floor holds; nothing else of it is unusual.",
    Rule.PAID_OFF_REGISTER: "It exited by the criteria, and both of its claims were paid in time and above the floor.",
    Rule.AMOUNTS_DIFFER: "The corrected quantity is still one unit above the floor, and it was paid in time.",
    Rule.HOUSE_EMPTY: "Its area is within the cap and no subsidy was asked for it; every other house was completed "
    "in the last 60 days of the year.",
    Rule.HOUSE_OVER_AREA: "It was completed 31 days before the check, so it is not yet empty too long, and no "
    "subsidy was asked for it.",
    Rule.SUBSIDY_BEFORE_STAGE: "Even the first completion date is less than 90 days before the check, and the "
    "area is within the cap.",
    Rule.PHOTO_REUSED: "Both claims were accepted, approved and paid in time, equal in amount and above the floor.",
    Rule.FLOOR_UNMET: "Its only claim was paid in time exactly as accepted; only the sum is too small.",
    Rule.NOTICE_CUT_SHORT: "The notice had been used when it became known, so nothing else of the round changes.",
    Rule.ROUND_DOES_NOT_CLOSE: "The death lies inside one round only and was recorded before the next was opened.",
    Rule.REGISTERED_WITHOUT_EVALUATIONS: "It met alone, so that nobody else loses an evaluation, and no later round "
    "evaluates it again.",
    Rule.EXIT_AGAINST_CRITERIA: "It was paid before it left; only the figures of its visit were corrected.",
    Rule.RECORD_STALE: "It was verified by the last round like all others; only the visit of the year is missing.",
    Rule.RULED_OUT_BY_LIST: "One of its people stands on a payroll; nothing else of it is unusual.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the cases are read from."""

    county: County
    claims: dict[str, list[SampleClaim]]
    houses: dict[str, SampleHouse]


def describe_cases(
    county: County, chosen: Chosen, claims: tuple[SampleClaim, ...], houses: tuple[SampleHouse, ...]
) -> tuple[PlantedCase, ...]:
    """Return the planted cases in the order of the rules."""
    by_household: dict[str, list[SampleClaim]] = {}
    for claim in claims:
        by_household.setdefault(claim.file_number, []).append(claim)
    evidence = Evidence(
        county=county, claims=by_household, houses={house.file_number: house for house in houses}
    )
    return tuple(
        _case(rule, number, case, evidence)
        for rule in Rule
        for number, case in enumerate(chosen.cases(rule), start=1)
    )


def _case(rule: Rule, number: int, file_numbers: tuple[str, ...], evidence: Evidence) -> PlantedCase:
    claim_keys, subject, observed, expected = _DESCRIPTIONS[rule](file_numbers, evidence)
    return PlantedCase(
        case_id=f"{rule.value}-{number}",
        rule=rule,
        file_numbers=file_numbers,
        claim_keys=claim_keys,
        subject=subject,
        observed=observed,
        expected=expected,
        why_alone=WHY_ALONE[rule],
    )


_Description = tuple[tuple[str, ...], str, str, str]


def _claim_unpaid(files: tuple[str, ...], evidence: Evidence) -> _Description:
    claim = evidence.claims[files[0]][-1]
    return (
        (claim.key,),
        f"claim/{claim.key}",
        f"accepted on {claim.inspected_on}, approved on {claim.approved_on}, not paid on {FLOOR_CHECKED_ON}",
        "paid within 30 days of acceptance",
    )


def _paid_off_register(files: tuple[str, ...], evidence: Evidence) -> _Description:
    claim = evidence.claims[files[0]][-1]
    dates = wave_dates(claim.wave)
    return (
        (claim.key,),
        f"claim/{claim.key}",
        f"exited on {dates.exited_on}, paid on {dates.batch.settled_on}",
        "on the register on the day of payment",
    )


def _amounts_differ(files: tuple[str, ...], evidence: Evidence) -> _Description:
    claim = evidence.claims[files[0]][-1]
    corrected = int((claim.corrected or claim.accepted) * claim.rate_fen)
    return (
        (claim.key,),
        f"claim/{claim.key}",
        f"claim {format_yuan(corrected)} after correction, paid {format_yuan(claim.amount_fen)}",
        "claim, payment and bank amounts are equal",
    )


def _house_empty(files: tuple[str, ...], evidence: Evidence) -> _Description:
    house = evidence.houses[files[0]]
    return (
        (),
        f"house/{house.file_number}",
        f"completed on {house.completed_on}, nobody moved in by {FLOOR_CHECKED_ON}",
        "moved in within 90 days of completion",
    )


def _house_over_area(files: tuple[str, ...], evidence: Evidence) -> _Description:
    house = evidence.houses[files[0]]
    cap = evidence.county.figures.area_cap_m2 * house.persons
    return (
        (),
        f"house/{house.file_number}",
        f"{house.floor_area_m2} m2, allocated to {house.persons}",
        f"at most {cap} m2",
    )


def _subsidy_before_stage(files: tuple[str, ...], evidence: Evidence) -> _Description:
    house = evidence.houses[files[0]]
    return (
        (),
        f"house/{house.file_number}",
        f"paid after completion on {house.completed_on}, which was corrected to {house.corrected_completed_on}",
        "the stage lies on or before the day of payment",
    )


def _photo_reused(files: tuple[str, ...], evidence: Evidence) -> _Description:
    keys = tuple(evidence.claims[number][-1].key for number in files)
    photo = evidence.claims[files[0]][-1].photo_sha256
    return keys, f"photo/{photo}", f"used by {len(keys)} claims", "used by one claim"


def _floor_unmet(files: tuple[str, ...], evidence: Evidence) -> _Description:
    claim = evidence.claims[files[0]][-1]
    return (
        (claim.key,),
        f"household/{files[0]}",
        f"{format_yuan(claim.amount_fen)} paid in the year to {YEAR_END}",
        f"at least {format_yuan(evidence.county.figures.industry_floor_fen)}",
    )


def _notice_cut_short(files: tuple[str, ...], _: Evidence) -> _Description:
    return (
        (),
        f"notice/{files[0]}",
        f"posted on {ROUNDS[-1].reviewed_on}, taken down on {NOTICE_GONE_ON}",
        "hangs its whole time",
    )


def _round_does_not_close(_: tuple[str, ...], _evidence: Evidence) -> _Description:
    return (
        (),
        f"round/{LOOK_BACK}-1",
        f"somebody who died on {DIED_ON} still counted",
        "opening, added and removed make the closing numbers",
    )


def _without_evaluations(files: tuple[str, ...], _: Evidence) -> _Description:
    return (
        (),
        f"household/{files[0]}",
        f"registered on {ROUNDS[-1].confirmed_on}, its villagers' meeting annulled on {ROUND_INSPECTED_ON}",
        "three evaluations before registration",
    )


def _exit_against_criteria(files: tuple[str, ...], _: Evidence) -> _Description:
    return (
        (),
        f"household/{files[0]}",
        f"exited on {EXITED_ON}, the figures of its visit corrected on {VISIT_CORRECTED_ON}",
        "income above the line",
    )


def _record_stale(files: tuple[str, ...], _: Evidence) -> _Description:
    return (
        (),
        f"household/{files[0]}",
        f"last looked at on {ROUNDS[-1].confirmed_on}",
        "looked at once a year",
    )


def _ruled_out(files: tuple[str, ...], _: Evidence) -> _Description:
    return (
        (),
        f"household/{files[0]}",
        f"found on a payroll on {LIST_COMPARED_ON}",
        "on no list that rules it out",
    )


_DESCRIPTIONS: dict[Rule, Callable[[tuple[str, ...], Evidence], _Description]] = {
    Rule.CLAIM_UNPAID: _claim_unpaid,
    Rule.PAID_OFF_REGISTER: _paid_off_register,
    Rule.AMOUNTS_DIFFER: _amounts_differ,
    Rule.HOUSE_EMPTY: _house_empty,
    Rule.HOUSE_OVER_AREA: _house_over_area,
    Rule.SUBSIDY_BEFORE_STAGE: _subsidy_before_stage,
    Rule.PHOTO_REUSED: _photo_reused,
    Rule.FLOOR_UNMET: _floor_unmet,
    Rule.NOTICE_CUT_SHORT: _notice_cut_short,
    Rule.ROUND_DOES_NOT_CLOSE: _round_does_not_close,
    Rule.REGISTERED_WITHOUT_EVALUATIONS: _without_evaluations,
    Rule.EXIT_AGAINST_CRITERIA: _exit_against_criteria,
    Rule.RECORD_STALE: _record_stale,
    Rule.RULED_OUT_BY_LIST: _ruled_out,
}
