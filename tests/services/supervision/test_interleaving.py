"""Events keep their order by key and nothing else: the findings must come out the same, whatever the interleaving."""

import random
from collections import defaultdict
from collections.abc import Sequence

import pytest

from chassis.events import Envelope
from contracts.values import HOUSING
from tests.kit import Harness
from tests.services.supervision.builders import (
    OTHER_VILLAGE,
    Family,
    day,
    envelopes,
    findings,
    hear_envelopes,
    programme,
    reach,
)
from tests.services.supervision.rounds import planted_procedure, settled_procedure

OPEN = """
SELECT rule, subject, occurrence, observed, expected, evidence, area_code, households, due_on
FROM supervision.finding WHERE state = 'open' ORDER BY rule, subject, occurrence
"""
STATE = """
SELECT household_id AS id, area_code, next_due, last_told, state - 'held' AS state FROM supervision.dossier
UNION ALL SELECT id, area_code, NULL, NULL, state - 'held' FROM supervision.round
UNION ALL SELECT id, area_code, NULL, NULL, state - 'held' FROM supervision.notice
ORDER BY 1
"""


def planted() -> list[object]:
    """Return a history that holds every rule's case, and households in order."""
    fine, unpaid, off, differ, empty = (Family() for _ in range(5))
    large, early, first, low = (Family() for _ in range(4))
    second = Family(photo=first.photo)
    facts: list[object] = [programme("plum"), programme("house", HOUSING)]
    for family in (fine, off, differ, empty, large, early, first, second):
        facts += family.paid_in_order()[:5]
    facts += [off.exited(day(3, 26)), off.returned(day(5, 25)), off.moved(OTHER_VILLAGE)]
    for family in (fine, off, differ, empty, large, early, first, second):
        facts.append(family.claim_paid())
    facts += [differ.corrected(360_000), *unpaid.paid_in_order()[:5], unpaid.exited(day(12, 30))]
    facts += [first.moved(OTHER_VILLAGE), second.moved(OTHER_VILLAGE)]
    facts += [
        empty.completed(day(5, 10)),
        large.completed(area="100.50"),
        large.house_accepted(area="100.50"),
    ]
    facts += [large.moved_in(day(12, 20)), low.completed(area="100.80"), low.house_rejected(area="100.70")]
    facts += [low.house_accepted(area="99.50"), low.moved_in(day(12, 20))]
    facts += [early.completed(), early.due(), early.subsidy_paid(day(11, 28)), early.moved_in(day(12, 5))]
    facts += [early.redated(day(11, 7), day(12, 1))]
    facts += [low.registered(), low.submitted(), low.accepted(fen=100_000), low.approved(fen=100_000)]
    facts += [low.claim_paid(fen=100_000), *planted_procedure(), *settled_procedure()]
    return facts


def shuffled(heard: Sequence[Envelope], seed: int) -> list[Envelope]:
    """Return the events in another order that keeps the order of each key."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable shuffle
    queues: dict[tuple[str, str], list[Envelope]] = defaultdict(list)
    for envelope in heard:
        queues[envelope.type.split(".")[0], envelope.partitionkey].append(envelope)
    mixed = []
    while queues:
        key = chance.choice(sorted(queues))
        mixed.append(queues[key].pop(0))
        if not queues[key]:
            del queues[key]
    return mixed


async def outcome(harness: Harness) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    return (
        [tuple(row) for row in await harness.sql(OPEN)],
        [tuple(row) for row in await harness.sql(STATE)],
    )


async def start_again(harness: Harness) -> None:
    await harness.sql(
        "TRUNCATE supervision.trail, supervision.dossier, supervision.photo, supervision.programme,"
        " supervision.round, supervision.notice,"
        " supervision.finding, supervision.step, supervision.rule, supervision.outbox"
    )
    await harness.sql(
        "UPDATE supervision.progress SET position = 0, hash = decode(repeat('00', 32), 'hex'), deadlines_through = NULL"
    )


@pytest.mark.parametrize("batch", [1, 7, 1000])
async def test_any_interleaving_of_topics_ends_in_the_same_findings(supervision: Harness, batch: int) -> None:
    heard = envelopes(supervision, planted())
    await hear_envelopes(supervision, heard)
    await reach(supervision, day(1, 1, 2017))
    expected = await outcome(supervision)
    assert {rule for rule, _ in await findings(supervision)} == {
        "claim-unpaid",
        "paid-off-register",
        "amounts-differ",
        "house-empty",
        "house-over-area",
        "subsidy-before-stage",
        "photo-reused",
        "floor-unmet",
        "notice-cut-short",
        "round-does-not-close",
        "registered-without-evaluations",
        "exit-against-criteria",
        "record-stale",
        "ruled-out-by-list",
    }
    floors = sum(row[0] == "floor-unmet" for row in expected[0])
    assert (len(expected[0]) - floors, floors) == (14, 10)

    for seed in range(4):
        await start_again(supervision)
        mixed = shuffled(heard, seed)
        for start in range(0, len(mixed), batch):
            await hear_envelopes(supervision, mixed[start : start + batch])
            if start % 3 == seed % 3 and batch > 1:
                await reach(supervision, day(1 + start % 12, 1))
        await reach(supervision, day(1, 1, 2017))

        assert await outcome(supervision) == expected
