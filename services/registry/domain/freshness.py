"""How long a look at a household stays fresh: an older record is stale, and a task for those who visit."""

from calendar import monthrange
from datetime import date

from services.registry.domain.rule_pack import RulePack

MONTHS_OF_YEAR = 12


def is_fresh(seen_on: date | None, pack: RulePack, *, on: date) -> bool:
    """A record is fresh up to the day so many months after the last look (capabilities Z5; 挂包帮 转走访)."""
    return seen_on is not None and add_months(seen_on, pack.freshness_months) >= on


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, MONTHS_OF_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
