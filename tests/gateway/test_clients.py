"""Partners: registered by public keys, let in by an assertion that works once."""

import warnings
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from chassis.ids import new_id
from gateway.identity.assertions import ASSERTION_TYPE
from tests.gateway.house import House

KEY = OKPKey.generate_key("Ed25519", {"kid": "k1"})
EC_KEY = ECKey.generate_key("P-256", {"kid": "k2"})

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    SHORT_RSA_KEY = RSAKey.generate_key(1024, {"kid": "r"})
RSA_KEY = RSAKey.generate_key(2048, {"kid": "k3"})


def public(*keys: Key) -> list[dict[str, Any]]:
    return [dict(key.as_dict(private=False)) for key in keys]


async def register(house: House, keys: list[dict[str, Any]], *, role: str = "bank") -> httpx.Response:
    headers = {**await house.administrator(), "idempotency-key": new_id().hex}
    body = {"name": "rural-credit", "role": role, "area": "532930", "keys": keys}
    return await house.http.post("/gateway/v1/clients", json=body, headers=headers)


def assertion(house: House, key: Key = KEY, algorithm: str = "Ed25519", **changed: Any) -> str:
    now = int(house.harness.clock.now().timestamp())
    claims: dict[str, Any] = {
        "iss": "rural-credit",
        "sub": "rural-credit",
        "aud": "tuopin-gateway",
        "iat": now,
        "exp": now + 60,
        "jti": new_id().hex,
    }
    claims.update(changed)
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": key.kid}, present, key, algorithms=[algorithm])


async def exchange(house: House, signed: str, **changed: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed,
    }
    return await house.http.post("/oauth2/token", data={**form, **changed})


@pytest.mark.parametrize(("key", "algorithm"), [(KEY, "Ed25519"), (EC_KEY, "ES256"), (RSA_KEY, "PS256")])
async def test_a_proven_partner_gets_a_short_token_with_its_role(
    house: House, key: Key, algorithm: str
) -> None:
    await register(house, public(key))

    answer = await exchange(house, assertion(house, key, algorithm))

    assert answer.status_code == 200, answer.text
    token = answer.json()
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 600
    shown = await house.http.get(
        "/gateway/v1/sessions/current", headers={"authorization": f"Bearer {token['access_token']}"}
    )
    assert shown.json()["roles"] == ["bank"]
    assert shown.json()["area"] == "532930"


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_the_older_name_of_the_algorithm_is_understood(house: House) -> None:
    await register(house, public(KEY))

    assert (await exchange(house, assertion(house, KEY, "EdDSA"))).status_code == 200


async def test_the_public_address_of_the_endpoint_is_an_audience_too(house: House) -> None:
    await register(house, public(KEY))

    answer = await exchange(house, assertion(house, aud=["https://gateway.test/oauth2/token"]))

    assert answer.status_code == 200


async def test_an_assertion_works_once(house: House) -> None:
    await register(house, public(KEY))
    signed = assertion(house)

    first, second = await exchange(house, signed), await exchange(house, signed)
    same_jti = await exchange(house, assertion(house, jti="the-same-jti"))
    replayed_jti = await exchange(house, assertion(house, jti="the-same-jti"))

    assert [first.status_code, second.status_code] == [200, 401]
    assert [same_jti.status_code, replayed_jti.status_code] == [200, 401]


async def test_a_new_assertion_is_needed_even_after_the_clean_up(house: House) -> None:
    from gateway.main import _purge

    await register(house, public(KEY))
    signed = assertion(house)
    await exchange(house, signed)

    await _purge(house.gateway.unit)

    assert (await exchange(house, signed)).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "somebody-else"},
        {"aud": "http://door/oauth2/token"},
        {"aud": None},
        {"iss": "another"},
        {"sub": "another"},
        {"sub": None},
        {"exp": None},
        {"exp": 1},
        {"exp": 4102444800},
        {"jti": None},
        {"jti": "short"},
        {"nbf": 4102444800},
    ],
    ids=str,
)
async def test_an_assertion_with_a_wrong_claim_proves_nothing(house: House, changed: dict[str, Any]) -> None:
    await register(house, public(KEY))

    refused = await exchange(house, assertion(house, **changed))

    assert refused.status_code == 401
    assert refused.json() == {"error": "invalid_client"}


async def test_forged_assertions_prove_nothing(house: House) -> None:
    await register(house, public(KEY))
    strange = OKPKey.generate_key("Ed25519", {"kid": "k1"})
    shared = OctKey.import_key("x" * 40, {"kid": "k1"})
    head, body, _ = assertion(house).split(".")
    none = "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ"  # {"alg":"none","kid":"k1"}

    for forged in (
        assertion(house, strange),
        assertion(house, shared, "HS256"),
        assertion(house, EC_KEY, "ES256"),
        f"{none}.{body}.",
        f"{head}.{body}.AAAA",
        "nonsense",
        "",
    ):
        assert (await exchange(house, forged)).status_code == 401, forged


async def test_another_grant_is_refused(house: House) -> None:
    refused = await exchange(house, "x", grant_type="password")
    twice = await house.http.post("/oauth2/token", content=b"grant_type=a&grant_type=b")

    assert refused.json() == {"error": "unsupported_grant_type"}
    assert refused.status_code == twice.status_code == 400


async def test_a_closed_partner_loses_its_tokens(house: House) -> None:
    client = (await register(house, public(KEY))).json()
    token = (await exchange(house, assertion(house))).json()["access_token"]

    closed = await house.http.put(
        f"/gateway/v1/clients/{client['id']}",
        json={"keys": public(KEY), "is_active": False},
        headers={**await house.administrator(), "if-match": '"1"'},
    )

    assert closed.status_code == 200
    headers = {"authorization": f"Bearer {token}"}
    assert (await house.http.get("/gateway/v1/sessions/current", headers=headers)).status_code == 401
    assert (await exchange(house, assertion(house))).status_code == 401


async def test_a_rotated_key_replaces_the_old_one(house: House) -> None:
    client = (await register(house, public(KEY))).json()

    await house.http.put(
        f"/gateway/v1/clients/{client['id']}",
        json={"keys": public(EC_KEY)},
        headers={**await house.administrator(), "if-match": '"1"'},
    )

    assert (await exchange(house, assertion(house))).status_code == 401
    assert (await exchange(house, assertion(house, EC_KEY, "ES256"))).status_code == 200


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [dict(KEY.as_dict(private=True))],
        [{"kty": "oct", "k": "c2VjcmV0", "kid": "k"}],
        [{name: value for name, value in KEY.as_dict(private=False).items() if name != "kid"}],
        public(KEY, KEY),
        public(SHORT_RSA_KEY),
        [dict(ECKey.generate_key("P-521", {"kid": "e"}).as_dict(private=False))],
        [dict(OKPKey.generate_key("X25519", {"kid": "x"}).as_dict(private=False))],
        [{"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "bad"}],
        public(KEY) * 6,
    ],
    ids=[str(number) for number in range(10)],
)
async def test_keys_that_prove_nothing_are_not_registered(house: House, keys: list[dict[str, Any]]) -> None:
    refused = await register(house, keys)

    assert refused.status_code == 422
    assert refused.json()["code"] == "unusable-keys"


async def test_a_partner_gets_no_role_of_the_office(house: House) -> None:
    assert (await register(house, public(KEY), role="payer")).status_code == 422


async def test_partners_are_listed_without_anything_secret(house: House) -> None:
    await register(house, public(KEY))

    listed = await house.http.get("/gateway/v1/clients", headers=await house.administrator())

    assert [item["name"] for item in listed.json()["items"]] == ["rural-credit"]
    assert '"d"' not in listed.text
