"""The demo's barrier: how many facts are recorded and not yet handled by every service that hears them.

One statement sees all outboxes and inboxes in one snapshot, so a zero is exact in both modes and for every chain of facts.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from typing import Any

import asyncpg

from chassis.database import plain_dsn
from cli.catalogue import NAMES, load
from cli.demo.bulk import DemoFailed
from contracts import topics

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.03
PAIR = """
SELECT '{owner} to {hearer}' AS way, count(*) AS unheard FROM {owner}.outbox AS o
WHERE o.id > ${number} AND o.topic = ANY('{{{heard}}}')
AND NOT EXISTS (SELECT 1 FROM {hearer}.inbox AS i WHERE i.event_id = o.event_id)
"""
NEWEST = "SELECT '{owner} newest' AS way, coalesce(max(id), 0) AS unheard FROM {owner}.outbox"
OWNERS = sorted({topics.owner_of(topic) for topic in topics.ALL_TOPICS})


class Barrier:
    """Waits until everything that was recorded has had its effects everywhere."""

    def __init__(self, url: str) -> None:
        self._dsn = plain_dsn(url)
        self._heard_through = dict.fromkeys(OWNERS, 0)
        self._connection: asyncpg.Connection[Any] | None = None
        self._query = _query({name: {*load(name).topics(), topics.CLOCK} for name in NAMES})

    async def wait(self) -> None:
        """Return when nothing waits to be heard; DemoFailed when that does not come."""
        if self._connection is None:
            self._connection = await asyncpg.connect(
                self._dsn, server_settings={"application_name": "tuopin demo"}
            )
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            rows = await self._connection.fetch(self._query, *self._heard_through.values())
            counts = {row["way"]: row["unheard"] for row in rows}
            newest = {owner: counts.pop(f"{owner} newest") for owner in OWNERS}
            late = {way: unheard for way, unheard in counts.items() if unheard}
            if not late:
                self._heard_through = newest
                return
            if time.monotonic() > ends:
                raise DemoFailed(f"After {PATIENCE_SECONDS:g} s facts were still unheard: {late}.")
            await asyncio.sleep(POLL_SECONDS)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            await self._connection.close()


def _query(hearing: Mapping[str, Collection[str]]) -> str:
    parts = [
        PAIR.format(owner=owner, hearer=hearer, number=OWNERS.index(owner) + 1, heard=",".join(sorted(own)))
        for hearer, heard in hearing.items()
        for owner in OWNERS
        if (own := {topic for topic in heard if topics.owner_of(topic) == owner})
    ]
    return " UNION ALL ".join([*parts, *(NEWEST.format(owner=owner) for owner in OWNERS)])
