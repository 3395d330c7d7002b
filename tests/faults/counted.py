"""The toy service with a handler that counts: every event it hears becomes one row, in the order of application."""

import os
import random
import signal
from dataclasses import replace
from types import TracebackType
from typing import Any

from chassis.auth import Principal
from chassis.events import Received
from chassis.process import Worker
from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy import TOY, NoteWritten

# Nothing here is unique: an effect that happens twice must be seen, not prevented.
EFFECTS = """
CREATE TABLE toy.effect (
    no bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL, sequence integer NOT NULL, event_id uuid NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE toy.counter (key uuid PRIMARY KEY, sequence integer NOT NULL DEFAULT 0);
GRANT SELECT, INSERT, UPDATE ON toy.effect, toy.counter TO tuopin_toy;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA toy TO tuopin_toy;
"""
APPLY = "INSERT INTO effect (key, sequence, event_id) VALUES ($1, $2, $3)"


async def count(event: Received[Any], unit: UnitOfWork) -> None:
    """Leave one row for one event."""
    envelope = event.envelope
    await unit.driver.execute(APPLY, envelope.partitionkey, envelope.sequence, envelope.id)


COUNTED = replace(TOY, consumers={NoteWritten: count})


class MortalUnit(UnitOfWork):
    """A unit of work that kills its process around the last commit of its life: just before it, or just after."""

    commits_left = 0

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, unless death comes first."""
        MortalUnit.commits_left -= 1
        is_last = MortalUnit.commits_left <= 0
        if is_last and random.random() < 0.5:  # noqa: S311 - no secret
            os.kill(os.getpid(), signal.SIGKILL)
        await super().__aexit__(kind, error, trace)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)


def mortal_unit(worker: Worker) -> MortalUnit:
    """Return a unit of work of the consumer that may die."""
    return MortalUnit(worker.runtime, Principal(actor_id="consumer", roles=frozenset({"service"}), area=""))
