"""The household card, answered before the framework: the same answer, behind the same walls."""

import asyncpg
import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry import builders

UNKNOWN = "?nothing=of-this-name"


async def test_the_card_is_the_same_with_and_without_the_framework(registry: Harness) -> None:
    household = await builders.filed(registry)

    quick = await builders.get(registry, f"/households/{household}")
    routed = await builders.get(registry, f"/households/{household}{UNKNOWN}")

    assert quick.json() == routed.json()
    assert quick.headers["etag"] == routed.headers["etag"] == '"1"'
    assert quick.headers["tuopin-business-date"] == routed.headers["tuopin-business-date"]


@pytest.mark.parametrize("query", ["", UNKNOWN])
async def test_a_card_of_another_area_does_not_exist(registry: Harness, query: str) -> None:
    household = await builders.filed(registry)
    await builders.get(registry, f"/households/{household}")

    foreign = await builders.get(registry, f"/households/{household}{query}", area=builders.OTHER_TOWNSHIP)

    assert foreign.status_code == 404
    assert foreign.json()["code"] == "not-found"


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer forged"}, {"authorization": "Basic eDp5"}])
async def test_a_card_needs_a_token(registry: Harness, headers: dict[str, str]) -> None:
    household = await builders.filed(registry)

    refused = await registry.http.get(f"/registry/v1/households/{household}", headers=headers)

    assert refused.status_code == 401


async def test_a_role_that_may_not_read_gets_no_card(registry: Harness) -> None:
    household = await builders.filed(registry)

    refused = await builders.get(registry, f"/households/{household}", roles=[roles.INSURER])

    assert refused.status_code == 403


async def test_a_connection_of_one_area_sees_nothing_of_the_next_one_it_is_lent_to(registry: Harness) -> None:
    await builders.filed(registry)
    readers = registry.runtime.database.readers
    first = await readers.borrow(builders.TOWNSHIP)
    seen = await first.fetchval("SELECT count(*) FROM household")
    readers.give_back(first, builders.TOWNSHIP)

    second = await readers.borrow(builders.OTHER_TOWNSHIP)
    seen_elsewhere = await second.fetchval("SELECT count(*) FROM household")
    readers.give_back(second, builders.OTHER_TOWNSHIP)

    assert second is first
    assert (seen, seen_elsewhere) == (1, 0)


async def test_a_reading_connection_cannot_write(registry: Harness) -> None:
    readers = registry.runtime.database.readers
    connection = await readers.borrow("")

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await connection.execute("DELETE FROM person")

    readers.give_back(connection, "")


async def test_the_card_is_answered_again_after_its_connection_died(registry: Harness) -> None:
    household = await builders.filed(registry)
    await builders.get(registry, f"/households/{household}")
    await registry.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tuopin_registry' AND state = 'idle'"
    )

    answers = [await builders.get(registry, f"/households/{household}") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
