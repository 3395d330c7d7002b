"""Every event there is, in one tuple and by type."""

from typing import Any, Final

from contracts.events import finance, gateway, registry, relocation, subsidy, supervision

ALL_EVENTS: Final[tuple[Any, ...]] = (
    *registry.EVENTS,
    *subsidy.EVENTS,
    *relocation.EVENTS,
    *finance.EVENTS,
    *supervision.EVENTS,
    *gateway.EVENTS,
)
BY_TYPE: Final[dict[str, Any]] = {event.event_type: event for event in ALL_EVENTS}
