"""Putting a disclosure on record: whoever shows data of people calls this first, in the same transaction."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.registry.store.disclosure import Disclosure, add_disclosure

DIVISION_DIGITS = 12


async def put_on_record(
    unit: UnitOfWork,
    kind: str,
    *,
    reason: str,
    subjects: Sequence[tuple[str, UUID | None]] | None = None,
    asked_for: str | None = None,
    items: int = 1,
) -> None:
    """Record who is shown what, why, by which filter and how much; without subjects, of the caller's area."""
    shown = Disclosure(
        kind=kind,
        actor_id=unit.principal.actor_id,
        reason=reason,
        at=unit.now,
        subjects=[(own_area(unit), None)] if subjects is None else subjects,
        asked_for=asked_for,
        items=items,
    )
    await add_disclosure(unit.driver, shown)


def own_area(unit: UnitOfWork) -> str:
    """Return the caller's area as a whole division code."""
    return unit.principal.area.ljust(DIVISION_DIGITS, "0")
