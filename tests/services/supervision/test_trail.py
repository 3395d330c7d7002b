"""The trail holds every event once, in one chain, and whoever touches it is found."""

import asyncio

import asyncpg
import pytest

from chassis import schema
from chassis.database import plain_dsn
from contracts.roles import AUDITOR, CLERK
from services.supervision.main import SERVICE
from tests.kit import Harness
from tests.services.supervision.builders import OTHER_VILLAGE, VILLAGE, Family, hear, programme

VERIFY = "/supervision/v1/trail/verification"


async def verify(harness: Harness) -> dict[str, object]:
    response = await harness.call("GET", VERIFY, roles=[AUDITOR], area="532930")
    assert response.status_code == 200, response.text
    return dict(response.json())


async def test_every_event_is_kept_as_it_was_heard(supervision: Harness) -> None:
    family = Family()
    heard = await hear(supervision, *family.paid_in_order(), programme("plum"))

    response = await supervision.call("GET", "/supervision/v1/trail?limit=3", roles=[AUDITOR])

    body = response.json()
    assert [item["position"] for item in body["items"]] == [1, 2, 3]
    assert [item["envelope"]["id"] for item in body["items"]] == [str(one.id) for one in heard[:3]]
    assert body["next"] == 3
    rest = (await supervision.call("GET", "/supervision/v1/trail?after=3", roles=[AUDITOR])).json()
    assert [item["position"] for item in rest["items"]] == [4, 5, 6, 7]
    assert rest["next"] is None


async def test_the_trail_is_filtered_by_type_subject_time_and_area(supervision: Harness) -> None:
    here, there = Family(), Family(village=OTHER_VILLAGE)
    await hear(supervision, here.registered(), there.registered(), here.verified())

    async def positions(query: str, area: str = "") -> list[int]:
        reply = await supervision.call("GET", f"/supervision/v1/trail?{query}", roles=[AUDITOR], area=area)
        return [item["position"] for item in reply.json()["items"]]

    assert await positions("type=registry.household-registered.v1") == [1, 2]
    assert await positions(f"subject=household/{here.id}") == [1, 3]
    assert await positions("", area=VILLAGE[:9]) == [1, 3]
    assert await positions("from=2001-01-01T00:00:00Z") == [1, 2, 3]
    assert await positions("from=2999-01-01T00:00:00Z") == []


async def test_the_trail_is_for_auditors(supervision: Harness) -> None:
    for path in ("/supervision/v1/trail", VERIFY):
        assert (await supervision.call("GET", path, roles=[CLERK])).status_code == 403


async def test_an_untouched_chain_is_whole(supervision: Harness) -> None:
    await hear(supervision, *Family().paid_in_order())
    await hear(supervision, *Family().paid_in_order())

    answer = await verify(supervision)

    assert (answer["is_whole"], answer["checked_through"], answer["first_broken"]) == (True, 12, None)


@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        ("UPDATE supervision.trail SET payload = payload || ' '::bytea WHERE position = 3", 3),
        ("DELETE FROM supervision.trail WHERE position = 4", 4),
        ("DELETE FROM supervision.trail WHERE position >= 5", 5),
        ("UPDATE supervision.trail SET prev_hash = hash WHERE position = 2", 2),
    ],
)
async def test_a_damaged_chain_names_its_first_broken_entry(
    supervision: Harness, damage: str, broken: int
) -> None:
    await hear(supervision, *Family().paid_in_order())

    await supervision.sql(damage)

    answer = await verify(supervision)
    assert (answer["is_whole"], answer["first_broken"]) == (False, broken)


async def test_the_service_itself_cannot_rewrite_the_trail(supervision: Harness) -> None:
    await hear(supervision, *Family().paid_in_order())
    url = schema.url_as(supervision.admin_url, schema.role_of("supervision"))
    connection = await asyncpg.connect(plain_dsn(url))
    try:
        for statement in ("UPDATE trail SET type = ''", "DELETE FROM trail", "TRUNCATE trail"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_writers_at_the_same_time_make_one_chain(supervision: Harness) -> None:
    await asyncio.gather(*(hear(supervision, *Family().paid_in_order()) for _ in range(8)))

    answer = await verify(supervision)

    assert (answer["is_whole"], answer["checked_through"]) == (True, 48)


async def test_the_tables_and_the_revisions_agree(supervision: Harness) -> None:
    await schema.check(supervision.admin_url, "supervision", SERVICE.metadata, SERVICE.migrations)
    await schema.downgrade(supervision.admin_url, "supervision", SERVICE.metadata, SERVICE.migrations)
    await schema.upgrade(supervision.admin_url, "supervision", SERVICE.metadata, SERVICE.migrations)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_moment_that_utc_has_no_date_for_is_refused(supervision: Harness, moment: str) -> None:
    refused = await supervision.call("GET", f"/supervision/v1/trail?from={moment}", roles=[AUDITOR])

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")
    assert "from" in refused.json()["errors"][0]["pointer"]
