"""Every event there is, in one tuple and by type."""

from typing import Any, Final

from contracts.events import (
    finance,
    gateway,
    notice,
    policy,
    procedure,
    registry,
    relocation,
    subsidy,
    supervision,
    visit,
)

ALL_EVENTS: Final[tuple[Any, ...]] = (
    *registry.EVENTS,
    *visit.EVENTS,
    *procedure.EVENTS,
    *notice.EVENTS,
    *policy.EVENTS,
    *subsidy.EVENTS,
    *relocation.EVENTS,
    *finance.EVENTS,
    *supervision.EVENTS,
    *gateway.EVENTS,
)
BY_TYPE: Final[dict[str, Any]] = {event.event_type: event for event in ALL_EVENTS}
