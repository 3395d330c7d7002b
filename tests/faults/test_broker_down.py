"""E8: Kafka is away for a minute while commands go on: the API answers, the outbox grows, readiness tells the truth, all drains."""

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from deploy.engines.kafka import Kafka
from tests.faults.clockwork import seconds_until
from tests.faults.conftest import Say
from tests.faults.nursery import Child, nursery
from tests.faults.stage import Stage
from tests.faults.test_engines import seconds_until_ready, unready

DOWN_SECONDS = 60.0
LAG_SECONDS = 1.0
DRAIN_SECONDS = 60.0
PAUSE_SECONDS = 0.02
LAG = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - recorded_at)), 0)::float8 FROM toy.outbox AS o
WHERE NOT EXISTS (SELECT 1 FROM toy.effect AS e WHERE e.event_id = o.event_id)
"""
BACKLOG = """
SELECT count(*) FROM toy.outbox AS o WHERE NOT EXISTS (SELECT 1 FROM toy.effect AS e WHERE e.event_id = o.event_id)
"""


@dataclass(slots=True)
class Callers:
    """Callers who write notes one after the other over HTTP, and what they were answered."""

    stage: Stage
    statuses: dict[int, int] = field(default_factory=dict)
    slowest: float = 0.0

    async def call_for_ever(self, address: str, caller: int) -> None:
        """Send commands until cancelled."""
        minter = self.stage.secrets.minter()
        async with httpx.AsyncClient(base_url=address, timeout=10) as client:
            for number in itertools.count():
                headers = {
                    "authorization": f"Bearer {minter.mint('caller', (), '', None)}",
                    "idempotency-key": f"{caller}-{number}",
                }
                began = time.monotonic()
                answer = await client.post("/toy/v1/notes", json={"text": "written"}, headers=headers)
                self.slowest = max(self.slowest, time.monotonic() - began)
                self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
                await asyncio.sleep(PAUSE_SECONDS)


async def backlog(stage: Stage) -> int:
    async with stage.admin() as connection:
        return int(await connection.fetchval(BACKLOG))


async def seconds_until_current(stage: Stage) -> float:
    """Return how long it takes until no event waits longer than a second, while commands go on."""
    async with stage.admin() as connection:

        async def is_current() -> bool:
            return bool(await connection.fetchval(LAG) < LAG_SECONDS)

        return await seconds_until(is_current, DRAIN_SECONDS)


async def minute_without(
    broker: Kafka, stage: Stage, children: list[Child]
) -> tuple[list[int], list[set[str]]]:
    """Take the broker away for a minute; return how the backlog grew and who said that they were not ready."""
    await asyncio.to_thread(broker.kill)
    grown, said = [], []
    for _ in range(4):
        await asyncio.sleep(DOWN_SECONDS / 4)
        grown.append(await backlog(stage))
        said.append({name.split()[0] for name in await unready(children)})
    return grown, said


@pytest.mark.kafka
@pytest.mark.timeout(240)
async def test_commands_go_on_for_a_minute_without_kafka(
    far_stage: Stage, broker: Kafka, tmp_path: Path, say: Say
) -> None:
    callers = Callers(far_stage)
    with nursery(tmp_path, far_stage.environment()) as family:
        children = [family.bear(role) for role in ("api", "relay", "consumer")]
        assert await seconds_until_ready(children, 30) < 30, await unready(children)
        address = await children[0].address()
        calling = [asyncio.create_task(callers.call_for_ever(address, n)) for n in range(4)]
        await asyncio.sleep(2)

        try:
            grown, said = await minute_without(broker, far_stage, children)
        finally:
            await asyncio.to_thread(broker.start)
        ready = await seconds_until_ready(children, 30)
        current = await seconds_until_current(far_stage)

        for task in calling:
            task.cancel()
        await asyncio.gather(*calling, return_exceptions=True)
        await far_stage.drained(DRAIN_SECONDS)

    verdict = await far_stage.verdict()
    say(
        answers=callers.statuses,
        slowest_answer=round(callers.slowest, 2),
        backlog=grown,
        ready_seconds=round(ready, 2),
        current_seconds=round(current, 2),
        verdict=verdict,
    )
    assert callers.statuses.keys() == {201}
    assert grown == sorted(set(grown)), "the outbox did not grow"
    assert all(who == {"relay", "consumer"} for who in said), said
    assert current < DRAIN_SECONDS
    assert verdict.is_clean(), verdict
