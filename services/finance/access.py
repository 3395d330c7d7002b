"""Who may ask finance what."""

from chassis.errors import Forbidden
from chassis.unit_of_work import UnitOfWork
from contracts import roles

COUNTY_DIGITS = 6
AREA_DIGITS = 12

MONEY_READERS = (roles.OFFICER, roles.CHECKER, roles.PAYER, roles.AUDITOR, roles.SERVICE)
PAYMENT_READERS = (*MONEY_READERS, roles.CLERK)


def require_county(unit: UnitOfWork, *allowed: str) -> None:
    """Refuse a caller without the role, and one of a single township: money is the county's."""
    unit.require(*allowed)
    if len(unit.principal.area) > COUNTY_DIGITS:
        raise Forbidden("This is decided by the county.")


def area_of(unit: UnitOfWork) -> str:
    """Return the division code under which the caller's decisions are published."""
    return unit.principal.area.ljust(AREA_DIGITS, "0")
