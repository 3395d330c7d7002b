"""What the gateway publishes: the business date, when an administrator moves it or lets it follow the calendar again."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from contracts import topics
from contracts.values import PUBLIC


class BusinessDateSet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The business date was moved, or follows the calendar again from that date on; recorded times stay real."""

    event_type: ClassVar[str] = "gateway.business-date-set.v1"
    topic: ClassVar[str] = topics.CLOCK
    data_class: ClassVar[str] = PUBLIC
    subject_kind: ClassVar[str] = "clock"

    business_date: date
    previous: date | None = None
    follows_calendar: bool = False

    def subject_id(self) -> str:
        """Return the one clock's id."""
        return "business-date"


EVENTS = (BusinessDateSet,)
