"""Making a batch: exact totals, money that covers it, payees frozen, and nothing changed when it is refused."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.finance import builders as b


async def untouched(finance: Harness) -> bool:
    """Tell whether no batch came of it: no row, no reservation, every item still free."""
    rows = await finance.sql("SELECT count(*) AS n FROM finance.batch")
    return (
        rows[0]["n"] == 0
        and set(await b.statuses(finance)) <= {"drafted"}
        and (await b.balances(finance)).get("reserved", 0) == 0
    )


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"declared_count": 2}, "/declared_count"),
        ({"declared_count": 4}, "/declared_count"),
        ({"declared_sum": "2999.99"}, "/declared_sum"),
        ({"declared_sum": "3000.01"}, "/declared_sum"),
    ],
)
async def test_declared_totals_are_exactly_those_of_the_items(
    funded: Harness, changes: dict[str, Any], pointer: str
) -> None:
    ids = await b.hear_claims(funded, 3)

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, **changes))

    assert (answer.status_code, answer.json()["code"]) == (422, "batch-totals-differ")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await untouched(funded)


@pytest.mark.parametrize("declared", [3000, 3000.0, "3000.001", "3e3"])
async def test_a_declared_sum_is_a_decimal_string(funded: Harness, declared: object) -> None:
    ids = await b.hear_claims(funded, 3)

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, declared_sum=declared))

    assert answer.status_code == 422
    assert await untouched(funded)


async def test_all_free_items_of_a_programme_make_a_batch(funded: Harness) -> None:
    await b.hear_claims(funded, 3)
    body = {"programme_code": b.PROGRAMME, "all": True, "declared_count": 3, "declared_sum": "3000.00"}

    answer = await b.officer(funded, "/finance/v1/batches", body)

    assert answer.status_code == 201, answer.text
    assert await b.statuses(funded) == ["batched"] * 3


async def test_an_item_is_in_one_batch_only(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    await b.draft(funded, ids[1:])

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids))

    assert (answer.status_code, answer.json()["code"]) == (409, "payment-not-drafted")
    assert answer.json()["errors"][0]["pointer"] == "/payment_ids/1"


async def test_an_unknown_item_is_named_by_its_place(funded: Harness) -> None:
    ids = [*await b.hear_claims(funded, 1), uuid4()]

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids))

    assert (answer.status_code, answer.json()["code"]) == (404, "payment-unknown")
    assert answer.json()["errors"][0]["pointer"] == "/payment_ids/1"
    assert await untouched(funded)


async def test_an_item_of_another_programme_is_refused(funded: Harness) -> None:
    await funded.hear(b.due(fen=100_000))
    (row,) = await funded.sql("SELECT id FROM finance.payment")

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body([row["id"]]))

    assert (answer.status_code, answer.json()["code"]) == (422, "payment-not-in-programme")


async def test_a_batch_above_the_allocation_is_refused(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 1, fen=50_000_001)

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, fen=50_000_001))

    assert (answer.status_code, answer.json()["code"]) == (409, "allocation-exhausted")
    assert await untouched(funded)


async def test_a_batch_of_exactly_the_allocation_is_made(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 1, fen=50_000_000)

    await b.draft(funded, ids, fen=50_000_000)

    assert (await b.balances(funded))["allocated"] == 0


async def test_a_batch_is_paid_from_the_first_fund_that_covers_it(funded: Harness) -> None:
    second = await b.open_fund(funded, name="Second fund")
    await b.allocate(funded, second, "900000.00")
    ids = await b.hear_claims(funded, 1, fen=60_000_000)

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, fen=60_000_000))

    assert answer.json()["fund_id"] == second


async def test_without_a_registry_nothing_changes(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    b.registry_of(funded).is_down = True

    down = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids))
    del funded.peer_apps["registry"]
    gone = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids))

    assert [(answer.status_code, answer.json()["code"]) for answer in (down, gone)] == [
        (503, "payees-unavailable")
    ] * 2
    assert await untouched(funded)


async def test_a_refused_batch_may_be_sent_again_with_the_same_key(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    b.registry_of(funded).is_down = True
    await b.officer(funded, "/finance/v1/batches", b.batch_body(ids), key="k-1")
    b.registry_of(funded).is_down = False

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids), key="k-1")
    replay = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids), key="k-1")

    assert answer.status_code == 201
    assert replay.json() == answer.json()


async def test_a_household_without_an_account_stops_the_batch(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    (row,) = await funded.sql("SELECT household_id FROM finance.payment WHERE id = $1", ids[1])
    b.registry_of(funded).missing.add(str(row["household_id"]))

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids))

    assert (answer.status_code, answer.json()["code"]) == (422, "payee-not-payable")
    assert await untouched(funded)


@pytest.mark.parametrize("is_named", [True, False])
async def test_each_household_that_cannot_be_paid_is_named(funded: Harness, is_named: bool) -> None:
    ids = await b.hear_claims(funded, 5)
    households = await households_of(funded, ids)
    registry = b.registry_of(funded)
    registry.without_account.add(str(households[1]))
    registry.missing.add(str(households[3]))
    body = b.batch_body(ids) if is_named else b.batch_body(ids, payment_ids=None, all=True)

    answer = await b.officer(funded, "/finance/v1/batches", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "payee-not-payable")
    assert "cannot be paid: 2." in answer.json()["detail"]
    assert [(each["pointer"], each["code"], each["message"]) for each in answer.json()["errors"]] == [
        (
            f"/payment_ids/{place}" if is_named else "/all",
            "account-missing",
            f"Payment {ids[place]} of household {households[place]}: The register has no complete account.",
        )
        for place in (1, 3)
    ]
    assert await untouched(funded)


async def test_no_more_than_a_hundred_households_are_named_and_all_are_counted(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 101)
    b.registry_of(funded).without_account.update(map(str, await households_of(funded, ids)))

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, payment_ids=None, all=True))

    assert "cannot be paid: 101." in answer.json()["detail"]
    assert len(answer.json()["errors"]) == 100


async def test_every_account_no_bank_can_read_is_named(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 4)
    households = await households_of(funded, ids)
    b.registry_of(funded).accounts.update({str(households[place]): "6217 0000" for place in (0, 2)})

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, payment_ids=None, all=True))

    errors = answer.json()["errors"]
    assert [(each["pointer"], each["code"]) for each in errors] == [("/all", "account-malformed")] * 2
    assert all(str(households[place]) in each["message"] for place, each in zip((0, 2), errors, strict=True))
    assert "6217" not in answer.text
    assert await untouched(funded)


async def test_an_unknown_fund_is_named_before_anybodys_account_is_asked_for(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 1)

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids, fund_id=str(uuid4())))

    assert (answer.status_code, answer.json()["code"]) == (404, "fund-unknown")
    assert answer.json()["errors"][0]["pointer"] == "/fund_id"
    assert b.registry_of(funded).questions == []


async def households_of(finance: Harness, ids: list[UUID]) -> list[UUID]:
    rows = await finance.sql(
        "SELECT household_id FROM finance.payment WHERE id = ANY($1::uuid[]) ORDER BY id", ids
    )
    return [row["household_id"] for row in rows]


async def test_an_account_no_bank_can_read_is_named_by_its_place_and_not_repeated(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    (row,) = await funded.sql("SELECT household_id FROM finance.payment WHERE id = $1", ids[1])
    b.registry_of(funded).accounts[str(row["household_id"])] = "6217 0000"

    answer = await b.officer(funded, "/finance/v1/batches", b.batch_body(ids))

    assert (answer.status_code, answer.json()["code"]) == (422, "payee-not-payable")
    assert answer.json()["errors"][0]["pointer"] == "/payment_ids/1"
    assert "6217" not in answer.text
    assert await untouched(funded)


async def test_payees_are_those_of_the_day_of_drafting(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 1)
    batch_id = await b.draft(funded, ids)
    (row,) = await funded.sql("SELECT household_id FROM finance.payment")
    b.registry_of(funded).accounts[str(row["household_id"])] = "999"

    await b.approve(funded, batch_id)
    await b.release(funded, batch_id)

    assert b.CANARY_ACCOUNT.encode() in await b.order_of(funded, batch_id)


async def test_of_two_makers_one_wins(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 5)

    answers = await asyncio.gather(
        *(b.officer(funded, "/finance/v1/batches", b.batch_body(ids), actor=f"maker-{n}") for n in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["errors"][0]["pointer"] == "/payment_ids/0"
    assert (await b.balances(funded))["reserved"] == 500_000


async def test_makers_whose_choices_overlap_crosswise_do_not_lock_each_other_out(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 6)
    choices: list[list[UUID]] = [ids[:4], ids[2:], ids[::-1], [ids[5], ids[0]]]

    answers = await asyncio.gather(
        *(b.officer(funded, "/finance/v1/batches", b.batch_body(choice)) for choice in choices * 3)
    )

    assert {answer.status_code for answer in answers} == {201, 409}
    assert (await b.balances(funded))["reserved"] == 100_000 * (await b.statuses(funded)).count("batched")


async def test_a_rejected_batch_frees_its_items_and_its_money(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.draft(funded, ids)
    await b.approve(funded, batch_id)

    answer = await b.reject(funded, batch_id, actor="payer", role=roles.PAYER)

    assert answer.json()["status"] == "rejected"
    assert await b.statuses(funded) == ["drafted"] * 2
    assert (await b.balances(funded))["reserved"] == 0
    assert (await b.release(funded, batch_id)).status_code == 409
    await b.sent_batch(funded, ids)


async def test_more_than_ten_thousand_items_are_refused_by_shape(funded: Harness) -> None:
    body = b.batch_body([uuid4() for _ in range(10_001)], declared_count=10_000)

    answer = await b.officer(funded, "/finance/v1/batches", body)

    assert answer.status_code == 422
