"""What is expected of one operation, and how to ask for it in a place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.services.registry.access.world import Ask, Place, World

Asking = Callable[[World, Place], Awaitable[Ask]]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Who may, and a request on something of a place that does not exist elsewhere."""

    roles: tuple[str, ...]
    ask: Asking
    # What a caller of a permitted role hears from another area: not found; or a list without what lies there.
    elsewhere: frozenset[int] = frozenset({404})
    # A list or a count: it must show what is of the place, unless it shows numbers only.
    is_list: bool = False
    shows: bool = True
    # The lowest caller is the county: its townships are refused like another county.
    of_county: bool = False
    shown_below: bool = False
    # Not bound by area, and why.
    open_because: str | None = None
    # Allows members of a body that it does not know, and why.
    lenient_because: str | None = None
    # What a permitted caller hears at home.
    at_home: frozenset[int] = frozenset({200, 201})


def listing(path: str, *roles: str, shows: bool = True, of_county: bool = False) -> Recipe:
    """Return the recipe of a list that needs nothing but what every place has."""

    async def ask(_: World, __: Place) -> Ask:
        return Ask(method="GET", path=path)

    return Recipe(roles=roles, ask=ask, is_list=True, shows=shows, of_county=of_county)
