"""Two banks are registered: a fund that names its bank shows its batches to no other, and takes no other's report."""

import asyncpg
import httpx
import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.finance import builders as b
from tests.services.finance.test_journal import as_the_service

BANK_A = "0193a000-0000-7000-8000-00000000000a"
BANK_B = "0193a000-0000-7000-8000-00000000000b"


@pytest.fixture
async def named(finance: Harness) -> Harness:
    """The service with money in a fund whose bank is the first of the two."""
    fund_id = await b.open_fund(finance, bank_client=BANK_A)
    assert (await b.allocate(finance, fund_id, "500000.00")).status_code == 201
    return finance


async def asks(finance: Harness, path: str, actor: str) -> httpx.Response:
    return await finance.call("GET", f"/finance/v1/bank/{path}", roles=[roles.BANK], actor=actor)


async def listed(finance: Harness, actor: str) -> list[str]:
    return [item["id"] for item in (await asks(finance, "batches", actor)).json()["items"]]


async def test_a_batch_is_for_the_bank_of_its_fund_alone(named: Harness) -> None:
    batch_id = await b.sent_batch(named, await b.hear_claims(named, 2))

    document = await asks(named, f"batches/{batch_id}/document", BANK_B)

    assert (document.status_code, document.json()["code"]) == (404, "batch-unknown")
    assert await named.sql("SELECT 1 FROM finance.document_access") == []
    assert (await listed(named, BANK_A), await listed(named, BANK_B)) == ([batch_id], [])
    assert (await asks(named, f"batches/{batch_id}/document", BANK_A)).status_code == 200


async def test_another_banks_report_is_refused_like_one_on_an_unknown_batch(named: Harness) -> None:
    batch_id = await b.sent_batch(named, await b.hear_claims(named, 2))
    document = await b.bank_answers(named, batch_id, actor=BANK_A)
    batch = batch_id.replace("-", "").encode()

    other = await b.report(named, document, actor=BANK_B)
    unknown = await b.report(named, document.replace(batch, batch[::-1]), actor=BANK_B)

    told = [(each.status_code, each.json()["rule"], each.json()["detail"]) for each in (other, unknown)]
    assert told == [(422, "other-batch", "No batch with this id was sent.")] * 2
    assert await b.statuses(named) == ["sent"] * 2
    assert (await b.report(named, document, actor=BANK_A)).status_code == 201
    assert await b.statuses(named) == ["settled"] * 2


async def test_a_fund_that_names_no_bank_is_for_every_bank(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 1))

    for bank in (BANK_A, BANK_B):
        assert await listed(funded, bank) == [batch_id]
        assert (await asks(funded, f"batches/{batch_id}/document", bank)).status_code == 200


async def test_the_county_sees_which_bank_a_fund_and_its_batches_have(named: Harness) -> None:
    batch_id = await b.draft(named, await b.hear_claims(named, 1))

    for path in ("funds", "batches"):
        page = await named.call("GET", f"/finance/v1/{path}", roles=[roles.AUDITOR])
        assert [item["bank_client"] for item in page.json()["items"]] == [BANK_A]
    shown = await named.call("GET", f"/finance/v1/batches/{batch_id}", roles=[roles.AUDITOR])
    assert shown.json()["bank_client"] == BANK_A


async def test_the_bank_of_a_batch_is_frozen_even_against_the_service(named: Harness) -> None:
    await b.draft(named, await b.hear_claims(named, 1))

    async with as_the_service(named) as connection:
        for table in ("fund", "batch"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"UPDATE {table} SET bank_client = '{BANK_B}'")  # noqa: S608


async def test_a_bank_is_named_by_the_id_of_its_client(finance: Harness) -> None:
    account = {"holder": "Finance Bureau", "number": "53290001", "bank_code": b.BANK_CODE}
    body = {"source": "special", "name": "Fund", "account": account, "bank_client": "sample-bank"}

    answer = await b.officer(finance, "/finance/v1/funds", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/bank_client"
