"""Folding the trail again from its first entry gives the same state: dossiers, findings, ids and dates."""

from services.supervision.rebuild import rebuild
from tests.kit import Harness
from tests.services.supervision.builders import (
    Family,
    day,
    digest,
    envelopes,
    findings,
    hear_envelopes,
    reach,
)
from tests.services.supervision.test_interleaving import planted, shuffled


async def run_rebuild(harness: Harness) -> int:
    unit = harness.unit("service")
    async with unit:
        return await rebuild(unit)


async def test_a_rebuild_gives_an_identical_state_and_publishes_nothing(supervision: Harness) -> None:
    mixed = shuffled(envelopes(supervision, planted()), 5)
    for number, start in enumerate(range(0, len(mixed), 5)):
        await hear_envelopes(supervision, mixed[start : start + 5])
        await reach(supervision, day(1 + number % 12, 3))
    await reach(supervision, day(1, 1, 2017))
    before, facts = await digest(supervision), len(await supervision.facts())
    assert await findings(supervision, "closed")

    read = await run_rebuild(supervision)

    assert read == len(mixed)
    assert await digest(supervision) == before
    assert len(await supervision.facts()) == facts


async def test_a_damaged_projection_is_repaired_by_a_rebuild(supervision: Harness) -> None:
    family = Family()
    await hear_envelopes(supervision, envelopes(supervision, [*family.paid_in_order(), family.corrected(1)]))
    before = await digest(supervision)
    await supervision.sql("DELETE FROM supervision.dossier")
    await supervision.sql("UPDATE supervision.finding SET observed = 'nothing'")

    await run_rebuild(supervision)

    assert await digest(supervision) == before


async def test_a_rule_adopted_later_is_adopted_at_the_same_place_again(supervision: Harness) -> None:
    family = Family()
    await hear_envelopes(supervision, envelopes(supervision, [family.registered(), family.accepted()]))
    await reach(supervision, day(4, 5))
    response = await supervision.call(
        "POST",
        "/supervision/v1/rules",
        roles=["county-officer"],
        json={
            "code": "claim-unpaid",
            "kind": "deadline",
            "parameters": {"subject": "claim", "since": "accepted", "until": "paid", "days": 10},
            "severity": "high",
            "effective_from": "2016-01-01",
            "basis_document": "sample",
            "explanation": {"zh": "$subject 逾期", "en": "$subject is late"},
        },
    )
    assert response.status_code == 201, response.text
    await reach(supervision, day(4, 5))
    await hear_envelopes(supervision, envelopes(supervision, [family.claim_paid(on=day(4, 6))]))
    before = await digest(supervision)
    assert await findings(supervision, "closed") == [("claim-unpaid", f"claim/{family.claim_id}")]

    await run_rebuild(supervision)

    assert await digest(supervision) == before
