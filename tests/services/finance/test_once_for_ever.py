"""What was paid is never paid again: not after a day, not after 400 days, not by a defect of ours."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from contracts import roles
from services.finance.domain.errors import ObligationDiffers
from tests.kit import Harness
from tests.services.finance import builders as b
from tests.services.finance.test_journal import as_the_service

LATER = [timedelta(0), timedelta(hours=25), timedelta(days=400)]


@pytest.mark.parametrize("later", LATER, ids=["now", "next-day", "after-400-days"])
async def test_an_approval_heard_again_makes_no_second_obligation(funded: Harness, later: timedelta) -> None:
    fact = b.claim()
    await funded.hear(fact)
    funded.clock.move_to(b.TODAY + later)

    await funded.hear(fact, sequence=9)

    assert await b.statuses(funded) == ["drafted"]
    assert await b.facts_of(funded, "payment-drafted") == 1


@pytest.mark.parametrize(
    "changes", [{"amount_fen": 1}, {"period": "2017"}, {"household_id": uuid4()}, {"programme_code": "other"}]
)
async def test_a_claim_approved_otherwise_is_put_before_a_person(
    funded: Harness, changes: dict[str, object]
) -> None:
    fact = b.claim()
    await funded.hear(fact)

    with pytest.raises(ObligationDiffers):
        await funded.hear(msgspec.structs.replace(fact, **changes))

    assert await b.statuses(funded) == ["drafted"]


@pytest.mark.parametrize("later", LATER, ids=["now", "next-day", "after-400-days"])
async def test_a_line_that_was_paid_is_refused_for_ever(funded: Harness, later: timedelta) -> None:
    ids = await b.hear_claims(funded, 1)
    batch_id = await b.sent_batch(funded, ids)
    await b.report(funded, await b.bank_answers(funded, batch_id))
    funded.clock.move_to(b.TODAY + later)

    again = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids))
    reissued = await b.officer(funded, f"/finance/v1/payments/{ids[0]}/reissues", None)

    assert (again.status_code, again.json()["code"]) == (409, "payment-not-drafted")
    assert (reissued.status_code, reissued.json()["code"]) == (409, "payment-not-rejected")


async def test_the_database_keeps_a_second_live_attempt_out(funded: Harness) -> None:
    await b.hear_claims(funded, 1)

    async with as_the_service(funded) as connection:
        with pytest.raises(asyncpg.UniqueViolationError) as refusal:
            await connection.execute(
                "INSERT INTO payment SELECT gen_random_uuid(), area_code, obligation_id, 2, id, source_kind, source_id,"
                " household_id, programme_code, period, amount_fen, drafted_on, status, batch_id, version FROM payment"
            )

    assert refusal.value.constraint_name == "uq_payment_live_attempt"


@pytest.mark.parametrize("status", ["drafted", "batched", "sent", "pending", "rejected"])
async def test_the_database_takes_no_settlement_back(funded: Harness, status: str) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 1))
    await b.report(funded, await b.bank_answers(funded, batch_id))

    async with as_the_service(funded) as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("UPDATE payment SET status = $1", status)


async def test_the_database_sends_a_payment_once(funded: Harness) -> None:
    await b.sent_batch(funded, await b.hear_claims(funded, 1))

    async with as_the_service(funded) as connection:
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(
                "INSERT INTO bank_line SELECT payment_id, gen_random_uuid(), batch_id, amount_fen, released_on"
                " FROM bank_line"
            )


async def test_a_rejected_payment_is_issued_again_with_a_link_to_the_first(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 1)
    batch_id = await b.sent_batch(funded, ids)
    await b.report(funded, await b.bank_answers(funded, batch_id, rejected={ids[0]: "AC01"}))

    answer = await b.officer(funded, f"/finance/v1/payments/{ids[0]}/reissues", None)

    assert answer.status_code == 201, answer.text
    item = answer.json()
    assert (item["replaces"], item["attempt"], item["status"]) == (str(ids[0]), 2, "drafted")
    second = await b.sent_batch(funded, [item["id"]])
    assert (await b.report(funded, await b.bank_answers(funded, second, report_id="R2"))).status_code == 201
    settled = next(fact for fact in await funded.facts() if fact.type == "finance.payment-settled.v1")
    assert msgspec.json.decode(settled.data)["attempt"] == 2
    assert (await b.balances(funded))["cash"] == 100_000_000 - 100_000


async def test_of_refused_payments_the_list_tells_which_were_issued_again(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)
    await b.report(funded, await b.bank_answers(funded, batch_id, rejected=dict.fromkeys(ids, "AC01")))
    second = (await b.officer(funded, f"/finance/v1/payments/{ids[0]}/reissues", None)).json()["id"]

    refused = await funded.call(
        "GET", "/finance/v1/payments?status=rejected", roles=[roles.OFFICER], area=b.COUNTY
    )

    found = [(each["id"], each["replaced_by"]) for each in refused.json()["items"]]
    assert found == [(str(ids[0]), second), (str(ids[1]), None)]


async def test_racing_reissues_make_one_attempt(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 1)
    batch_id = await b.sent_batch(funded, ids)
    await b.report(funded, await b.bank_answers(funded, batch_id, rejected={ids[0]: "AC01"}))

    answers = await asyncio.gather(
        *(b.officer(funded, f"/finance/v1/payments/{ids[0]}/reissues", None) for _ in range(20))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {
        "payment-already-reissued"
    }


async def test_an_unknown_outcome_is_not_issued_again(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)
    sent = await b.officer(funded, f"/finance/v1/payments/{ids[0]}/reissues", None)
    await b.report(funded, await b.bank_answers(funded, batch_id, pending=[ids[0]]))

    pending = await b.officer(funded, f"/finance/v1/payments/{ids[0]}/reissues", None)

    assert [answer.json()["code"] for answer in (sent, pending)] == ["payment-not-rejected"] * 2
