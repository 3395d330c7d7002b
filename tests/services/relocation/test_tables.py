"""What the database itself holds, whoever asks: areas apart, history unchanged, one house, dates in order."""

import asyncpg
import pytest

from chassis import schema
from services.relocation.main import SERVICE
from tests.kit import Harness
from tests.services.relocation import builders
from tests.services.relocation.builders import accept, completed, officer

SCOPED = ("site", "household_copy", "house", "house_event", "subsidy_due", "subsidy_payment")
APPEND_ONLY = ("rule", "house_event", "subsidy_due", "subsidy_payment")


async def test_the_tables_and_the_revisions_agree(bare: Harness) -> None:
    await schema.check(bare.admin_url, "relocation", SERVICE.metadata, SERVICE.migrations)
    await schema.downgrade(bare.admin_url, "relocation", SERVICE.metadata, SERVICE.migrations)
    await schema.upgrade(bare.admin_url, "relocation", SERVICE.metadata, SERVICE.migrations)


async def prepare(harness: Harness) -> None:
    """Fill every scoped table for one township."""
    house = await completed(harness)
    await accept(harness, house)
    asked = await officer(harness, "/subsidy-requests", {"house_id": house["id"], "stage": "completed"})
    await harness.sql(
        "INSERT INTO relocation.subsidy_payment (payment_id, attempt, outcome, due_id, area_code, amount_fen,"
        " happened_on, recorded_at) VALUES (gen_random_uuid(), 1, 'settled', $1::text::uuid, $2, 1, '2016-12-01', now())",
        asked.json()["due_id"],
        builders.VILLAGE,
    )


async def test_the_services_role_sees_its_area_only(relocation: Harness) -> None:
    await prepare(relocation)

    for table in SCOPED:
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - our own names
        async with relocation.unit("clerk", area=builders.TOWNSHIP) as unit:
            own = await unit.driver.fetchval(query)
        async with relocation.unit("clerk", area=builders.OTHER_TOWNSHIP) as unit:
            foreign = await unit.driver.fetchval(query)
        assert (table, own > 0, foreign) == (table, True, 0)


async def test_without_an_area_nothing_is_seen(relocation: Harness) -> None:
    await prepare(relocation)

    async with relocation.runtime.database.connect() as connection:
        for table in SCOPED:
            seen = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
            assert seen.scalar_one() == 0


async def test_a_row_cannot_be_written_into_another_area(relocation: Harness) -> None:
    await prepare(relocation)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with relocation.unit("clerk", area=builders.TOWNSHIP) as unit:
            await unit.driver.execute("UPDATE house SET area_code = $1", builders.OTHER_VILLAGE)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET recorded_at = now()", "TRUNCATE {}"])
async def test_what_is_added_to_is_never_changed(bare: Harness, table: str, statement: str) -> None:
    if table == "subsidy_due":
        statement = statement.replace("recorded_at = now()", "amount_fen = 1")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with bare.unit("county-officer") as unit:
            await unit.driver.execute(statement.format(table))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("topped_out_on = '2016-04-01'", "ck_house_dates_in_order"),
        ("started_on = NULL", "ck_house_stages_without_gaps"),
        ("floor_area_m2 = NULL", "ck_house_measured_at_completion"),
        ("planned_area_m2 = area_cap_m2 + 1", "ck_house_planned_area"),
        ("stage = 'sold'", "ck_house_stage"),
    ],
)
async def test_the_database_holds_the_order_of_stages(
    relocation: Harness, change: str, constraint: str
) -> None:
    await completed(relocation)

    with pytest.raises(asyncpg.CheckViolationError) as violation:
        await relocation.sql(f"UPDATE relocation.house SET {change}")  # noqa: S608 - our own changes

    assert violation.value.constraint_name == constraint


async def test_one_instalment_for_a_house_and_stage(relocation: Harness) -> None:
    await prepare(relocation)

    with pytest.raises(asyncpg.UniqueViolationError) as violation:
        await relocation.sql(
            "INSERT INTO relocation.subsidy_due SELECT gen_random_uuid(), house_id, household_id, area_code,"
            " stage, programme_code, period, amount_fen, stage_on, due_on FROM relocation.subsidy_due"
        )

    assert violation.value.constraint_name == "uq_subsidy_due_house_id_stage"
