"""E2: every event comes one to five times, shuffled across keys, to consumers that die around their commits: one effect each."""

import asyncio
import random
from pathlib import Path

import pytest

from chassis.bus.kafka_publisher import KafkaPublisher
from chassis.bus.port import Message
from tests.faults.conftest import Say
from tests.faults.load import Load
from tests.faults.nursery import Child, Nursery, nursery
from tests.faults.stage import LOST, Stage
from tests.faults.stutter import repeated

EVENTS = 20_000
OUTBOX = "SELECT id, topic, key, type, payload FROM toy.outbox ORDER BY id"
PORTION = 500


async def revive(family: Nursery, stage: Stage, *, seconds: float, life: int) -> int:
    """Bear a child for each that died until every event has its effect; return how many died."""
    until = asyncio.get_running_loop().time() + seconds
    deaths = 0
    async with stage.admin() as connection:
        while await connection.fetchval(LOST) and asyncio.get_running_loop().time() < until:
            dead = [child for child in family.children if not child.is_alive()]
            for child in dead:
                family.replace(child, FAULTS_LIFE=str(life))
            deaths += len(dead)
            await asyncio.sleep(0.05)
    return deaths


async def write(stage: Stage, seed: int) -> None:
    load = Load(stage=stage, events=EVENTS, seed=seed, mean_delay=0.001, longest_delay=0.0)
    await load.prepare()
    await load.run()


def mortals(family: Nursery, life: int) -> list[Child]:
    return [family.bear("mortal", FAULTS_LIFE=str(life)) for _ in range(2)]


@pytest.mark.timeout(120)
async def test_the_outboxes_heard_several_times_have_each_effect_once(
    stage: Stage, tmp_path: Path, seed: int, say: Say
) -> None:
    await write(stage, seed)

    with nursery(tmp_path, stage.environment()) as family:
        mortals(family, 12)
        deaths = await revive(family, stage, seconds=60, life=12)

    verdict = await stage.verdict()
    say(seed=seed, deaths=deaths, verdict=verdict)
    assert verdict.is_clean(), (seed, verdict)
    assert deaths >= 3, "too few died for this test to see a repetition"


async def publish_repeatedly(stage: Stage, seed: int) -> int:
    """Publish everything one to five times, as a relay that often dies would; return how many messages that made."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    async with stage.admin() as connection:
        rows = await connection.fetch(OUTBOX)
    messages = [
        Message(str(row["id"]), row["topic"], row["key"], row["type"], row["payload"]) for row in rows
    ]
    publisher = KafkaPublisher(stage.bootstrap)
    published = 0
    for first in range(0, len(messages), PORTION):
        portion = repeated(messages[first : first + PORTION], chance)
        await publisher.publish(portion)
        published += len(portion)
    await publisher.close()
    return published


@pytest.mark.kafka
@pytest.mark.timeout(180)
async def test_a_topic_that_repeats_itself_has_each_effect_once(
    far_stage: Stage, tmp_path: Path, seed: int, say: Say
) -> None:
    await write(far_stage, seed)

    with nursery(tmp_path, far_stage.environment()) as family:
        mortals(family, 7)
        deaths, published = await asyncio.gather(
            revive(family, far_stage, seconds=90, life=7), publish_repeatedly(far_stage, seed)
        )

    verdict = await far_stage.verdict()
    say(seed=seed, deaths=deaths, published=published, verdict=verdict)
    assert verdict.is_clean(), (seed, verdict)
    assert published > EVENTS * 2
    assert deaths >= 3, "too few died for this test to see a repetition"
