"""PostgreSQL and Kafka are stopped and killed in mid-load: nothing is lost, and every process is ready again by itself."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from deploy.engines.engine import Engine
from deploy.engines.kafka import Kafka
from deploy.engines.postgres import Postgres
from tests.faults.clockwork import seconds_until
from tests.faults.conftest import Say
from tests.faults.load import Load
from tests.faults.nursery import Child, nursery
from tests.faults.stage import Stage

READY_SECONDS = 5.0
DOWN_SECONDS = 1.0

Ending = Callable[[], None]


async def unready(children: Sequence[Child]) -> dict[str, object]:
    """Return what the processes that are not ready say."""
    answers = await asyncio.gather(*(child.readiness() for child in children))
    return {
        f"{child.role} {child.pid}": parts or status
        for child, (status, parts) in zip(children, answers, strict=True)
        if status != 200
    }


async def seconds_until_ready(children: Sequence[Child], limit: float) -> float:
    async def are_ready() -> bool:
        return not await unready(children)

    return await seconds_until(are_ready, limit)


async def outage(
    engine: Engine, ending: Ending, children: Sequence[Child]
) -> tuple[float, dict[str, object]]:
    """Take an engine away and bring it back; return the seconds to ready after its return, and what was said meanwhile."""
    await asyncio.to_thread(ending)
    await asyncio.sleep(DOWN_SECONDS)
    said = await unready(children)
    await asyncio.to_thread(engine.start)
    return round(await seconds_until_ready(children, READY_SECONDS * 4), 2), said


async def play(
    stage: Stage, folder: Path, load: Load, *, roles: Sequence[str], outages: Sequence[tuple[Engine, Ending]]
) -> tuple[list[float], list[dict[str, object]]]:
    """Play one outage after the other, spread over the load; return for each the seconds to ready and what was said."""
    await load.prepare()
    seconds, said = [], []
    with nursery(folder, stage.environment()) as family:
        children = [family.bear(role) for role in roles]
        assert await seconds_until_ready(children, 30) < 30, await unready(children)
        writing = asyncio.create_task(load.run())
        for number, (engine, ending) in enumerate(outages, start=1):
            await load.reach(load.events * number // (len(outages) + 1))
            took, heard = await outage(engine, ending, children)
            seconds.append(took)
            said.append(heard)
        await writing
        await stage.drained(60)
    return seconds, said


async def judge(stage: Stage, load: Load, say: Say, *, seconds: list[float], said: Sequence[object]) -> None:
    verdict = await stage.verdict()
    async with stage.admin() as connection:
        kept = {row["event_id"] for row in await connection.fetch("SELECT event_id FROM toy.outbox")}
    acknowledged_and_gone = len(load.written - kept)
    say(seed=load.seed, seconds_to_ready=seconds, verdict=verdict, unknown=load.unknown)
    assert verdict.is_clean(), (load.seed, verdict)
    assert acknowledged_and_gone == 0, load.seed
    assert all(said), "a process said that it was ready while its engine was down"
    assert max(seconds) < READY_SECONDS, (load.seed, seconds)


@pytest.mark.timeout(120)
async def test_embedded_consumers_outlive_their_postgresql(
    server: Postgres, tmp_path: Path, seed: int, say: Say
) -> None:
    stage = Stage(server.url, tmp_path)
    await stage.prepare()
    load = Load(stage=stage, events=8000, seed=seed, mean_delay=0.05, longest_delay=1.0)

    seconds, said = await play(
        stage,
        tmp_path,
        load,
        roles=["embedded", "embedded", "api"],
        outages=[(server, server.stop), (server, server.kill)],
    )

    await judge(stage, load, say, seconds=seconds, said=said)


@pytest.mark.kafka
@pytest.mark.timeout(240)
async def test_services_on_kafka_outlive_both_engines(
    far_stage: Stage, server: Postgres, broker: Kafka, tmp_path: Path, *, seed: int, say: Say
) -> None:
    load = Load(stage=far_stage, events=16_000, seed=seed, mean_delay=0.1)
    began = time.monotonic()

    seconds, said = await play(
        far_stage,
        tmp_path,
        load,
        roles=["api", "relay", "relay", "consumer", "consumer"],
        outages=[(server, server.stop), (broker, broker.stop), (server, server.kill), (broker, broker.kill)],
    )

    say(whole_seconds=round(time.monotonic() - began))
    await judge(far_stage, load, say, seconds=seconds, said=said)
