"""An event that changes a projection, with what its envelope says of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct


class Heard(Struct, frozen=True, kw_only=True, gc=False):
    """An event as the desk takes it; it is itself a cause of findings."""

    event_id: UUID
    event_type: str
    fact: Any
    area_code: str
    on: date
    at: datetime

    @property
    def label(self) -> str:
        """The event in words."""
        return f"{self.event_type} of {self.on}"
