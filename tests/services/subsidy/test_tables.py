"""What the database itself holds: revisions that match the tables, history that stays, areas that keep apart."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from chassis import schema
from chassis.ids import new_id
from contracts import roles
from contracts.events.registry import HouseholdVerified
from services.subsidy.main import SERVICE
from tests.kit import Harness
from tests.services.subsidy.builders import (
    CLERK,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TODAY,
    TOWNSHIP,
    VILLAGE,
    approved_claim,
    hear,
    on_register,
    rejected,
    settled,
    submit,
)

SCOPED = (
    "claim",
    "claim_version",
    "evidence",
    "household_copy",
    "household_standing",
    "disbursement",
    "payment_problem",
)


async def test_the_revisions_make_the_tables_and_unmake_them(database_url: str) -> None:
    await schema.prepare(database_url, SERVICE.name)

    await schema.upgrade(database_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)
    await schema.check(database_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)
    await schema.downgrade(database_url, SERVICE.name, SERVICE.metadata, SERVICE.migrations)


async def test_claims_left_behind_before_follow_their_household(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    await hear(subsidy, rejected(claim_id, household))
    where = (subsidy.admin_url, "subsidy", SERVICE.metadata, SERVICE.migrations)
    await schema.downgrade(*where, to="0001")
    await subsidy.sql("UPDATE subsidy.household_copy SET area_code = $1", OTHER_VILLAGE)

    await schema.upgrade(*where)

    for name in ("claim", "claim_version", "evidence", "payment_problem"):
        rows = await subsidy.sql(f"SELECT DISTINCT area_code FROM subsidy.{name}")  # noqa: S608
        assert [row["area_code"] for row in rows] == [OTHER_VILLAGE]


async def test_rows_of_another_area_are_hidden_by_the_database(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_id = await approved_claim(subsidy, household)
    await hear(subsidy, rejected(claim_id, household), settled(claim_id, household))

    async with subsidy.unit(roles.CLERK, area=TOWNSHIP) as inside:
        seen = {name: await inside.driver.fetchval(f"SELECT count(*) FROM {name}") for name in SCOPED}  # noqa: S608
    async with subsidy.unit(roles.CLERK, area=OTHER_TOWNSHIP) as outside:
        hidden = {name: await outside.driver.fetchval(f"SELECT count(*) FROM {name}") for name in SCOPED}  # noqa: S608

    assert all(seen.values())
    assert not any(hidden.values())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claim_version SET status = 'paid'",
        "DELETE FROM claim_version",
        "UPDATE evidence SET photo_sha256 = ''",
        "DELETE FROM evidence",
        "UPDATE programme SET rate_fen = 1",
        "DELETE FROM payment_problem",
    ],
)
async def test_what_was_recorded_cannot_be_rewritten(subsidy: Harness, statement: str) -> None:
    unit = subsidy.unit(roles.OFFICER)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with unit:
            await unit.driver.execute(statement)


async def test_two_inspectors_at_once_accept_a_claim_once(subsidy: Harness) -> None:
    claim_id = (await submit(subsidy, await on_register(subsidy))).json()["id"]
    path = f"/subsidy/v1/claims/{claim_id}/acceptances"

    answers = await asyncio.gather(
        *(
            subsidy.call(
                "POST",
                path,
                roles=[roles.CLERK],
                area=TOWNSHIP,
                actor=f"inspector-{number}",
                json={"accepted_quantity": "5.00"},
            )
            for number in range(8)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert (
        len(await subsidy.sql("SELECT 1 FROM subsidy.claim_version WHERE claim_id = $1", UUID(claim_id))) == 2
    )


async def test_money_and_registration_heard_at_once_publish_one_disbursement_each(subsidy: Harness) -> None:
    claim_ids = [await approved_claim(subsidy, await on_register(subsidy)) for _ in range(6)]
    strangers = [new_id() for _ in claim_ids]

    def verified(household: UUID) -> HouseholdVerified:
        return HouseholdVerified(
            household_id=household, village_code=VILLAGE, persons=3, category="general", verified_on=TODAY
        )

    await asyncio.gather(
        *(hear(subsidy, settled(c, h)) for c, h in zip(claim_ids, strangers, strict=True)),
        *(hear(subsidy, verified(household)) for household in strangers),
    )

    disbursed = [fact for fact in await subsidy.facts() if fact.type == "subsidy.subsidy-disbursed.v1"]
    assert len(disbursed) == len(claim_ids)
    assert await subsidy.sql("SELECT 1 FROM subsidy.disbursement WHERE NOT is_published") == []


async def test_nothing_is_kept_of_a_request_that_fails_at_its_last_statement(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    await subsidy.sql("ALTER TABLE subsidy.outbox ADD CONSTRAINT full_disk CHECK (false) NOT VALID")

    try:
        response = await submit(subsidy, household)
    finally:
        await subsidy.sql("ALTER TABLE subsidy.outbox DROP CONSTRAINT full_disk")

    assert (response.status_code, response.json()["code"]) == (500, "internal-error")
    assert await subsidy.sql("SELECT 1 FROM subsidy.claim") == []
    assert CLERK not in response.text
