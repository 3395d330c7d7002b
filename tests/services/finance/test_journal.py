"""The journal: money in, money set aside, mistakes undone; and a database that refuses what does not balance."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from chassis import schema
from chassis.database import plain_dsn
from chassis.ids import new_id
from contracts import roles
from tests.kit import Harness
from tests.services.finance import builders as b

MOVEMENT = """
INSERT INTO journal_transaction (id, kind, fund_id, occurred_on, actor_id, recorded_at)
VALUES ($1, 'receipt', $2, '2016-12-01', 'intruder', now())
"""
ENTRY = "INSERT INTO journal_entry VALUES ($1, $2, $3, $4, $5, $6)"


@asynccontextmanager
async def as_the_service(finance: Harness) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Connect as the role the service works as, past all of its code."""
    dsn = plain_dsn(schema.url_as(finance.admin_url, schema.role_of("finance")))
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT set_config('tuopin.area', 'area:', false)")
        yield connection
    finally:
        await connection.close()


async def write(finance: Harness, fund_id: str, *sides: tuple[str, str, int]) -> None:
    """Write a movement as a defect of ours would."""
    movement = new_id()
    async with as_the_service(finance) as connection, connection.transaction():
        await connection.execute(MOVEMENT, movement, UUID(fund_id))
        for number, (account, programme, fen) in enumerate(sides, start=1):
            await connection.execute(ENTRY, movement, number, UUID(fund_id), account, programme, fen)


async def test_a_balanced_movement_is_kept(finance: Harness) -> None:
    fund_id = await b.open_fund(finance)

    await write(finance, fund_id, ("cash", "", 7), ("unallocated", "", -7))

    assert (await b.balances(finance))["cash"] == 100_000_007


@pytest.mark.parametrize(
    "sides",
    [
        [("cash", "", 7), ("unallocated", "", -6)],
        [("cash", "", 7)],
        [],
        [("cash", "", 7), ("unallocated", "", -7), ("cash", "", 1)],
    ],
    ids=["other-sum", "one-side", "no-side", "a-third-side"],
)
async def test_the_database_refuses_entries_that_do_not_balance(
    finance: Harness, sides: list[tuple[str, str, int]]
) -> None:
    fund_id = await b.open_fund(finance)

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await write(finance, fund_id, *sides)

    assert refusal.value.constraint_name == "ck_journal_entry_balanced"
    assert (await b.balances(finance))["cash"] == 100_000_000


@pytest.mark.parametrize(
    "sides",
    [
        [("cash", "", -100_000_001), ("unallocated", "", 100_000_001)],
        [("allocated", "vegetables", 1), ("reserved", "vegetables", -1)],
        [("reserved", "vegetables", 1), ("cash", "", -1)],
    ],
    ids=["cash", "allocation", "reservation"],
)
async def test_the_database_lets_no_account_fall_below_zero(
    finance: Harness, sides: list[tuple[str, str, int]]
) -> None:
    fund_id = await b.open_fund(finance)

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await write(finance, fund_id, *sides)

    assert refusal.value.constraint_name == "ck_account_balance_not_negative"


async def test_the_database_lets_no_entry_join_an_older_movement(finance: Harness) -> None:
    fund_id = await b.open_fund(finance)
    (old,) = await finance.sql("SELECT id FROM finance.journal_transaction")

    async with as_the_service(finance) as connection:
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await connection.execute(ENTRY, old["id"], 3, UUID(fund_id), "cash", "", 1)

    assert refusal.value.constraint_name == "ck_journal_entry_in_time"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET amount_fen = 1",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "UPDATE journal_transaction SET occurred_on = '2020-01-01'",
        "DELETE FROM journal_transaction",
        "UPDATE account_balance SET balance_fen = 1",
        "INSERT INTO account_balance SELECT * FROM account_balance",
        "DELETE FROM account_balance",
        "UPDATE payment SET amount_fen = 1",
        "UPDATE payment SET household_id = id",
        "DELETE FROM payment",
        "DELETE FROM obligation",
        "UPDATE obligation SET period = '2017'",
        "UPDATE batch SET sum_fen = 1",
        "UPDATE batch SET maker_id = 'other'",
        "DELETE FROM batch",
        "UPDATE batch_line SET payee = 'x'",
        "DELETE FROM batch_line",
        "DELETE FROM bank_line",
        "UPDATE bank_line SET payment_id = batch_id",
        "DELETE FROM bank_report",
        "DELETE FROM document_access",
    ],
)
async def test_the_service_itself_cannot_rewrite_history(finance: Harness, statement: str) -> None:
    async with as_the_service(finance) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_more_than_was_received_is_not_set_aside(finance: Harness) -> None:
    fund_id = await b.open_fund(finance, yuan="100.00")

    answer = await b.allocate(finance, fund_id, "100.01")

    assert (answer.status_code, answer.json()["code"]) == (409, "balance-exhausted")
    assert await b.facts_of(finance, "fund-allocated") == 0


async def test_a_wrong_receipt_is_undone_by_its_mirror_image_once(finance: Harness) -> None:
    fund_id = await b.open_fund(finance, yuan=None)
    wrong = (await b.receive(finance, fund_id, "300.00")).json()["id"]

    undone = await b.officer(finance, f"/finance/v1/journal/{wrong}/reversals", {"reason": "counted twice"})
    again = await b.officer(finance, f"/finance/v1/journal/{wrong}/reversals", {"reason": "counted twice"})

    assert undone.status_code == 201, undone.text
    assert again.status_code == 409
    assert await b.balances(finance) == {"cash": 0, "unallocated": 0}
    page = await finance.call("GET", "/finance/v1/journal", roles=[roles.AUDITOR])
    assert [item["kind"] for item in page.json()["items"]] == ["receipt", "receipt-reversal"]
    assert page.json()["items"][1]["reverses"] == wrong


async def test_a_receipt_that_was_set_aside_is_not_undone(finance: Harness) -> None:
    fund_id = await b.open_fund(finance, yuan=None)
    receipt = (await b.receive(finance, fund_id, "300.00")).json()["id"]
    await b.allocate(finance, fund_id, "200.00")

    answer = await b.officer(finance, f"/finance/v1/journal/{receipt}/reversals", {"reason": "mistake"})

    assert (answer.status_code, answer.json()["code"]) == (409, "balance-exhausted")


async def test_a_reservation_is_not_undone_by_hand(funded: Harness) -> None:
    await b.draft(funded, await b.hear_claims(funded, 1))
    (row,) = await funded.sql("SELECT id FROM finance.journal_transaction WHERE kind = 'reservation'")

    answer = await b.officer(funded, f"/finance/v1/journal/{row['id']}/reversals", {"reason": "mistake"})

    assert (answer.status_code, answer.json()["code"]) == (409, "transaction-not-reversible")


@pytest.mark.parametrize("amount", [100, 100.0, "100.001", "-1.00", "0.00", "1e3", "", None])
async def test_money_is_a_decimal_string_above_zero(finance: Harness, amount: object) -> None:
    fund_id = await b.open_fund(finance, yuan=None)
    body = {"amount": {"amount": amount, "currency": "CNY"}}

    answer = await b.officer(finance, f"/finance/v1/funds/{fund_id}/receipts", body)

    assert answer.status_code == 422
    assert await b.facts_of(finance, "fund-received") == 0


async def test_a_fund_tells_what_it_received_and_what_is_free(funded: Harness) -> None:
    page = await funded.call("GET", "/finance/v1/funds", roles=[roles.PAYER])

    (fund,) = page.json()["items"]
    assert [fund[name]["amount"] for name in ("received", "unallocated", "cash")] == [
        "1000000.00", "500000.00", "1000000.00",
    ]  # fmt: skip


async def test_statistics_tell_day_source_and_population(funded: Harness) -> None:
    await b.draft(funded, await b.hear_claims(funded, 2))

    answer = (await funded.call("GET", "/finance/v1/statistics", roles=[roles.AUDITOR])).json()

    assert answer["as_of"] == "2016-12-01"
    assert answer["source"]
    assert answer["population"]
    assert answer["received"] == [
        {"source": "special", "received": {"amount": "1000000.00", "currency": "CNY"}}
    ]
    (programme,) = answer["programmes"]
    assert (programme["allocated"]["amount"], programme["reserved"]["amount"], programme["paid"]["amount"]) == (
        "500000.00", "2000.00", "0.00",
    )  # fmt: skip
    assert [(each["status"], each["count"]) for each in answer["payments"]] == [("batched", 2)]


async def test_racing_allocations_never_overdraw_a_fund(finance: Harness) -> None:
    import asyncio

    fund_id = await b.open_fund(finance, yuan="1000.00")

    answers = await asyncio.gather(*(b.allocate(finance, fund_id, "100.00") for _ in range(30)))

    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 20
    assert (await b.balances(finance))["unallocated"] == 0
