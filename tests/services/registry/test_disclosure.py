"""Personal data leaves its cover only on record, and is found nowhere else."""

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    CANARY_ACCOUNT,
    CANARY_ADDRESS,
    CANARY_NAME,
    CANARY_PHONE,
    COUNTY,
    OTHER_TOWNSHIP,
    VILLAGE,
    filed,
    get,
    household,
    identity,
    post,
    put,
)
from tests.services.registry.sheet import drafts, send

INSURER = {"roles": [roles.INSURER], "area": COUNTY, "actor": "insurer-1"}
OFFICER = {"roles": [roles.OFFICER], "area": COUNTY, "actor": "officer-1"}


def question(number: int, on: str = "2016-06-01") -> dict[str, str]:
    """Return an insurer's question."""
    return {"identity_number": identity(number), "on": on, "purpose": "premium subsidy"}


async def test_unmasking_is_on_record_with_who_why_and_whom(registry: Harness) -> None:
    household_id = await filed(registry)
    person = (await get(registry, f"/households/{household_id}")).json()["members"][0]["id"]

    shown = await post(registry, f"/persons/{person}/unmaskings", json={"reason": "bank asks for a copy"})

    assert shown.json() == {"id": person, "name": CANARY_NAME, "identity_number": identity(2)}
    (row,) = await registry.sql(
        "SELECT kind, subject_id, actor_id, reason, area_code FROM registry.disclosure"
    )
    assert (row["kind"], str(row["subject_id"])) == ("unmasking", person)
    assert (row["actor_id"], row["reason"], row["area_code"]) == ("clerk-1", "bank asks for a copy", VILLAGE)


async def test_nothing_is_unmasked_when_the_record_cannot_be_written(registry: Harness) -> None:
    household_id = await filed(registry)
    person = (await get(registry, f"/households/{household_id}")).json()["members"][0]["id"]
    await registry.sql("REVOKE INSERT ON registry.disclosure FROM tuopin_registry")

    try:
        refused = await post(
            registry, f"/persons/{person}/unmaskings", json={"reason": "bank asks for a copy"}
        )
    finally:
        await registry.sql("GRANT INSERT ON registry.disclosure TO tuopin_registry")

    assert refused.status_code == 500
    assert identity(2) not in refused.text


async def test_unmasking_needs_a_reason_a_role_and_the_area(registry: Harness) -> None:
    household_id = await filed(registry)
    person = (await get(registry, f"/households/{household_id}")).json()["members"][0]["id"]
    path, body = f"/persons/{person}/unmaskings", {"reason": "bank asks for a copy"}

    assert (await post(registry, path, json={})).status_code == 422
    assert (await post(registry, path, json=body, roles=[roles.AUDITOR])).status_code == 403
    assert (await post(registry, path, json=body, area=OTHER_TOWNSHIP)).status_code == 404
    assert await registry.sql("SELECT 1 FROM registry.disclosure") == []


async def test_payees_are_resolved_for_officers_and_on_record(registry: Harness) -> None:
    household_id = await filed(registry)
    unknown = "0193a000-0000-7000-8000-000000000000"
    body = {"household_ids": [household_id, unknown], "purpose": "payment batch"}

    answer = await post(registry, "/payees/resolve", json=body, **OFFICER)
    clerk = await post(registry, "/payees/resolve", json=body)

    assert answer.json() == {
        "items": [
            {
                "household_id": household_id,
                "name": CANARY_NAME,
                "account": CANARY_ACCOUNT,
                "bank_code": "002731000012",
            }
        ],
        "missing": [unknown],
    }
    assert clerk.status_code == 403
    (row,) = await registry.sql("SELECT kind, subject_id, reason FROM registry.disclosure")
    assert (row["kind"], str(row["subject_id"]), row["reason"]) == ("payees", household_id, "payment batch")


NO = {"registered": "no", "category": None, "policies_kept": "no"}


async def test_an_insurer_learns_yes_and_the_category_or_no(registry: Harness) -> None:
    await filed(registry, 1, attribute="02", on="2016-03-01")

    yes = await post(registry, "/eligibility-checks", json=question(2), **INSURER)
    before = await post(registry, "/eligibility-checks", json=question(2, "2016-02-29"), **INSURER)
    unknown = await post(registry, "/eligibility-checks", json=question(77), **INSURER)

    assert yes.json() == {
        "registered": "yes",
        "category": "dibao",
        "policies_kept": "no",
        "valid_on": "2016-06-01",
    }
    assert before.json() == NO | {"valid_on": "2016-02-29"}
    assert unknown.json() == NO | {"valid_on": "2016-06-01"}
    logged = await registry.sql(
        "SELECT answer, purpose, actor_id FROM registry.eligibility_query ORDER BY id"
    )
    assert [row["answer"] for row in logged] == ["dibao", "no", "no"]
    assert {(row["purpose"], row["actor_id"]) for row in logged} == {("premium subsidy", "insurer-1")}


async def test_eligibility_follows_exit_return_and_leaving_the_household(registry: Harness) -> None:
    household_id = await filed(registry, on="2016-01-01")
    await post(
        registry,
        f"/households/{household_id}/exits",
        json={"reason": "income-above-line", "on": "2016-03-01"},
    )
    await post(
        registry, f"/households/{household_id}/returns", json={"reason": "illness", "on": "2016-04-01"}
    )
    alone = household(members=household()["members"][:1]) | {"effective_on": "2016-05-01"}
    assert (await put(registry, household_id, 3, json=alone)).status_code == 200
    wife = household()["members"][1]["identity_number"]

    asked = [
        question(2) | {"identity_number": number, "on": on}
        for number in (identity(2), wife)
        for on in ("2016-02-01", "2016-03-15", "2016-04-15", "2016-05-15")
    ]
    answers = [await post(registry, "/eligibility-checks", json=each, **INSURER) for each in asked]

    told = [answer.json()["registered"] for answer in answers]
    assert told == ["yes", "no", "yes", "yes", "yes", "no", "yes", "no"]


async def test_eligibility_is_bound_by_purpose_and_not_by_area(registry: Harness) -> None:
    await filed(registry)
    elsewhere = {**INSURER, "area": OTHER_TOWNSHIP}

    answer = await post(registry, "/eligibility-checks", json=question(2), **elsewhere)
    bare = await post(registry, "/eligibility-checks", json=question(2) | {"purpose": ""}, **INSURER)
    clerk = await post(registry, "/eligibility-checks", json=question(2))
    future = await post(registry, "/eligibility-checks", json=question(2, "2016-06-02"), **INSURER)

    assert answer.json()["registered"] == "yes"
    assert (bare.status_code, clerk.status_code, future.status_code) == (422, 403, 422)


@pytest.mark.parametrize("table", ["disclosure", "eligibility_query"])
async def test_what_was_asked_cannot_be_wiped(registry: Harness, table: str) -> None:
    rights = await registry.sql(
        "SELECT privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'tuopin_registry' AND table_schema = 'registry' AND table_name = $1",
        table,
    )

    assert {row[0] for row in rights} == {"SELECT", "INSERT"}


async def test_canaries_are_found_in_no_column_event_log_or_error(
    registry: Harness, capsys: pytest.CaptureFixture[str]
) -> None:
    household_id = await filed(registry, 50)
    person = (await get(registry, f"/households/{household_id}")).json()["members"][0]["id"]
    await put(registry, household_id, 1, json=household(50, attribute="02"))
    await send(registry, drafts(2))
    refusals = [
        await send(registry, drafts(2)),
        await post(registry, "/households", json=household(50)),
        await post(registry, "/households", json=household(50, members=[])),
        await post(registry, "/eligibility-checks", json=question(100) | {"on": "never"}, **INSURER),
    ]
    await post(registry, f"/persons/{person}/unmaskings", json={"reason": "bank asks for a copy"})
    await post(
        registry, "/payees/resolve", json={"household_ids": [household_id], "purpose": "pay"}, **OFFICER
    )
    await post(registry, "/eligibility-checks", json=question(100), **INSURER)
    await get(registry, "/exports/households.xlsx")

    tables = await registry.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'registry'")
    kept = [
        str(row[0])
        for table in tables
        for row in await registry.sql(f"SELECT t::text FROM registry.{table['tablename']} AS t")  # noqa: S608
    ]
    captured = capsys.readouterr()
    told = "\n".join([*kept, captured.out, captured.err, *(refusal.text for refusal in refusals)])
    canaries = [CANARY_NAME, CANARY_ACCOUNT, CANARY_PHONE, CANARY_ADDRESS, identity(100), identity(1)]
    # Bytes show as hexadecimal digits in a row's text.
    forms = [form for canary in canaries for form in (canary, canary.encode().hex())]

    assert len(kept) > 20
    assert [form for form in forms if form in told] == []
