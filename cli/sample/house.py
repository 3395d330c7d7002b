"""The new houses of the relocated households: how far each one has come, and who was subsidised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from cli.sample import schedule
from cli.sample.chosen import Chosen
from cli.sample.county import County, Rule
from cli.sample.plan import SampleHouse, SampleHousehold
from cli.sample.schedule import HouseDates
from cli.sample.sums import UnreachableFigure, share

EXCESS_AREA_M2 = Decimal("12.50")
UNFINISHED_KINDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """The file numbers of the houses by how far they have come."""

    early: list[str]
    autumn: list[str]
    winter: list[str]
    moved_in: set[str]
    subsidised: set[str]
    topped_out: set[str]
    started: set[str]


def build_houses(
    county: County, households: Iterable[SampleHousehold], chosen: Chosen, rng: Random
) -> tuple[SampleHouse, ...]:
    """Return one house for each allocated household, in order of file number."""
    moving = [household for household in households if household.site_key is not None]
    progress = _progress(county, [household.file_number for household in moving], chosen, rng)
    return tuple(_house(county, household, progress, chosen, rng=rng) for household in moving)


def _progress(county: County, numbers: list[str], chosen: Chosen, rng: Random) -> _Progress:
    figures = county.figures
    early, over, redated = (
        sorted(chosen.households(rule))
        for rule in (Rule.HOUSE_EMPTY, Rule.HOUSE_OVER_AREA, Rule.SUBSIDY_BEFORE_STAGE)
    )
    planted = {*early, *over, *redated}
    plain = [number for number in numbers if number not in planted]
    rng.shuffle(plain)
    finished = plain[: figures.houses_completed - len(planted)]
    autumn_count = max(figures.houses_moved_in, share(len(finished), 11, 20))
    autumn = finished[:autumn_count]
    moved_in = autumn[: figures.houses_moved_in]
    later = finished[figures.houses_moved_in :]
    rng.shuffle(later)
    payable = [*redated, *moved_in, *later]
    if len(moved_in) < figures.houses_moved_in or len(payable) < figures.houses_subsidised:
        raise UnreachableFigure("More houses are moved into or subsidised than are completed.")
    unfinished = plain[len(finished) :]
    third = len(unfinished) // UNFINISHED_KINDS
    return _Progress(
        early=early,
        autumn=[*redated, *autumn],
        winter=[*over, *finished[autumn_count:]],
        moved_in=set(moved_in),
        subsidised=set(payable[: figures.houses_subsidised]),
        topped_out=set(unfinished[:third]),
        started=set(unfinished[third : 2 * third]),
    )


def _dates(number: str, progress: _Progress) -> tuple[date | None, date | None, date | None]:
    groups: tuple[tuple[list[str], HouseDates], ...] = (
        (progress.early, schedule.EARLY_HOUSES),
        (progress.autumn, schedule.AUTUMN_HOUSES),
        (progress.winter, schedule.WINTER_HOUSES),
    )
    for group, dates in groups:
        if number in group:
            return dates.started_on, dates.topped_out_on, dates.completed_on
    if number in progress.topped_out:
        return schedule.AUTUMN_HOUSES.started_on, schedule.AUTUMN_HOUSES.topped_out_on, None
    if number in progress.started:
        return schedule.AUTUMN_HOUSES.started_on, None, None
    return None, None, None


def _house(
    county: County, household: SampleHousehold, progress: _Progress, chosen: Chosen, *, rng: Random
) -> SampleHouse:
    number = household.file_number
    persons = len(household.members)
    cap = Decimal(county.figures.area_cap_m2 * persons)
    planned = cap - Decimal(rng.randint(0, 20)) / 4
    started_on, topped_out_on, completed_on = _dates(number, progress)
    floor = cap + EXCESS_AREA_M2 if number in chosen.households(Rule.HOUSE_OVER_AREA) else planned
    moved_in = number in progress.moved_in
    redated = number in chosen.households(Rule.SUBSIDY_BEFORE_STAGE)
    return SampleHouse(
        file_number=number,
        site_key=household.site_key or "",
        persons=persons,
        planned_area_m2=planned,
        floor_area_m2=None if completed_on is None else floor,
        started_on=started_on,
        topped_out_on=topped_out_on,
        completed_on=completed_on,
        accepted_on=schedule.ACCEPTED_ON if moved_in else None,
        moved_in_on=schedule.MOVED_IN_ON if moved_in else None,
        subsidy_fen=county.figures.housing_subsidy_fen if number in progress.subsidised else 0,
        corrected_completed_on=schedule.CORRECTED_COMPLETED_ON if redated else None,
    )
