"""One key, one effect: the whole matrix of what a caller may do with a key (reliability M3)."""

import asyncio
from typing import Any

import pytest

from chassis.housekeeping import purge
from chassis.idempotency import parse_key
from tests.chassis.toy import TOY
from tests.kit import Harness, HarnessFactory

NOTES = "/toy/v1/notes"
BODY = {"text": "once"}
ASLEEP = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%pg_sleep%'
"""


async def send(toy: Harness, **how: Any) -> Any:
    return await toy.call("POST", how.pop("path", NOTES), json=how.pop("body", BODY), **how)


async def effects(toy: Harness) -> int:
    return len(await toy.sql("SELECT 1 FROM toy.note"))


async def test_1_a_replay_returns_the_first_answer_unchanged(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        first, again = await send(toy, key="k"), await send(toy, key="k")

        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["etag"] == first.headers["etag"]
        assert await effects(toy) == 1


async def test_2_another_body_is_refused_and_changes_nothing(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        await send(toy, key="k")
        other = await send(toy, key="k", body={"text": "other"})

        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
        assert await effects(toy) == 1


async def test_3_another_path_is_another_operation(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        await send(toy, key="k")
        other = await send(toy, key="k", path="/toy/v1/copies")

        assert other.status_code == 201
        assert "idempotency-replayed" not in other.headers
        assert await effects(toy) == 2


async def test_4_another_client_never_meets_the_first_ones_answer(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        mine = await send(toy, key="k", actor="bank-a")
        theirs = await send(toy, key="k", actor="bank-b")

        assert mine.json()["id"] != theirs.json()["id"]
        assert await effects(toy) == 2


async def test_5_another_account_in_the_body_is_another_request(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        await send(toy, key="k", body={"text": "x", "area_code": "532930101201"})
        other = await send(toy, key="k", body={"text": "x", "area_code": "532930101202"})

        assert other.status_code == 422
        assert "532930101201" not in other.text


async def test_6_fifty_in_flight_have_exactly_one_effect(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        answers = await asyncio.gather(*(send(toy, key="k") for _ in range(50)))

        assert {answer.status_code for answer in answers} <= {201, 409}
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {
            "request-in-flight"
        }
        assert await effects(toy) == 1


async def test_7_a_refused_request_can_be_corrected_and_sent_again(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        refused = await send(toy, key="k", body={"text": "LOUD"})
        corrected = await send(toy, key="k", body={"text": "quiet"})

        assert (refused.status_code, corrected.status_code) == (409, 201)
        assert await effects(toy) == 1


async def test_8_a_failed_request_can_be_sent_again(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        failed = await send(toy, key="k", body={"text": "fail once"})
        again = await send(toy, key="k", body={"text": "fail once"})

        assert (failed.status_code, failed.json()["code"]) == (500, "internal-error")
        assert again.status_code == 201
        assert await effects(toy) == 1


async def test_9_a_crash_before_the_commit_leaves_nothing_in_the_way(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        running = asyncio.create_task(send(toy, key="k", body={"text": "slow once"}))
        await toy.until(ASLEEP)
        await toy.sql(f"SELECT pg_terminate_backend(pid) FROM ({ASLEEP}) AS asleep")  # noqa: S608 - ours
        lost = await running
        again = await send(toy, key="k", body={"text": "slow once"})

        assert (lost.status_code, lost.json()["code"]) == (503, "unavailable")
        assert again.status_code == 201
        assert await effects(toy) == 1


async def test_10_an_expired_key_is_a_new_one(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        await send(toy, key="k")
        await toy.sql("UPDATE toy.idempotency SET answered_at = now() - interval '399 days'")
        await purge(toy.unit)
        still = await send(toy, key="k")
        await toy.sql("UPDATE toy.idempotency SET answered_at = now() - interval '401 days'")
        await purge(toy.unit)
        again = await send(toy, key="k")

        assert still.headers["idempotency-replayed"] == "true"
        assert "idempotency-replayed" not in again.headers
        assert await effects(toy) == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "x" * 1000, "with space", "schlüssel"])
async def test_11_an_over_long_or_odd_key_is_refused_by_name(harness_for: HarnessFactory, key: str) -> None:
    async with harness_for(TOY) as toy:
        headers = [(b"authorization", f"Bearer {toy.token()}".encode()), (b"idempotency-key", key.encode())]
        answer = await toy.http.post(NOTES, json=BODY, headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-invalid")
        assert await effects(toy) == 0


async def test_11b_a_missing_key_is_refused_by_name(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        answer = await toy.http.post(NOTES, json=BODY, headers={"authorization": f"Bearer {toy.token()}"})

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


async def test_12_quoted_and_bare_are_the_same_key(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        await send(toy, key='"8e03978e-40d5-43dd"')
        again = await send(toy, key="8e03978e-40d5-43dd")

        assert again.headers["idempotency-replayed"] == "true"
        assert await effects(toy) == 1


async def test_neither_request_nor_answer_lies_open_in_the_database(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        await send(toy, key="k", body={"text": "canary-5329"})

        (row,) = await toy.sql("SELECT body FROM toy.idempotency")
        assert b"canary" not in row["body"]


def test_a_structured_string_is_unescaped() -> None:
    assert parse_key(r'"a\"b"') == 'a"b'
