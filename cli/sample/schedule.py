"""The business dates of the sample year: one place to move them, so that no planted case meets a second deadline."""

from dataclasses import dataclass
from datetime import date, timedelta

IMPORTED_ON = date(2015, 1, 5)
PROGRAMMES_OPEN_ON = date(2016, 1, 28)
FUND_DATES = (date(2016, 2, 15), date(2016, 2, 22), date(2016, 3, 1))
ALLOCATED_ON = date(2016, 3, 2)
SITES_ON = date(2016, 2, 16)
HOUSEHOLDS_ALLOCATED_ON = date(2016, 2, 18)
CLAIM_CORRECTED_ON = date(2016, 9, 20)
STAGE_CORRECTED_ON = date(2016, 12, 19)
YEAR_END = date(2016, 12, 31)
FLOOR_CHECKED_ON = date(2017, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDates:
    """The days of a round: notices hang a week, so that each step of the calendar is one working day."""

    opened_on: date
    evaluated_on: date
    reviewed_on: date
    confirmed_on: date


def _round(opened_on: date, evaluated_on: date) -> RoundDates:
    week = timedelta(days=7)
    return RoundDates(
        opened_on=opened_on,
        evaluated_on=evaluated_on,
        reviewed_on=evaluated_on + week,
        confirmed_on=evaluated_on + 2 * week,
    )


# The first brings the county onto the register; the look-backs follow within the year (seed, line 7: three rounds).
ROUNDS = (
    _round(date(2015, 1, 12), date(2015, 2, 2)),
    _round(date(2015, 4, 7), date(2015, 4, 20)),
    _round(date(2015, 7, 6), date(2015, 7, 20)),
    _round(date(2015, 11, 23), date(2015, 12, 7)),
)
# Inside the first look-back, and recorded after it was closed.
DIED_ON = date(2015, 4, 25)
DEATH_RECORDED_ON = date(2015, 6, 1)
NOTICE_GONE_ON = ROUNDS[-1].reviewed_on + timedelta(days=3)
ROUND_INSPECTED_ON = date(2016, 1, 11)
VISITED_ON = date(2016, 7, 18)
LIST_COMPARED_ON = date(2016, 9, 20)
EXIT_NOTICED_ON = date(2016, 10, 10)
EXITED_ON = date(2016, 10, 17)
VISIT_CORRECTED_ON = date(2016, 11, 7)

FIRST_WAVE_ON = date(2016, 3, 14)
DAYS_BETWEEN_WAVES = 49
PERIOD = "2016"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseDates:
    """The stage dates shared by a group of houses."""

    started_on: date
    topped_out_on: date
    completed_on: date


# Completed early enough to be empty for more than 90 days within the year.
EARLY_HOUSES = HouseDates(
    started_on=date(2016, 2, 24), topped_out_on=date(2016, 3, 30), completed_on=date(2016, 5, 10)
)
# Both completed in the last 60 days of the year: none of them can be empty for 90 days on 1 January.
AUTUMN_HOUSES = HouseDates(
    started_on=date(2016, 4, 11), topped_out_on=date(2016, 8, 15), completed_on=date(2016, 11, 7)
)
WINTER_HOUSES = HouseDates(
    started_on=date(2016, 4, 11), topped_out_on=date(2016, 8, 15), completed_on=date(2016, 12, 1)
)
ACCEPTED_ON = date(2016, 11, 21)
MOVED_IN_ON = date(2016, 12, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDates:
    """The days on which a payment batch is frozen, sent to the bank and settled."""

    frozen_on: date
    sent_on: date
    settled_on: date


AUTUMN_SUBSIDY = BatchDates(
    frozen_on=date(2016, 11, 24), sent_on=date(2016, 11, 25), settled_on=date(2016, 11, 28)
)
WINTER_SUBSIDY = BatchDates(
    frozen_on=date(2016, 12, 12), sent_on=date(2016, 12, 13), settled_on=date(2016, 12, 16)
)
# After the autumn batch was paid, and before today's correction: the stage then lies behind its own money.
CORRECTED_COMPLETED_ON = date(2016, 12, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveDates:
    """The days of one wave of claims; from inspection to settlement is a week, far below any deadline."""

    submitted_on: date
    inspected_on: date
    approved_on: date
    batch: BatchDates
    exit_noticed_on: date
    exited_on: date


def wave_dates(wave: int) -> WaveDates:
    """Return the dates of a wave, counted from 0."""
    start = FIRST_WAVE_ON + timedelta(days=DAYS_BETWEEN_WAVES * wave)
    return WaveDates(
        submitted_on=start,
        inspected_on=start + timedelta(days=7),
        approved_on=start + timedelta(days=9),
        batch=BatchDates(
            frozen_on=start + timedelta(days=10),
            sent_on=start + timedelta(days=11),
            settled_on=start + timedelta(days=14),
        ),
        exit_noticed_on=start + timedelta(days=5),
        exited_on=start + timedelta(days=12),
    )
