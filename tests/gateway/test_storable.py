"""Text that no database holds, or a moment, is refused at the door's own operations, with or without a session."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from chassis.ids import new_id
from chassis.pagination import encode_cursor
from gateway.identity.assertions import ASSERTION_TYPE
from tests.gateway.house import PASSWORD, House
from tests.gateway.test_clients import KEY, exchange, public, register

ODD = ["a\0b", "a\ud800b"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/gateway/v1/sessions", {"password": PASSWORD}),
        ("/gateway/v1/passwords", {"current_password": PASSWORD, "new_password": PASSWORD}),
    ],
)
async def test_a_stranger_is_told_which_field(
    house: House, path: str, body: dict[str, Any], odd: str
) -> None:
    refused = await house.http.post(
        path, content=json.dumps({"name": odd, **body}), headers={"content-type": "application/json"}
    )

    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/name"]
    assert await house.harness.sql("SELECT 1 FROM gateway.guess") == []


@pytest.mark.parametrize("claims", [*({"iss": odd} for odd in ODD), "[" * 3000])
async def test_an_assertion_from_nobody_is_refused_as_oauth_has_it(house: House, claims: Any) -> None:
    payload = claims if isinstance(claims, str) else json.dumps(claims)
    parts = (json.dumps({"alg": "Ed25519"}), payload, "signature")
    signed = ".".join(urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)

    refused = await exchange(house, signed)

    assert (refused.status_code, refused.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize("field", ["client_assertion", "client_assertion_type", "grant_type"])
@pytest.mark.parametrize("odd", ["\0", "\ufffd"])
async def test_an_odd_form_is_refused_as_oauth_has_it(house: House, field: str, odd: str) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": "a",
    }

    refused = await house.http.post("/oauth2/token", data={**form, field: odd})

    assert refused.status_code in (400, 401)
    assert list(refused.json()) == ["error"]


@pytest.mark.parametrize("collection", ["accounts", "clients"])
async def test_a_cursor_is_refused(house: House, collection: str) -> None:
    headers = await house.administrator()

    refused = await house.http.get(
        f"/gateway/v1/{collection}", params={"cursor": encode_cursor("a\0")}, headers=headers
    )

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "query:cursor"


@pytest.mark.parametrize("parameter", ["type", "subject"])
async def test_the_stream_is_refused_before_it_begins(house: House, parameter: str) -> None:
    headers = await house.person("auditor")

    refused = await house.http.get(f"/gateway/v1/events?{parameter}=%00", headers=headers)

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == f"query:{parameter}"


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("member", ["kid", "note"])
async def test_a_key_of_a_client_is_refused(house: House, member: str, odd: str) -> None:
    (key,) = public(KEY)
    headers = {
        **await house.administrator(),
        "idempotency-key": new_id().hex,
        "content-type": "application/json",
    }
    body = {"name": "rural-credit", "role": "bank", "area": "532930", "keys": [{**key, member: odd}]}

    refused = await house.http.post("/gateway/v1/clients", content=json.dumps(body), headers=headers)

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == f"/keys/0/{member}"
    assert (await register(house, public(KEY))).status_code == 201


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
async def test_the_stream_does_not_begin_at_a_moment_that_utc_has_no_date_for(
    house: House, moment: str
) -> None:
    headers = await house.person("auditor")

    refused = await house.http.get(f"/gateway/v1/events?from={moment}", headers=headers)

    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "query:from"
