"""Accounts: who makes them, which roles go together, and that the database holds it too."""

from typing import Any

import asyncpg
import pytest

from chassis.ids import new_id
from tests.gateway.house import House

SEPARATED = [("county-officer", "checker"), ("checker", "payer"), ("county-officer", "payer")]


async def test_an_opened_account_shows_its_one_time_password_once(house: House) -> None:
    headers = {**await house.administrator(), "idempotency-key": "the-same-key"}
    body = {"name": "zhao-clerk", "roles": ["clerk"], "area": "532930101"}

    first = await house.http.post("/gateway/v1/accounts", json=body, headers=headers)
    again = await house.http.post("/gateway/v1/accounts", json=body, headers=headers)

    assert first.status_code == again.status_code == 201
    assert first.json()["must_change_password"] is True
    assert len(first.json()["one_time_password"]) >= 20
    assert again.json() == {**first.json(), "one_time_password": None}
    assert again.headers["idempotency-replayed"] == "true"


async def test_no_password_is_stored_anywhere_as_it_is(house: House) -> None:
    one_time = (await house.open_account("zhao-clerk", "clerk")).json()["one_time_password"]

    for table in ("account", "idempotency", "identity_change", "outbox"):
        rows = await house.harness.sql(f"SELECT t::text AS t FROM gateway.{table} AS t")  # noqa: S608 - names from this line
        assert not any(one_time in row["t"] or one_time.encode().hex() in row["t"] for row in rows), table


@pytest.mark.parametrize("roles", [*SEPARATED, ("county-officer", "checker", "payer")])
async def test_maker_checker_and_payer_are_three_people(house: House, roles: tuple[str, ...]) -> None:
    refused = await house.open_account("too-mighty", *roles)

    assert refused.status_code == 409
    assert refused.json()["code"] == "incompatible-roles"
    assert refused.json()["errors"][0]["pointer"] == "/roles"
    assert len(await house.harness.sql("SELECT 1 FROM gateway.account")) == 1


@pytest.mark.parametrize("roles", SEPARATED)
async def test_the_database_itself_refuses_two_incompatible_roles(
    house: House, roles: tuple[str, str]
) -> None:
    account_id = (await house.open_account("one-role", roles[0])).json()["id"]

    with pytest.raises(asyncpg.UniqueViolationError, match="uq_account_role_separated"):
        await house.harness.sql("INSERT INTO gateway.account_role VALUES ($1, $2)", account_id, roles[1])
    await house.harness.sql("INSERT INTO gateway.account_role VALUES ($1, 'auditor')", account_id)
    change = "UPDATE gateway.account_role SET role = $2 WHERE account_id = $1 AND role = 'auditor'"
    with pytest.raises(asyncpg.UniqueViolationError, match="uq_account_role_separated"):
        await house.harness.sql(change, account_id, roles[1])


async def test_a_change_cannot_join_incompatible_roles_either(house: House) -> None:
    opened = (await house.open_account("one-role", "checker")).json()

    refused = await house.http.put(
        f"/gateway/v1/accounts/{opened['id']}",
        json={"roles": ["checker", "payer"], "area": ""},
        headers={**await house.administrator(), "if-match": '"1"'},
    )

    assert refused.status_code == 409


@pytest.mark.parametrize("role", ["service", "root", ""])
async def test_a_role_that_nobody_may_hold_is_refused(house: House, role: str) -> None:
    refused = await house.open_account("strange-role", role)

    assert refused.status_code == 422
    assert refused.json()["code"] == "unknown-role"
    assert "county-officer" in refused.json()["detail"]


@pytest.mark.parametrize(
    "role", ["clerk", "county-officer", "checker", "payer", "auditor", "insurer", "bank"]
)
async def test_only_an_administrator_makes_accounts(house: House, role: str) -> None:
    headers = {**await house.person(role), "idempotency-key": new_id().hex}

    refused = await house.http.post(
        "/gateway/v1/accounts", json={"name": "puppet", "roles": ["payer"], "area": ""}, headers=headers
    )

    assert refused.status_code == 403


async def test_an_administrator_of_a_township_makes_accounts_of_that_township_only(house: House) -> None:
    headers = {**await house.person("administrator", area="532930101"), "idempotency-key": new_id().hex}
    body = {"name": "elsewhere", "roles": ["clerk"], "area": "532930102"}

    refused = await house.http.post("/gateway/v1/accounts", json=body, headers=headers)
    listed = await house.http.get("/gateway/v1/accounts", headers=headers)

    assert refused.status_code == 403
    assert refused.json()["code"] == "area-outside-yours"
    assert all(item["area"].startswith("532930101") for item in listed.json()["items"])


async def test_an_account_of_another_area_does_not_exist_for_an_administrator(house: House) -> None:
    other = (await house.open_account("other-area", "clerk", area="532930102")).json()["id"]
    headers = {**await house.person("administrator", area="532930101"), "if-match": '"1"'}
    headers["idempotency-key"] = new_id().hex

    changed = await house.http.put(
        f"/gateway/v1/accounts/{other}", json={"roles": ["clerk"], "area": "532930101"}, headers=headers
    )
    reset = await house.http.post(f"/gateway/v1/accounts/{other}/password-resets", headers=headers)

    assert changed.status_code == 404
    assert reset.status_code == 404


async def test_a_taken_name_is_refused(house: House) -> None:
    await house.open_account("zhao-clerk", "clerk")

    refused = await house.open_account("zhao-clerk", "auditor")

    assert refused.status_code == 409
    assert refused.json()["code"] == "account-name-taken"


@pytest.mark.parametrize("area", ["5", "532930 ", "53293010", "5329301012011", "53%"])
async def test_an_area_that_is_no_beginning_of_a_division_is_refused(house: House, area: str) -> None:
    assert (await house.open_account("zhao-clerk", "clerk", area=area)).status_code == 422


@pytest.mark.parametrize(
    "area", ["530000000000", "5300", "532930000000", "532930000", "532930101000", "532900", "00"]
)
async def test_an_area_that_only_fills_a_code_up_is_refused_and_says_how_to_write_it(
    house: House, area: str
) -> None:
    refused = await house.open_account("zhao-clerk", "clerk", area=area)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/area"
    assert "532930 is the county 532930000000" in error["message"]


@pytest.mark.parametrize("area", ["53", "4290", "532930", "532930101", "532930101201", "532930100"])
async def test_the_beginning_that_a_divisions_parts_share_is_an_area(house: House, area: str) -> None:
    assert (await house.open_account("zhao-clerk", "clerk", area=area)).status_code == 201


async def test_a_role_named_twice_is_refused(house: House) -> None:
    refused = await house.open_account("zhao-clerk", "clerk", "clerk")

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["message"]) == ("/roles", "Each role is named once.")


async def test_the_last_administrator_stays(house: House) -> None:
    headers = await house.administrator()
    account = (await house.http.get("/gateway/v1/accounts", headers=headers)).json()["items"][0]

    for change in (
        {"roles": ["clerk"], "area": ""},
        {"roles": ["administrator"], "area": "", "is_active": False},
    ):
        refused = await house.http.put(
            f"/gateway/v1/accounts/{account['id']}",
            json=change,
            headers={**headers, "if-match": f'"{account["version"]}"'},
        )
        assert refused.status_code == 409, refused.text
        assert refused.json()["code"] == "last-administrator"


@pytest.mark.parametrize(
    "change",
    [
        {"roles": ["clerk"], "area": ""},
        {"roles": ["administrator"], "area": "", "is_active": False},
        {"roles": ["administrator"], "area": "532930101"},
    ],
)
async def test_no_area_is_left_to_administrators_of_its_parts(house: House, change: dict[str, Any]) -> None:
    await house.person("administrator", area="532930101")
    headers = await house.administrator()
    listed = (await house.http.get("/gateway/v1/accounts", headers=headers)).json()["items"]
    (everywhere,) = [one for one in listed if one["area"] == ""]
    path = f"/gateway/v1/accounts/{everywhere['id']}"

    refused = await house.http.put(
        path, json=change, headers={**headers, "if-match": f'"{everywhere["version"]}"'}
    )
    await house.person("administrator")
    allowed = await house.http.put(
        path, json=change, headers={**headers, "if-match": f'"{everywhere["version"]}"'}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "last-administrator")
    assert allowed.status_code == 200, allowed.text


async def test_an_administrator_of_a_part_may_go(house: House) -> None:
    headers = await house.person("administrator", area="532930101")
    account = (await house.http.get("/gateway/v1/accounts", headers=headers)).json()["items"][0]

    closed = await house.http.put(
        f"/gateway/v1/accounts/{account['id']}",
        json={"roles": ["administrator"], "area": "532930101", "is_active": False},
        headers={**headers, "if-match": f'"{account["version"]}"'},
    )

    assert closed.status_code == 200, closed.text


async def test_a_change_needs_the_version_that_was_read(house: House) -> None:
    opened = (await house.open_account("zhao-clerk", "clerk")).json()
    headers = await house.administrator()
    path, body = f"/gateway/v1/accounts/{opened['id']}", {"roles": ["auditor"], "area": ""}

    missing = await house.http.put(path, json=body, headers=headers)
    stale = await house.http.put(path, json=body, headers={**headers, "if-match": '"7"'})
    right = await house.http.put(path, json=body, headers={**headers, "if-match": '"1"'})

    assert [missing.status_code, stale.status_code, right.status_code] == [428, 412, 200]
    assert right.headers["etag"] == '"2"'
    assert right.json()["roles"] == ["auditor"]


@pytest.mark.parametrize(
    "tag", [b"x", b"\xb2", b"1\xb9", b"9" * 5_000], ids=["word", "square", "mixed", "long"]
)
async def test_a_tag_that_is_no_version_is_a_stale_one(house: House, tag: bytes) -> None:
    opened = (await house.open_account("zhao-clerk", "clerk")).json()
    person = {name.encode(): value.encode() for name, value in (await house.administrator()).items()}

    response = await house.http.put(
        f"/gateway/v1/accounts/{opened['id']}",
        json={"roles": ["auditor"], "area": ""},
        headers={**person, b"if-match": b'"' + tag + b'"'},
    )

    assert response.status_code == 412


async def test_a_reset_gives_a_new_one_time_password(house: House) -> None:
    opened = (await house.open_account("zhao-clerk", "clerk")).json()
    headers = {**await house.administrator(), "idempotency-key": new_id().hex}

    reset = await house.http.post(f"/gateway/v1/accounts/{opened['id']}/password-resets", headers=headers)

    assert (await house.log_in("zhao-clerk", opened["one_time_password"])).status_code == 401
    assert (await house.log_in("zhao-clerk", reset.json()["one_time_password"])).status_code == 403


async def test_accounts_are_listed_page_by_page(house: House) -> None:
    for number in range(3):
        await house.open_account(f"clerk-{number}", "clerk")
    headers = await house.administrator()

    first = (await house.http.get("/gateway/v1/accounts?limit=2", headers=headers)).json()
    second = (
        await house.http.get(f"/gateway/v1/accounts?limit=2&cursor={first['next']}", headers=headers)
    ).json()

    names = [item["name"] for item in first["items"] + second["items"]]
    assert names == ["administrator", "clerk-0", "clerk-1", "clerk-2"]
    assert second["next"] is None
    assert "password_hash" not in str(first)


async def test_every_change_is_written_down_and_cannot_be_rewritten(house: House) -> None:
    await house.open_account("zhao-clerk", "clerk")

    rows = await house.harness.sql("SELECT kind FROM gateway.identity_change ORDER BY id")

    assert [row["kind"] for row in rows] == ["account-opened", "password-changed", "account-opened"]
    unit = house.gateway.unit()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with unit:
            await unit.driver.execute("DELETE FROM gateway.identity_change")
