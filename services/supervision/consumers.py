"""What supervision does about every fact: into the trail, onto the desk, and out come findings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.events import Envelope, Received, encode_envelope
from chassis.unit_of_work import UnitOfWork
from services.supervision.domain.chain import Head, link
from services.supervision.domain.desk import Desk
from services.supervision.domain.rule import Rulebook
from services.supervision.hearing import area_of, heard_of, record_changes
from services.supervision.rules import rules_in_use
from services.supervision.store import desk as desks
from services.supervision.store import trail


async def hear_batch(batch: Sequence[Received[Any]], unit: UnitOfWork) -> None:
    """Append a batch to the trail and let the rules see it, in a handful of statements."""
    driver = unit.driver
    progress = await trail.lock_progress(driver)
    known = await trail.known_events(driver, [received.envelope.id for received in batch])
    fresh = list({r.envelope.id: r.envelope for r in batch if r.envelope.id not in known}.values())
    if not fresh:
        return
    in_use, _ = await rules_in_use(driver, progress.head, on=unit.today, at=unit.now)
    await trail.append(driver, _entries(progress.head, fresh), unit.now)
    desk = await desks.open_desk(driver, Rulebook(in_use), progress.through)
    await _judge(desk, fresh, unit, at=unit.now)
    await desks.put_away(driver, desk)


async def _judge(desk: Desk, fresh: Sequence[Envelope], unit: UnitOfWork, *, at: datetime) -> None:
    told = [(envelope, heard) for envelope in fresh if (heard := heard_of(envelope, at)) is not None]
    await desks.lay_out_batch(unit.driver, desk, [heard for _, heard in told])
    for envelope, heard in told:
        changes = desk.hear(heard)
        if changes:
            unit.begin_event(envelope)
            record_changes(unit, changes)


def _entries(head: Head, fresh: Sequence[Envelope]) -> list[trail.Entry]:
    entries = []
    for envelope in fresh:
        entry = link(head, encode_envelope(envelope))
        head = Head(entry.position, entry.hash)
        entries.append(
            trail.Entry(entry, envelope.id, envelope.type, envelope.subject, area_of(envelope.areacode))
        )
    return entries
