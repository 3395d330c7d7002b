"""M2: finance is killed fifty times while twenty thousand lines are drafted, approved, released and reported, each asked again."""

import asyncio
import random
from pathlib import Path

import pytest

from deploy.engines.kafka import Kafka
from deploy.engines.postgres import Postgres
from tests.faults.clockwork import seconds_until
from tests.faults.conftest import Say, clear_topics
from tests.faults.nursery import Nursery, nursery
from tests.faults.treasury import LINES, LINES_OF_BATCH, Treasury, clean_figures

KILLS = 50
READY_SECONDS = 5.0
WEIGHTS = {"api": 7, "embedded": 2, "relay": 2, "consumer": 1}


def bear(family: Nursery, treasury: Treasury) -> None:
    """Start finance, and where there is a broker the relays that lead to it and from it."""
    family.bear("api", service="finance", TUOPIN_PORT=str(treasury.port))
    if not treasury.bootstrap:
        family.bear("embedded", service="finance")
        return
    family.bear("relay", service="subsidy")
    for role in ("relay", "consumer"):
        family.bear(role, service="finance")


async def kill_at_random(family: Nursery, treasury: Treasury, chance: random.Random) -> tuple[int, float]:
    """Kill fifty times while payments go on; return how often, and the longest time until the API was ready again."""
    kills, slowest = 0, 0.0
    while kills < KILLS and treasury.progress < LINES - LINES_OF_BATCH:
        victim = chance.choices(family.children, [WEIGHTS[child.role] for child in family.children])[0]
        await asyncio.sleep(chance.uniform(0.05, 0.4))
        more = {"TUOPIN_PORT": str(treasury.port)} if victim.role == "api" else {}
        born = family.replace(victim, **more)

        async def is_ready() -> bool:
            return (await born.readiness())[0] == 200  # noqa: B023 - awaited in this round

        if victim.role == "api":
            slowest = max(slowest, await seconds_until(is_ready, READY_SECONDS * 4))
        kills += 1
    return kills, slowest


async def pay_under_fire(treasury: Treasury, folder: Path, seed: int, say: Say) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    async with treasury.opened():
        with nursery(folder, treasury.environment(), services=["finance", "subsidy"]) as family:
            bear(family, treasury)
            await treasury.fund()
            _, (kills, slowest) = await asyncio.gather(
                treasury.pay_everything(), kill_at_random(family, treasury, chance)
            )

    figures = await treasury.figures()
    say(seed=seed, kills=kills, ready_seconds=round(slowest, 2), repeated=treasury.repeated, **figures)
    assert figures == clean_figures(), seed
    assert kills == KILLS, seed
    assert slowest < READY_SECONDS, seed


@pytest.mark.timeout(180)
async def test_a_killed_finance_pays_every_line_once(
    database_url: str, tmp_path: Path, seed: int, say: Say
) -> None:
    await pay_under_fire(Treasury(database_url, tmp_path), tmp_path, seed, say)


@pytest.mark.kafka
@pytest.mark.timeout(240)
async def test_a_killed_finance_on_kafka_pays_every_line_once(
    server: Postgres, broker: Kafka, tmp_path: Path, *, seed: int, say: Say
) -> None:
    await clear_topics(broker.bootstrap)

    await pay_under_fire(Treasury(server.url, tmp_path, broker.bootstrap), tmp_path, seed, say)
