"""Names and accounts leave this service in one document only, and townships see their own payments only."""

from contracts import roles
from tests.kit import Harness
from tests.services.finance import builders as b
from tests.services.finance.test_journal import as_the_service

IDENTITY = "532931197001010018"


async def test_no_name_or_account_stands_in_facts_answers_or_columns(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)
    await b.report(funded, await b.bank_answers(funded, batch_id, rejected={ids[0]: "AC04"}))
    wrong = await b.report(funded, await b.order_of(funded, batch_id))

    seen = [wrong.text]
    for path in ("payments", f"batches/{batch_id}", "batches", "journal", "balances", "statistics", "funds"):
        answer = await funded.call("GET", f"/finance/v1/{path}", roles=[roles.AUDITOR])
        assert answer.status_code == 200, answer.text
        seen.append(answer.text)
    seen.extend(await columns(funded))

    everything = "\n".join(seen)
    for canary in (b.CANARY_NAME, b.CANARY_ACCOUNT):
        assert canary not in everything
        assert canary.encode().hex() not in everything


async def test_a_number_the_bank_writes_where_a_code_belongs_is_kept_nowhere(funded: Harness) -> None:
    ids = await b.hear_claims(funded, 2)
    batch_id = await b.sent_batch(funded, ids)
    document = await b.bank_answers(funded, batch_id, report_id=IDENTITY, rejected={ids[0]: "AC04"})
    document = document.replace(b"<Cd>AC04</Cd>", f"<Prtry>{b.CANARY_ACCOUNT}</Prtry>".encode())
    assert b.CANARY_ACCOUNT.encode() in document

    taken = await b.report(funded, document)
    again = await b.report(funded, document)

    assert (taken.status_code, again.json()["rule"]) == (201, "report-already-read")
    item = await funded.call("GET", f"/finance/v1/payments/{ids[0]}", roles=[roles.AUDITOR])
    assert item.json()["reason"] == "NARR"
    everything = "\n".join([taken.text, again.text, item.text, *await columns(funded)])
    for canary in (b.CANARY_ACCOUNT, IDENTITY):
        assert canary not in everything
        assert canary.encode().hex() not in everything


async def columns(finance: Harness) -> list[str]:
    """Return every row of every table as text; what was said to others stands in the outbox."""
    tables = await finance.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'finance'")
    found: list[str] = []
    for table in tables:
        rows = await finance.sql(f"SELECT t::text AS whole FROM finance.{table['tablename']} AS t")  # noqa: S608
        found.extend(row["whole"] for row in rows)
    return found


async def test_a_township_sees_its_own_payments_only(funded: Harness) -> None:
    await b.hear_claims(funded, 1)
    await funded.hear(b.claim(), area="532930102201")

    page = await funded.call("GET", "/finance/v1/payments", roles=[roles.CLERK], area="532930102")
    (foreign,) = await funded.sql("SELECT id FROM finance.payment WHERE area_code = $1", b.VILLAGE)
    hidden = await funded.call(
        "GET", f"/finance/v1/payments/{foreign['id']}", roles=[roles.CLERK], area="532930102"
    )

    assert len(page.json()["items"]) == 1
    assert hidden.status_code == 404


async def test_the_database_hides_other_townships_from_the_service_itself(funded: Harness) -> None:
    await b.hear_claims(funded, 1)

    async with as_the_service(funded) as connection:
        await connection.execute("SELECT set_config('tuopin.area', 'area:532930102', false)")
        for table in ("payment", "obligation"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608


async def test_every_question_about_money_needs_a_role_of_its_own(funded: Harness) -> None:
    for path in ("payments", "batches", "journal", "balances", "statistics", "funds", "bank/batches"):
        outsiders = (roles.INSURER, roles.BANK if path != "bank/batches" else roles.OFFICER)
        for role in outsiders:
            assert (await funded.call("GET", f"/finance/v1/{path}", roles=[role])).status_code == 403


async def test_the_document_is_for_the_bank_alone(funded: Harness) -> None:
    batch_id = await b.sent_batch(funded, await b.hear_claims(funded, 1))

    for role in sorted(roles.ALL_ROLES - {roles.BANK}):
        answer = await funded.call("GET", f"/finance/v1/bank/batches/{batch_id}/document", roles=[role])
        assert answer.status_code == 403
