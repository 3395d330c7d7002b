"""Two changes of identities at the same moment: the later one sees what the earlier one did."""

import asyncio
from uuid import UUID

from chassis.ids import new_id
from gateway.store import accounts as account_store
from gateway.store import clients as client_store
from gateway.store import sessions as session_store
from tests.gateway.house import PASSWORD, House
from tests.gateway.test_clients import EC_KEY, KEY, assertion, exchange, public, register
from tests.kit import LOCKED_OUT


async def test_two_administrators_who_dismiss_each_other_do_not_both_go(house: House) -> None:
    first = await house.administrator()
    second = await house.person("administrator")
    ids = [
        (await house.http.get("/gateway/v1/sessions/current", headers=h)).json()["actor_id"]
        for h in (first, second)
    ]
    unit = house.gateway.unit()

    async with unit:
        await account_store.areas_of_administrators(unit.connection)
        account = await account_store.load_account(unit.connection, UUID(ids[1]))
        await account_store.save_account(unit.connection, account._replace(roles=("clerk",)))
        dismissing = asyncio.create_task(
            house.http.put(
                f"/gateway/v1/accounts/{ids[0]}",
                json={"roles": ["clerk"], "area": ""},
                headers={**second, "if-match": '"2"'},
            )
        )
        await house.harness.until(LOCKED_OUT)
    refused = await dismissing

    assert (refused.status_code, refused.json()["code"]) == (409, "last-administrator")


async def test_a_reset_does_not_give_back_a_role_that_is_being_taken(house: House) -> None:
    payer = UUID((await house.open_account("qian-payer", "payer")).json()["id"])
    headers = {**await house.administrator(), "idempotency-key": new_id().hex}
    unit = house.gateway.unit()

    async with unit:
        account = await account_store.load_account(unit.connection, payer)
        await account_store.save_account(unit.connection, account._replace(roles=("clerk",)))
        resetting = asyncio.create_task(
            house.http.post(f"/gateway/v1/accounts/{payer}/password-resets", headers=headers)
        )
        await house.harness.until(LOCKED_OUT)
    reset = await resetting

    assert reset.status_code == 200, reset.text
    held = await house.harness.sql("SELECT role FROM gateway.account_role WHERE account_id = $1", payer)
    assert [row["role"] for row in held] == ["clerk"]


async def test_a_login_with_a_password_that_is_being_reset_opens_no_session(house: House) -> None:
    await house.person("payer", name="qian-payer")
    unit = house.gateway.unit()

    async with unit:
        found = await account_store.find_account(unit.connection, "qian-payer")
        assert found is not None
        await account_store.save_account(unit.connection, found._replace(password_hash="another"))
        await session_store.end_sessions_of(unit.connection, found.id, unit.now)
        logging_in = asyncio.create_task(house.log_in("qian-payer", PASSWORD))
        await house.harness.until(LOCKED_OUT)
    refused = await logging_in

    assert (refused.status_code, refused.json()["code"]) == (401, "wrong-name-or-password")
    open_ones = "SELECT 1 FROM gateway.session WHERE account_id = $1 AND ended_at IS NULL"
    assert await house.harness.sql(open_ones, found.id) == []


async def test_a_key_that_is_being_replaced_opens_no_session(house: House) -> None:
    client_id = UUID((await register(house, public(KEY))).json()["id"])
    unit = house.gateway.unit()

    async with unit:
        client = await client_store.load_client(unit.connection, client_id)
        await client_store.save_client(unit.connection, client._replace(keys={"keys": public(EC_KEY)}))
        await session_store.end_sessions_of(unit.connection, client_id, unit.now)
        exchanging = asyncio.create_task(exchange(house, assertion(house)))
        await house.harness.until(LOCKED_OUT)
    refused = await exchanging

    assert refused.status_code == 401
