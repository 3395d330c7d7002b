"""Two times kept apart: the real moment something was recorded, and the business date it counts for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

# Deadlines are counted from a business date, so days must be left behind the last one.
FIRST_BUSINESS_DATE: Final = date(1949, 10, 1)
LAST_BUSINESS_DATE: Final = date(2999, 12, 31)


class Clock(Protocol):
    """What a command may ask about time."""

    def now(self) -> datetime:
        """Return the real moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the business date."""
        ...


class BusinessClock:
    """The real clock, whose business date follows the calendar until somebody moves it."""

    def __init__(self, timezone: str = "Asia/Shanghai") -> None:
        self._zone = ZoneInfo(timezone)
        self._moved_to: date | None = None

    def now(self) -> datetime:
        """Return the real moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the date it was moved to, else today's date in the office's time zone."""
        return self._moved_to or self.calendar_today()

    def calendar_today(self) -> date:
        """Return today's real date in the office's time zone."""
        return datetime.now(self._zone).date()

    def is_moved(self) -> bool:
        """Tell whether the business date is not today's."""
        return self._moved_to is not None and self._moved_to != self.calendar_today()

    def follows_calendar(self) -> bool:
        """Tell whether tomorrow's business date will be tomorrow's date."""
        return self._moved_to is None

    def move_to(self, business_date: date | None) -> None:
        """Let the business date be `business_date`; None returns to the calendar."""
        self._moved_to = business_date


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still, for tests and for replaying history."""

    moment: datetime
    business_date: date

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment

    def today(self) -> date:
        """Return the business date it was set to."""
        return self.business_date

    def is_moved(self) -> bool:
        """Tell that this date is not the calendar's."""
        return True
