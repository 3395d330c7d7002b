"""Eight defects seen in another payments hub, each as a case of our own."""

import asyncio

from tests.kit import Harness
from tests.services.finance import builders as b


async def test_1_a_disbursement_sent_again_is_not_stored_again(funded: Harness) -> None:
    facts = [b.claim() for _ in range(7)]

    for fact in [*facts, *facts[:3]]:
        await funded.hear(fact)

    assert len(await b.statuses(funded)) == 7


async def test_2_the_same_payload_twice_at_once_is_stored_once(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 3)

    answers = await asyncio.gather(
        *(b.officer(funded, "/finance/v1/batches", b.batch_body(ids), key="same") for _ in range(2))
    )

    assert sorted(answer.status_code for answer in answers) in ([201, 201], [201, 409])
    assert len(await funded.sql("SELECT 1 FROM finance.batch")) == 1


async def test_3_totals_are_exact_to_the_fen(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 3, fen=3_334)

    wrong = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, declared_sum="100.00"))
    right = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, declared_sum="100.02"))

    assert (wrong.status_code, right.status_code) == (422, 201)


async def test_4_eight_senders_at_once_meet_no_defect(funded: Harness) -> None:
    batches = [await b.hear_claims(funded, 5) for _ in range(8)]

    answers = await asyncio.gather(
        *(
            b.officer(funded, "/finance/v1/batches", b.batch_body(ids), actor=f"m{n}")
            for n, ids in enumerate(batches)
        )
    )

    assert {answer.status_code for answer in answers} == {201}
    assert (await b.balances(funded))["reserved"] == 8 * 500_000


async def test_5_a_third_of_the_declared_total_does_not_pass_as_whole(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 3)

    body = b.batch_body(ids[:1], declared_count=3, declared_sum="3000.00")
    answer = await b.officer(funded, "/finance/v1/batches", body)

    assert answer.status_code == 422


async def test_6_an_unknown_id_is_not_answered_like_an_open_one(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 1)
    await b.sent_batch(funded, ids)

    known = await funded.call("GET", f"/finance/v1/payments/{ids[0]}", roles=["auditor"])
    unknown = await funded.call("GET", f"/finance/v1/payments/{ids[0].hex[::-1]}", roles=["auditor"])

    assert (known.status_code, known.json()["status"]) == (200, "sent")
    assert unknown.status_code == 404


async def test_7_a_report_without_the_banks_credentials_is_not_taken(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 1))
    document = await b.bank_answers(funded, batch_id)

    nobody = await funded.http.post("/finance/v1/bank/reports", content=document, headers=b.XML)
    officer = await funded.call(
        "POST", "/finance/v1/bank/reports", roles=["county-officer"], content=document, headers=b.XML
    )

    assert (nobody.status_code, officer.status_code) == (401, 403)
    assert await b.statuses(funded) == ["sent"]


async def test_8_amounts_of_the_report_are_compared(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 1))
    document = await b.bank_answers(funded, batch_id)

    answer = await b.report(funded, document.replace(b'Ccy="CNY">1000.00', b'Ccy="CNY">100.00'))

    assert (answer.status_code, answer.json()["rule"]) == (422, "amount-differs")
    assert await b.statuses(funded) == ["sent"]
