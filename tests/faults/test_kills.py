"""E1: relay and consumers are killed with -9 at random fifty times during 20,000 events; nothing is lost or done twice."""

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.conftest import Say
from tests.faults.load import Load
from tests.faults.naive import NaiveReader
from tests.faults.nursery import Nursery, nursery
from tests.faults.stage import Stage, Verdict

EVENTS = 20_000
KILLS = 50


async def kill_at_random(family: Nursery, load: Load, weights: dict[str, int]) -> int:
    """Kill fifty times, spread at random over the events of the load; return how often it happened while it ran."""
    chance = random.Random(load.seed)  # noqa: S311 - no secret
    kills = 0
    for moment in sorted(chance.randrange(EVENTS // 20, EVENTS * 19 // 20) for _ in range(KILLS)):
        await load.reach(moment)
        victim = chance.choices(family.children, [weights[child.role] for child in family.children])[0]
        await victim.address()
        await asyncio.sleep(chance.uniform(0, 0.2))
        family.replace(victim)
        kills += len(load.written) < EVENTS
    return kills


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What came out, the control's losses beside it."""

    seed: int
    kills: int
    verdict: Verdict
    naive_lost: int
    rolled_back: int
    drained_seconds: float


async def survive(stage: Stage, folder: Path, seed: int, weights: dict[str, int]) -> Figures:
    """Play load, kills and the naive control together."""
    load = Load(stage=stage, events=EVENTS, seed=seed)
    await load.prepare()
    naive = NaiveReader(stage)
    with nursery(folder, stage.environment()) as family:
        for role in weights:
            family.bear(role)
            family.bear(role)
        control = asyncio.create_task(naive.run())
        _, kills = await asyncio.gather(load.run(), kill_at_random(family, load, weights))
        drained = await stage.drained(60)
        control.cancel()
        verdict = await stage.verdict()
    return Figures(
        seed=seed,
        kills=kills,
        verdict=verdict,
        naive_lost=await naive.lost(),
        rolled_back=load.rolled_back,
        drained_seconds=round(drained, 1),
    )


def judge(figures: Figures) -> None:
    """Hold the figures to the promise, and the test to its control."""
    assert figures.verdict.is_clean(), figures
    assert figures.verdict.events >= EVENTS, figures
    assert figures.kills >= KILLS * 0.9, figures
    assert figures.naive_lost > 0, "the naive reader lost nothing: this test would not see a loss"


@pytest.mark.timeout(180)
async def test_killed_consumers_of_the_outboxes_lose_and_repeat_nothing(
    stage: Stage, tmp_path: Path, seed: int, say: Say
) -> None:
    figures = await survive(stage, tmp_path, seed, {"embedded": 1})

    say(**vars(figures))
    judge(figures)


@pytest.mark.kafka
@pytest.mark.timeout(240)
async def test_killed_relays_and_consumers_of_kafka_lose_and_repeat_nothing(
    far_stage: Stage, tmp_path: Path, seed: int, say: Say
) -> None:
    figures = await survive(far_stage, tmp_path, seed, {"relay": 7, "consumer": 3})

    say(**vars(figures))
    judge(figures)
