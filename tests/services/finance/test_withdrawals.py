"""A payment that stands in no batch is taken back for good; what the bank may have is left to the bank."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec
import pytest

from contracts import roles
from contracts.events.finance import PaymentWithdrawn
from tests.kit import Harness
from tests.services.finance import builders as b
from tests.services.finance.test_journal import as_the_service


async def withdraw(finance: Harness, payment_id: UUID, reason: str = "claim-mistaken") -> httpx.Response:
    """Take a payment back as a county officer."""
    return await b.officer(finance, f"/finance/v1/payments/{payment_id}/withdrawals", {"reason": reason})


async def test_a_drafted_payment_is_taken_back_and_whoever_asked_for_it_hears_why(funded: Harness) -> None:
    (payment_id,) = await b.hear_claims(funded, 1)

    answer = await withdraw(funded, payment_id)

    shown = await funded.call(
        "GET", f"/finance/v1/payments/{payment_id}", roles=[roles.AUDITOR], area=b.COUNTY
    )
    assert (answer.status_code, answer.json()) == (201, shown.json())
    assert (shown.json()["status"], shown.json()["withdrawal_reason"]) == ("withdrawn", "claim-mistaken")
    fact = (await funded.facts())[-1]
    told = msgspec.json.decode(fact.data, type=PaymentWithdrawn)
    assert (fact.type, fact.sequence, fact.areacode) == ("finance.payment-withdrawn.v1", 2, b.VILLAGE)
    assert (told.payment_id, told.amount_fen, told.reason, told.attempt) == (
        payment_id,
        100_000,
        "claim-mistaken",
        1,
    )


async def test_a_batch_of_all_free_items_leaves_out_what_was_taken_back(funded: Harness) -> None:
    kept, gone = await b.hear_claims(funded, 2)
    await withdraw(funded, gone)

    named = await b.officer(funded, "/finance/v1/batches", b.batch_body([kept, gone]))
    every = await b.officer(
        funded, "/finance/v1/batches", b.batch_body([kept]) | {"payment_ids": None, "all": True}
    )

    assert (named.status_code, named.json()["code"]) == (409, "payment-not-drafted")
    assert every.status_code == 201
    assert sorted(await b.statuses(funded)) == ["batched", "withdrawn"]


@pytest.mark.parametrize("again", ["approval", "reissue", "withdrawal"])
async def test_what_was_taken_back_is_never_paid_again(funded: Harness, again: str) -> None:
    fact = b.claim()
    await funded.hear(fact, area=b.VILLAGE)
    (row,) = await funded.sql("SELECT id FROM finance.payment")
    await withdraw(funded, row["id"])

    if again == "approval":
        await funded.hear(fact, area=b.VILLAGE, sequence=9)
    elif again == "reissue":
        answer = await b.officer(funded, f"/finance/v1/payments/{row['id']}/reissues", None)
        assert answer.json()["code"] == "payment-not-rejected"
    else:
        answer = await withdraw(funded, row["id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "payment-not-drafted")

    assert await b.statuses(funded) == ["withdrawn"]
    assert await b.facts_of(funded, "payment-withdrawn") == 1


async def test_a_refused_payment_is_taken_back_once_it_is_reissued(funded: Harness) -> None:
    (first,) = await b.hear_claims(funded, 1)
    batch_id = await b.sent_batch(funded, [first])
    await b.report(funded, await b.bank_answers(funded, batch_id, rejected={first: "AC04"}))
    before = await withdraw(funded, first)
    second = UUID((await b.officer(funded, f"/finance/v1/payments/{first}/reissues", None)).json()["id"])

    after = await withdraw(funded, second)

    assert (before.status_code, before.json()["code"]) == (409, "payment-not-drafted")
    assert (after.status_code, after.json()["attempt"]) == (201, 2)


@pytest.mark.parametrize("step", ["batched", "sent", "settled"])
async def test_what_stands_in_a_batch_is_not_taken_back(funded: Harness, step: str) -> None:
    (payment_id,) = await b.hear_claims(funded, 1)
    if step == "batched":
        await b.draft(funded, [payment_id])
    else:
        batch_id = await b.sent_batch(funded, [payment_id])
        if step == "settled":
            await b.report(funded, await b.bank_answers(funded, batch_id))

    answer = await withdraw(funded, payment_id)

    assert (answer.status_code, answer.json()["code"]) == (409, "payment-not-drafted")
    assert await b.statuses(funded) == [step]


async def test_a_withdrawal_racing_a_batch_ends_one_way(funded: Harness) -> None:
    (payment_id,) = await b.hear_claims(funded, 1)

    answers = await asyncio.gather(
        b.officer(funded, "/finance/v1/batches", b.batch_body([payment_id])), withdraw(funded, payment_id)
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_only_a_county_officer_takes_a_payment_back_and_says_why_by_a_code(funded: Harness) -> None:
    (payment_id,) = await b.hear_claims(funded, 1)
    path, body = f"/finance/v1/payments/{payment_id}/withdrawals", {"reason": "claim-mistaken"}

    checker = await funded.call("POST", path, roles=[roles.CHECKER], area=b.COUNTY, json=body)
    township = await funded.call("POST", path, roles=[roles.OFFICER], area=b.VILLAGE[:9], json=body)
    in_words = await withdraw(funded, payment_id, "Mr Yang said so")
    unknown = await withdraw(funded, uuid4())

    assert [each.status_code for each in (checker, township, in_words, unknown)] == [403, 403, 422, 404]
    assert await b.statuses(funded) == ["drafted"]


async def test_a_day_before_the_withdrawal_is_counted_as_it_was(funded: Harness) -> None:
    (payment_id,) = await b.hear_claims(funded, 1)
    funded.clock.move_to(b.TODAY.replace(day=b.TODAY.day + 1))
    await withdraw(funded, payment_id)

    counted = []
    for day in (b.TODAY, funded.clock.today()):
        figures = await funded.call(
            "GET", f"/finance/v1/statistics?as_of={day}", roles=[roles.AUDITOR], area=b.COUNTY
        )
        counted += [(each["status"], each["count"]) for each in figures.json()["payments"]]

    assert counted == [("drafted", 1), ("withdrawn", 1)]


@pytest.mark.parametrize("status", ["drafted", "batched", "sent", "rejected", "settled"])
async def test_the_database_takes_no_withdrawal_back(funded: Harness, status: str) -> None:
    await withdraw(funded, (await b.hear_claims(funded, 1))[0])

    async with as_the_service(funded) as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("UPDATE payment SET status = $1", status)
