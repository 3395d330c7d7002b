"""Why a household would stand differently under another rule pack."""

from dataclasses import dataclass
from typing import Final

FALLS_BELOW: Final = "falls-below-line"
RISES_ABOVE: Final = "rises-above-line"
RULED_OUT: Final = "ruled-out"
NO_LONGER_RULED_OUT: Final = "no-longer-ruled-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a household stands under one pack: below its line, and named by a list that rules it out."""

    is_below: bool
    is_ruled_out: bool


def why_changed(now: Standing, tried: Standing) -> list[str]:
    """Return the reasons, none when nothing changes."""
    found = []
    if now.is_below != tried.is_below:
        found.append(FALLS_BELOW if tried.is_below else RISES_ABOVE)
    if now.is_ruled_out != tried.is_ruled_out:
        found.append(RULED_OUT if tried.is_ruled_out else NO_LONGER_RULED_OUT)
    return found
