"""One payment from obligation to the bank's answer."""

from lxml import etree

from chassis import schema
from contracts import roles
from services.finance.main import SERVICE
from tests.kit import Harness
from tests.services.finance import builders as b


async def test_the_revisions_make_the_tables_that_are_declared(finance: Harness) -> None:
    await schema.check(finance.admin_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)


async def test_the_revisions_can_be_taken_back(finance: Harness) -> None:
    await schema.downgrade(finance.admin_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)
    await schema.upgrade(finance.admin_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)


async def test_a_batch_is_paid_from_obligation_to_settlement(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 3)
    batch_id = await b.sent_batch(funded, ids)

    answer = await b.report(funded, await b.bank_answers(funded, batch_id))

    assert answer.status_code == 201, answer.text
    assert answer.json() | {"id": ""} == {
        "id": "", "batch_id": batch_id, "status": "closed", "settled": 3, "rejected": 0, "pending": 0,
    }  # fmt: skip
    assert await b.statuses(funded) == ["settled"] * 3
    assert await b.balances(funded) == {
        "cash": 99_700_000, "unallocated": 50_000_000, "allocated": 49_700_000, "reserved": 0,
    }  # fmt: skip
    assert await b.facts_of(funded, "payment-settled") == 3


async def test_an_instalment_of_a_house_is_paid_too(funded: Harness) -> None:
    await funded.hear(b.due())

    page = await funded.call(
        "GET", "/finance/v1/payments?programme=housing", roles=[roles.CLERK], area=b.VILLAGE
    )

    (item,) = page.json()["items"]
    assert item["source_kind"] == "house-stage"
    assert item["amount"] == {"amount": "20000.00", "currency": "CNY"}


async def test_the_document_is_the_same_each_time_and_recorded_each_time(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 2))

    first, second = await b.order_of(funded, batch_id), await b.order_of(funded, batch_id)

    assert first == second
    assert etree.fromstring(first).findtext(".//{*}GrpHdr/{*}CtrlSum") == "2000.00"
    accesses = await funded.sql("SELECT actor_id FROM finance.document_access")
    assert [row["actor_id"] for row in accesses] == ["bank", "bank"]


async def test_facts_of_a_payment_count_up_without_a_gap(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 1)
    batch_id = await b.sent_batch(funded, ids)
    await b.report(funded, await b.bank_answers(funded, batch_id))

    facts = [fact for fact in await funded.facts() if fact.subject == f"payment/{ids[0]}"]

    assert [(fact.type.split(".")[1], fact.sequence) for fact in facts] == [
        ("payment-drafted", 1), ("payment-sent", 2), ("payment-settled", 3),
    ]  # fmt: skip
    assert {fact.areacode for fact in facts} == {b.VILLAGE}
