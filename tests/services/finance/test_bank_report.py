"""A bank that answers late, twice, out of order, in part or wrongly: nothing is silent, nothing is guessed."""

import asyncio
import random
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.finance import builders as b


async def refused(finance: Harness, document: bytes) -> tuple[str, str]:
    """Return rule and place of a refusal that changed nothing."""
    before = (await b.statuses(finance), await b.balances(finance), len(await finance.facts()))
    answer = await b.report(finance, document)
    after = (await b.statuses(finance), await b.balances(finance), len(await finance.facts()))
    assert (answer.status_code, answer.json()["code"]) == (422, "bank-report-refused"), answer.text
    assert before == after
    return answer.json()["rule"], answer.json()["errors"][0]["pointer"]


async def test_a_rejected_line_frees_its_money_and_says_why(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 3)
    batch_id = await b.sent_batch(funded, ids)

    await b.report(funded, await b.bank_answers(funded, batch_id, rejected={ids[1]: "AC04"}))

    assert await b.statuses(funded) == ["settled", "rejected", "settled"]
    assert (await b.balances(funded))["allocated"] == 50_000_000 - 200_000
    item = (await funded.call("GET", f"/finance/v1/payments/{ids[1]}", roles=[roles.OFFICER])).json()
    assert (item["reason"], item["reason_text"]) == ("AC04", "账户已销户")


async def test_a_pending_line_is_neither_paid_nor_failed(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)

    answer = await b.report(funded, await b.bank_answers(funded, batch_id, pending=[ids[0]]))

    assert answer.json()["status"] == "released"
    assert await b.statuses(funded) == ["pending", "settled"]
    assert (await b.balances(funded))["reserved"] == 100_000
    assert await b.facts_of(funded, "payment-rejected") == 0


async def test_a_later_report_moves_pending_lines_on(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 3)
    batch_id = await b.sent_batch(funded, ids)
    await b.report(funded, await b.bank_answers(funded, batch_id, pending=ids[:2]))
    funded.clock.move_to(b.TODAY + timedelta(days=40))

    later = await b.bank_answers(funded, batch_id, report_id="R2", rejected={ids[0]: "AC01"})
    answer = await b.report(funded, later)

    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "closed"
    assert await b.statuses(funded) == ["rejected", "settled", "settled"]
    assert await b.facts_of(funded, "payment-settled") == 2
    (row,) = await funded.sql("SELECT paid_on FROM finance.payment WHERE id = $1", ids[2])
    assert row["paid_on"] == b.TODAY


async def test_a_report_that_was_late_does_not_take_a_settlement_back(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)
    older = await b.bank_answers(funded, batch_id, report_id="R1", pending=ids)
    await b.report(funded, await b.bank_answers(funded, batch_id, report_id="R2"))

    rule, place = await refused(funded, older)

    assert rule == "line-already-settled"
    assert place.endswith("/TxInfAndSts[1]/TxSts")


@pytest.mark.parametrize(
    ("first", "rule"), [("settled", "line-already-settled"), ("rejected", "line-already-rejected")]
)
async def test_a_final_line_never_changes(funded: Harness, first: str, rule: str) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)
    rejection = {ids[0]: "AC01"}
    one = await b.bank_answers(
        funded, batch_id, report_id="R1", rejected={} if first == "settled" else rejection
    )
    other = await b.bank_answers(
        funded, batch_id, report_id="R2", rejected=rejection if first == "settled" else {}
    )
    await b.report(funded, one)

    assert (await refused(funded, other))[0] == rule


async def test_the_same_final_news_in_a_new_report_changes_nothing(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)
    await b.report(funded, await b.bank_answers(funded, batch_id, report_id="R1", pending=[ids[1]]))

    answer = await b.report(funded, await b.bank_answers(funded, batch_id, report_id="R2"))

    assert answer.status_code == 201
    assert await b.facts_of(funded, "payment-settled") == 2
    assert (await b.balances(funded))["cash"] == 100_000_000 - 200_000


async def test_a_report_is_taken_over_once(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 1))
    document = await b.bank_answers(funded, batch_id)
    await b.report(funded, document)

    assert (await refused(funded, document))[0] == "report-already-read"


async def test_a_report_repeated_with_its_key_is_answered_as_before(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 1))
    document = await b.bank_answers(funded, batch_id)

    first, second = await b.report(funded, document, key="k"), await b.report(funded, document, key="k")

    assert (first.status_code, first.json()) == (second.status_code, second.json())


async def test_a_hundred_racing_reports_settle_once(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 3))
    document = await b.bank_answers(funded, batch_id)

    answers = await asyncio.gather(*(b.report(funded, document) for _ in range(100)))

    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 99
    assert await b.facts_of(funded, "payment-settled") == 3
    assert (await b.balances(funded))["cash"] == 100_000_000 - 300_000


async def test_an_unlisted_batch_that_settled_whole_is_settled(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 3))

    await b.report(funded, await b.bank_answers(funded, batch_id, lists_lines=False))

    assert await b.statuses(funded) == ["settled"] * 3


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"<OrgnlMsgId>", b"<OrgnlMsgId>0", "other-batch"),
        (b"<OrgnlPmtInfId>", b"<OrgnlPmtInfId>0", "other-batch"),
        (b"<OrgnlNbOfTxs>2<", b"<OrgnlNbOfTxs>1<", "count-differs"),
        (b"<OrgnlCtrlSum>2000.00<", b"<OrgnlCtrlSum>2000.01<", "sum-differs"),
        (b'<InstdAmt Ccy="CNY">1000.00<', b'<InstdAmt Ccy="CNY">999.99<', "amount-differs"),
        (b'<InstdAmt Ccy="CNY">1000.00<', b'<InstdAmt Ccy="CNY">1000.005<', "amount-malformed"),
        (b'Ccy="CNY"', b'Ccy="USD"', "attribute-unexpected"),
        (b"<TxSts>ACSC<", b"<TxSts>RJCT<", "status-contradicts-group"),
        (b"<OrgnlEndToEndId>", b"<OrgnlEndToEndId>0", "line-unknown"),
        (b"<AccptncDtTm>2016-12-01", b"<AccptncDtTm>2016-11-30", "acceptance-date-impossible"),
        (b"<AccptncDtTm>2016-12-01", b"<AccptncDtTm>2016-12-02", "acceptance-date-impossible"),
    ],
)
async def test_a_wrong_report_is_refused_whole_with_place_and_rule(
    funded: Harness, old: bytes, new: bytes, rule: str
) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 2))
    document = await b.bank_answers(funded, batch_id)
    assert old in document

    found, place = await refused(funded, document.replace(old, new, 1))

    assert found == rule
    assert place.startswith("/Document/CstmrPmtStsRpt")


@pytest.mark.parametrize(
    ("moment", "rule"),
    [
        (b"0001-01-01T00:00:00+14:00", "time-malformed"),
        (b"9999-12-31T23:59:59-14:00", "time-malformed"),
        (b"9999-12-31T23:59:59Z", "time-malformed"),
        (b"0001-01-01T00:00:00", "acceptance-date-impossible"),
    ],
)
async def test_a_moment_at_the_end_of_all_dates_is_refused(funded: Harness, moment: bytes, rule: str) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 2))
    document = await b.bank_answers(funded, batch_id)
    accepted = re.compile(rb"(?<=<AccptncDtTm>)[^<]+")
    assert accepted.search(document)

    found, place = await refused(funded, accepted.sub(moment, document, count=1))

    assert found == rule
    assert place.endswith("/AccptncDtTm")


async def test_a_line_named_twice_is_refused(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)
    document = (await b.bank_answers(funded, batch_id)).replace(ids[1].hex.encode(), ids[0].hex.encode())

    assert (await refused(funded, document))[0] in {"line-repeated", "line-unknown"}


@pytest.mark.parametrize("document", [b"", b"<a", b"{}", b"<Document/>", b"\xff\xfe"])
async def test_what_is_no_report_is_refused(funded: Harness, document: bytes) -> None:
    await refused(funded, document)


@pytest.mark.parametrize("state", ["drafted", "approved", "unknown"])
async def test_a_report_on_what_was_never_sent_is_refused(funded: Harness, state: str) -> None:
    sent = await b.sent_batch(funded, await b.hear_claims(funded, 1))
    other = str(uuid4()) if state == "unknown" else await b.draft(funded, await b.hear_claims(funded, 1))
    if state == "approved":
        await b.approve(funded, other)
    document = await b.bank_answers(funded, sent)

    forged = document.replace(sent.replace("-", "").encode(), other.replace("-", "").encode())

    assert (await refused(funded, forged))[0] == "other-batch"


async def test_the_bank_sees_only_what_was_released(funded: Harness) -> None:
    drafted = await b.draft(funded, await b.hear_claims(funded, 1))
    sent = await b.sent_batch(funded, await b.hear_claims(funded, 1))

    page = await funded.call("GET", "/finance/v1/bank/batches?status=released", roles=[roles.BANK])
    hidden = await funded.call("GET", f"/finance/v1/bank/batches/{drafted}/document", roles=[roles.BANK])

    assert [item["id"] for item in page.json()["items"]] == [sent]
    assert hidden.status_code == 404


async def test_a_report_larger_than_the_limit_is_refused(funded: Harness) -> None:
    answer = await b.report(funded, b" " * (32 * 1024 * 1024 + 1))

    assert answer.status_code == 413


async def test_every_line_ends_matched_whatever_the_bank_does(funded: Harness) -> None:
    draw = random.Random(20161201)  # noqa: S311 - a repeatable course, no secret
    ids = await b.hear_claims(funded, 300, fen=10_000)
    batch_id = await b.sent_batch(funded, ids, fen=10_000)
    rejected = dict.fromkeys(draw.sample(ids, 20), "AC04")
    open_ids = [each for each in ids if each not in rejected]
    reports = []
    for number in range(4):
        waiting = draw.sample(open_ids, 200 - 60 * number) if number < 3 else []
        reports.append(
            await b.bank_answers(funded, batch_id, report_id=f"R{number}", rejected=rejected, pending=waiting)
        )
    deliveries = reports * 2
    draw.shuffle(deliveries)

    answers = [await b.report(funded, document) for document in [*deliveries, reports[3]]]

    assert {answer.status_code for answer in answers} <= {201, 422}
    found = await b.statuses(funded)
    assert (found.count("rejected"), found.count("settled")) == (20, 280)
    assert await b.facts_of(funded, "payment-settled") == 280
    assert (await b.balances(funded)) == {
        "cash": 100_000_000 - 2_800_000, "unallocated": 50_000_000, "allocated": 50_000_000 - 2_800_000,
        "reserved": 0,
    }  # fmt: skip
