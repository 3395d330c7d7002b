"""The first start, logging in and out, and guessing."""

import asyncio
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from gateway.identity.passwords import Passwords, hash_one_time, new_one_time_password
from tests.gateway.house import ADMINISTRATOR_PASSWORD, PASSWORD, House


async def test_the_one_time_password_opens_nothing_but_its_own_change(house: House) -> None:
    one_time = house.harness.secrets.administrator_password()
    assert one_time is not None

    refused = await house.log_in("administrator", one_time)

    assert refused.status_code == 403
    assert refused.json()["code"] == "password-change-required"


async def test_the_one_time_password_and_its_file_end_with_the_change(house: House) -> None:
    one_time = house.harness.secrets.administrator_password() or ""

    changed = await house.choose("administrator", one_time, ADMINISTRATOR_PASSWORD)

    assert changed.status_code == 204
    assert not house.harness.secrets.administrator_password_file.exists()
    assert (await house.log_in("administrator", one_time)).status_code == 401
    assert (await house.log_in("administrator", ADMINISTRATOR_PASSWORD)).status_code == 201


async def test_a_second_start_makes_no_second_administrator(house: House) -> None:
    from gateway.handlers.accounts import ensure_administrator

    await asyncio.gather(*(ensure_administrator(house.gateway) for _ in range(3)))

    assert len(await house.harness.sql("SELECT 1 FROM gateway.account")) == 1


async def test_a_session_says_whose_it_is_until_it_is_closed(house: House) -> None:
    headers = await house.person("clerk", area="532930101")

    shown = await house.http.get("/gateway/v1/sessions/current", headers=headers)
    closed = await house.http.delete("/gateway/v1/sessions/current", headers=headers)
    after = await house.http.get("/gateway/v1/sessions/current", headers=headers)

    assert shown.json()["roles"] == ["clerk"]
    assert shown.json()["area"] == "532930101"
    assert closed.status_code == 204
    assert after.status_code == 401
    assert after.headers["www-authenticate"] == "Bearer"


async def test_an_expired_session_is_refused(house: House) -> None:
    headers = await house.person("clerk")
    await house.harness.sql("UPDATE gateway.session SET expires_at = now() - interval '1 second'")

    assert (await house.http.get("/gateway/v1/sessions/current", headers=headers)).status_code == 401


async def test_no_token_is_stored_as_it_is(house: House) -> None:
    headers = await house.person("clerk")
    token = headers["authorization"].removeprefix("Bearer ")

    rows = await house.harness.sql("SELECT t::text AS t FROM gateway.session AS t")

    assert rows
    assert not any(token in row["t"] or token.encode().hex() in row["t"] for row in rows)


async def test_a_session_is_believed_for_a_few_seconds_only(house: House) -> None:
    headers = await house.person("clerk")
    token = headers["authorization"].removeprefix("Bearer ")
    sessions = house.gateway.sessions
    sessions._recheck = 60.0
    assert await sessions.resolve(token) is not None
    await house.harness.sql("UPDATE gateway.session SET ended_at = now()")
    assert await sessions.resolve(token) is not None

    sessions._recheck = 0.0
    sessions._known.clear()

    assert await sessions.resolve(token) is None


async def test_changing_a_password_ends_the_open_sessions(house: House) -> None:
    headers = await house.person("clerk", name="li-clerk")

    changed = await house.choose("li-clerk", PASSWORD, "another eleven donkeys")

    assert changed.status_code == 204
    assert (await house.http.get("/gateway/v1/sessions/current", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("short", "weak-password"),
        ("aaaaaaaaaaaaaaaaaaaa", "weak-password"),
        ("the administrator himself", "weak-password"),
        ("x" * 200, "weak-password"),
        (ADMINISTRATOR_PASSWORD, "password-unchanged"),
    ],
)
async def test_a_bad_new_password_is_refused(house: House, new: str, code: str) -> None:
    await house.administrator()

    refused = await house.choose("administrator", ADMINISTRATOR_PASSWORD, new)

    assert refused.status_code == 422
    assert refused.json()["code"] == code
    assert refused.json()["errors"][0]["pointer"] == "/new_password"
    assert new not in refused.text


async def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(house: House) -> None:
    await house.administrator()

    wrong_name = await house.log_in("nobody", "x")
    wrong_password = await house.log_in("administrator", "x")

    assert wrong_name.status_code == wrong_password.status_code == 401
    assert wrong_name.json()["detail"] == wrong_password.json()["detail"]
    assert wrong_name.json()["code"] == wrong_password.json()["code"]


async def test_a_name_nobody_holds_or_never_used_takes_as_long_as_a_wrong_password() -> None:
    costs: list[Parameters] = []

    class Telling(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
            costs.append(extract_parameters(str(hash)))
            return super().verify(hash, password)

    passwords = Passwords(Telling())
    stored = await passwords.hash("x")

    answers = [await passwords.is_right(held, "y") for held in (stored, None, hash_one_time("x"))]
    passwords.close()

    assert answers == [False] * 3
    assert costs == [extract_parameters(stored)] * 3
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_a_digest_opens_for_its_one_time_password_alone() -> None:
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    one_time = new_one_time_password()
    stored = hash_one_time(one_time)

    right = await passwords.is_right(stored, one_time)
    shown = await passwords.is_right(stored, stored)
    passwords.close()

    assert right
    assert not shown
    assert one_time not in stored


def test_a_one_time_password_has_too_much_chance_in_it_to_be_guessed() -> None:
    made = {new_one_time_password() for _ in range(1000)}

    assert len(made) == 1000
    assert all(8 * len(urlsafe_b64decode(one)) >= 112 for one in made)


@pytest.mark.parametrize("name", ["administrator", "nobody"])
async def test_guessing_is_stopped_after_five_wrong_passwords(house: House, name: str) -> None:
    await house.administrator()
    answers = [await house.log_in(name, f"guess {number}") for number in range(7)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert answers[-1].json()["code"] == "too-many-guesses"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 30


async def test_a_locked_name_is_refused_even_with_the_right_password_until_the_wait_is_over(
    house: House,
) -> None:
    await house.administrator()
    for number in range(5):
        await house.log_in("administrator", f"guess {number}")

    assert (await house.log_in("administrator", ADMINISTRATOR_PASSWORD)).status_code == 429

    await house.harness.sql("UPDATE gateway.guess SET locked_until = now() - interval '1 second'")
    assert (await house.log_in("administrator", ADMINISTRATOR_PASSWORD)).status_code == 201
    assert await house.harness.sql("SELECT 1 FROM gateway.guess") == []


async def test_forty_guesses_at_once_are_not_one_more_than_five(house: House) -> None:
    await house.administrator()

    answers = await asyncio.gather(
        *(house.log_in("administrator", f"guess {number}") for number in range(40))
    )

    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 35


async def test_the_password_change_cannot_be_used_to_guess_on(house: House) -> None:
    await house.administrator()
    for number in range(5):
        await house.log_in("administrator", f"guess {number}")

    refused = await house.choose("administrator", "guess", "another eleven donkeys")

    assert refused.status_code == 429


async def test_each_further_wrong_guess_doubles_the_wait(house: House) -> None:
    from datetime import UTC, datetime

    from gateway.domain.accounts import GuessPolicy, locked_until

    at, policy = datetime(2026, 1, 1, tzinfo=UTC), GuessPolicy()
    waits = [until - at for failures in range(1, 40) if (until := locked_until(failures, at, policy))]

    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert max(waits) == timedelta(minutes=15)


async def test_an_internal_token_is_worth_nothing_at_the_door(house: House) -> None:
    token = house.harness.minter.mint("actor-1", {"administrator"}, "")

    refused = await house.http.get("/gateway/v1/accounts", headers={"authorization": f"Bearer {token}"})

    assert refused.status_code == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer tuopin_", "Bearer tuopin_" + "A" * 43, "Basic YTpi", "bearer é"],
)
async def test_a_header_without_a_session_is_refused(house: House, header: str) -> None:
    value = header.encode("latin-1")

    refused = await house.http.get("/gateway/v1/sessions/current", headers={b"authorization": value})

    assert refused.status_code == 401
    assert refused.headers["content-type"].startswith("application/problem+json")


async def test_a_closed_account_loses_its_sessions_at_once(house: House) -> None:
    headers = await house.person("clerk", name="wang-clerk")
    administrator = await house.administrator()
    listed = (await house.http.get("/gateway/v1/accounts", headers=administrator)).json()["items"]
    account = next(item for item in listed if item["name"] == "wang-clerk")

    closed = await house.http.put(
        f"/gateway/v1/accounts/{account['id']}",
        json={"roles": ["clerk"], "area": "", "is_active": False},
        headers={**administrator, "if-match": f'"{account["version"]}"'},
    )

    assert closed.status_code == 200, closed.text
    assert (await house.http.get("/gateway/v1/sessions/current", headers=headers)).status_code == 401
    assert (await house.log_in("wang-clerk", PASSWORD)).status_code == 401
