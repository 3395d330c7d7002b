"""Locks that many transactions share and that one who excludes them waits for, by a name; the transaction's end frees them."""

import re

from chassis.unit_of_work import UnitOfWork

_NAME = re.compile(r"[a-z-]+:[0-9]*")


def hold(unit: UnitOfWork, name: str) -> UnitOfWork:
    """Return the unit, to be entered: its transaction begins with the lock, and its `now` comes after the wait.

    That costs no round trip, and nothing else is locked while it waits.
    """
    unit.opening += f"; {_sharing(name)}"
    return unit


async def hold_from_here(unit: UnitOfWork, name: str) -> None:
    """Take the lock in mid-transaction, after a long look that nobody should wait for and before anything is locked."""
    await unit.driver.execute(_sharing(name))
    unit.now = unit.runtime.clock.now()


def _sharing(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("A lock is named by a word and a number.")
    return f"SELECT pg_advisory_xact_lock_shared(hashtextextended('{name}', 0))"
