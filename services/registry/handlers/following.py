"""Entries of open rounds follow their households, whichever way those move."""

from collections.abc import Mapping
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.registry.domain.household import Household
from services.registry.domain.procedure import Entry
from services.registry.domain.proposal import follow
from services.registry.handlers.notice import HOUSEHOLD_CHANGED, void_for
from services.registry.store import entry as store


async def follow_households(
    unit: UnitOfWork, after: Mapping[UUID, Household], *, reopens: bool = False
) -> list[Entry]:
    """Keep the entries of open rounds where their households live; who is gone leaves the round, and lists are void.

    Return the entries as they stood before.
    """
    found = await store.lock_open(unit.driver, after)
    for entry, scope in found:
        placed = follow(entry, after[entry.household_id], scope, reopens=reopens)
        if placed != entry:
            await void_for(unit, [entry], HOUSEHOLD_CHANGED)
            await store.place_entry(unit.driver, placed)
    return [entry for entry, _ in found]
