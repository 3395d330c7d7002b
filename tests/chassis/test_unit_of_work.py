"""State, facts and the stored answer commit together; area and idempotency hold in the database itself."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from uuid import UUID

import pytest
from fastapi import APIRouter, Response
from sqlalchemy import text

from chassis import schema
from chassis.errors import Unavailable
from chassis.http import CommandUnit
from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy import TOY
from tests.kit import Harness, HarnessFactory


async def test_state_and_fact_commit_together(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        response = await toy.call("POST", "/toy/v1/notes", json={"text": "hello"})

        assert response.status_code == 201, response.text
        assert response.headers["etag"] == '"1"'
        (fact,) = await toy.facts()
        assert fact.type == "toy.note-written.v1"
        assert fact.actorid == "actor-1"


async def test_a_refused_command_changes_nothing(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        response = await toy.call("POST", "/toy/v1/notes", json={"text": "LOUD"})

        assert response.status_code == 409
        assert response.json()["code"] == "note-shouts"
        assert response.json()["errors"][0]["pointer"] == "/text"
        assert await toy.facts() == []
        assert await toy.sql("SELECT 1 FROM toy.idempotency") == []


async def test_the_same_key_replays_the_first_answer(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        first = await toy.call("POST", "/toy/v1/notes", json={"text": "once"}, key="k-1")
        again = await toy.call("POST", "/toy/v1/notes", json={"text": "once"}, key="k-1")
        other = await toy.call("POST", "/toy/v1/notes", json={"text": "twice"}, key="k-1")

        assert again.content == first.content
        assert again.status_code == 201
        assert again.headers["idempotency-replayed"] == "true"
        assert other.status_code == 422
        assert other.json()["code"] == "idempotency-key-reused"
        assert len(await toy.facts()) == 1


async def test_fifty_at_once_have_one_effect(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        calls = [toy.call("POST", "/toy/v1/notes", json={"text": "race"}, key="k-2") for _ in range(50)]
        answers = await asyncio.gather(*calls)

        assert {answer.status_code for answer in answers} <= {201, 409}
        assert sum(answer.status_code == 201 for answer in answers) >= 1
        assert len(await toy.facts()) == 1


async def end_within_a_unit(toy: Harness, seconds: float) -> bool:
    """End the connection of a unit while nothing is asked of it; tell whether the unit was unavailable."""
    try:
        async with toy.unit() as unit:
            await toy.sql("SELECT pg_terminate_backend($1)", unit.driver.get_server_pid())
            await asyncio.sleep(seconds)
    except Unavailable:
        return True
    return False


async def test_a_connection_ended_by_the_server_makes_the_unit_unavailable(
    harness_for: HarnessFactory,
) -> None:
    async with harness_for(TOY) as toy:
        # The end is noticed in two steps; the commit may fall before, between or after them.
        refused = [await end_within_a_unit(toy, moment / 100_000) for moment in range(60)]

        assert all(refused)


async def test_a_dead_pooled_connection_and_no_new_one_make_the_unit_unavailable(
    harness_for: HarnessFactory,
) -> None:
    async with harness_for(TOY) as toy:
        async with toy.unit() as unit:
            backend = unit.driver.get_server_pid()
        await toy.sql("ALTER ROLE tuopin_toy NOLOGIN")
        await toy.sql("SELECT pg_terminate_backend($1, 1000)", backend)

        with pytest.raises(Unavailable):
            await toy.unit().__aenter__()

        await toy.sql("ALTER ROLE tuopin_toy LOGIN")
        async with toy.unit() as again:
            assert await again.driver.fetchval("SELECT 1") == 1


def renumbering(after_first: asyncio.Barrier) -> APIRouter:
    """Give notes their next version, in the order that is asked for; the first two requests meet after the first note."""
    router, arrived = APIRouter(), 0

    @router.post("/toy/v1/renumberings")
    async def renumber(notes: list[UUID], unit: CommandUnit) -> Response:
        nonlocal arrived
        async with unit:
            for place, note in enumerate(notes):
                await unit.driver.execute("UPDATE note SET version = version + 1 WHERE id = $1", note)
                if place == 0 and (arrived := arrived + 1) <= after_first.parties:
                    await after_first.wait()
            return unit.answer({"renumbered": len(notes)})

    return router


async def test_of_two_that_wait_for_each_other_one_is_unavailable_and_goes_through_with_the_same_key(
    harness_for: HarnessFactory,
) -> None:
    crossing = replace(TOY, routers=(*TOY.routers, renumbering(asyncio.Barrier(2))))
    async with harness_for(crossing) as toy:
        one, other = [
            (await toy.call("POST", "/toy/v1/notes", json={"text": each})).json()["id"] for each in "ab"
        ]
        orders = {"k-1": [one, other], "k-2": [other, one]}
        calls = [toy.call("POST", "/toy/v1/renumberings", json=ids, key=key) for key, ids in orders.items()]
        answers = dict(zip(orders, await asyncio.gather(*calls), strict=True))

        assert sorted(answer.status_code for answer in answers.values()) == [200, 503]
        (key,) = [key for key, answer in answers.items() if answer.status_code == 503]
        assert answers[key].json()["code"] == "unavailable"
        assert answers[key].headers["retry-after"] == "1"
        again = await toy.call("POST", "/toy/v1/renumberings", json=orders[key], key=key)
        assert (again.status_code, "idempotency-replayed" in again.headers) == (200, False)
        assert [row["version"] for row in await toy.sql("SELECT version FROM toy.note")] == [3, 3]


Execute = Callable[[UnitOfWork, str], Awaitable[None]]


async def drive(unit: UnitOfWork, statement: str) -> None:
    await unit.driver.execute(statement)


async def through_sqlalchemy(unit: UnitOfWork, statement: str) -> None:
    await unit.connection.execute(text(statement))


async def overtaken(toy: Harness, execute: Execute) -> None:
    async with toy.unit() as unit:
        await execute(unit, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await execute(unit, "SELECT 1 FROM note")
        await toy.sql("UPDATE toy.note SET version = 2")
        await execute(unit, "UPDATE note SET version = 3")


@pytest.mark.parametrize("execute", [drive, through_sqlalchemy])
async def test_a_serialization_failure_makes_the_unit_unavailable(
    harness_for: HarnessFactory, execute: Execute
) -> None:
    async with harness_for(TOY) as toy:
        await toy.call("POST", "/toy/v1/notes", json={"text": "contested"})

        with pytest.raises(Unavailable):
            await overtaken(toy, execute)

        assert [row["version"] for row in await toy.sql("SELECT version FROM toy.note")] == [2]


async def test_a_row_of_another_area_does_not_exist(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        made = (await toy.call("POST", "/toy/v1/notes", json={"text": "here"}, area="532930101")).json()

        seen = await toy.call("GET", f"/toy/v1/notes/{made['id']}", area="532930")
        unseen = await toy.call("GET", f"/toy/v1/notes/{made['id']}", area="532930102")

        assert seen.status_code == 200
        assert unseen.status_code == 404


async def test_a_missing_token_is_refused(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        response = await toy.http.get("/toy/v1/notes/00000000-0000-0000-0000-000000000000")

        assert response.status_code == 401
        assert response.json()["code"] == "unauthenticated"


async def test_revisions_speak_to_the_output_of_now(
    harness_for: HarnessFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    async with harness_for(TOY) as toy:
        # The first may load Alembic, with this test's output as its own; the second has another.
        await schema.check(toy.admin_url, "toy", TOY.metadata, TOY.migrations)
        heard = StringIO()
        with redirect_stdout(heard):
            await schema.check(toy.admin_url, "toy", TOY.metadata, TOY.migrations)

    assert "No new upgrade operations" in capsys.readouterr().out
    assert "No new upgrade operations" in heard.getvalue()


async def test_the_tables_and_the_revisions_agree(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        await schema.check(toy.admin_url, "toy", TOY.metadata, TOY.migrations)
        await schema.downgrade(toy.admin_url, "toy", TOY.metadata, TOY.migrations)
        await schema.upgrade(toy.admin_url, "toy", TOY.metadata, TOY.migrations)
