"""The rules of building and handing over houses, each a named function with its source."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from services.relocation.domain.errors import DateAfterNext, DateBeforePrevious, DateInFuture

CENT = Decimal("0.01")


def is_within_area_cap(floor_area_m2: Decimal, cap_m2: Decimal) -> bool:
    """A house at the cap is within it (Eryuan report 2016: per capita area not above 25 m2; red line of 2016)."""
    return floor_area_m2 <= cap_m2


def check_date(
    on: date, *, earlier: Iterable[date | None], later: Iterable[date | None], today: date
) -> None:
    """Refuse a date in the future, before the step before, or after the step that followed; the same day is fine."""
    if on > today:
        raise DateInFuture(pointer="/on")
    if any(each is not None and on < each for each in earlier):
        raise DateBeforePrevious(pointer="/on")
    if any(each is not None and on > each for each in later):
        raise DateAfterNext(pointer="/on")


def period_of(on: date) -> str:
    """The housing subsidy counts for the calendar year in which its stage was reached."""
    return str(on.year)


def area_text(area_m2: Decimal) -> str:
    """Return an area with the two decimals it is stored with."""
    return str(area_m2.quantize(CENT))
