"""Internal tokens: what is accepted, and every planted forgery refused."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from chassis.auth import TokenMinter, TokenVerifier
from chassis.clock import FixedClock
from chassis.errors import Unauthenticated

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def _key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)


def _public(*keys: OKPKey) -> dict[str, Any]:
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON, date(2016, 12, 31))


@pytest.fixture
def key() -> OKPKey:
    return _key()


@pytest.fixture
def minter(key: OKPKey, clock: FixedClock) -> TokenMinter:
    return TokenMinter(dict(key.as_dict(private=True)), clock=clock)


@pytest.fixture
def verifier(key: OKPKey, clock: FixedClock) -> TokenVerifier:
    return TokenVerifier(_public(key), clock=clock)


def _claims(**changed: Any) -> dict[str, Any]:
    now = int(NOON.timestamp())
    claims: dict[str, Any] = {
        "iss": "tuopin-gateway",
        "aud": "tuopin-services",
        "sub": "actor-1",
        "roles": ["clerk"],
        "area": "532930",
        "iat": now,
        "nbf": now,
        "exp": now + 60,
        "jti": "token-1",
    }
    claims.update(changed)
    return {name: value for name, value in claims.items() if value is not None}


def _signed(key: OKPKey, header: dict[str, Any] | None = None, **changed: Any) -> str:
    head = {"alg": "Ed25519", "kid": key.kid, **(header or {})}
    return jwt.encode(head, _claims(**changed), key, algorithms=["Ed25519"])


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_a_minted_token_gives_its_principal_back(minter: TokenMinter, verifier: TokenVerifier) -> None:
    token = minter.mint("actor-1", {"clerk", "auditor"}, "532930101", "check")

    principal = verifier.verify(token)

    assert principal.actor_id == "actor-1"
    assert principal.roles == {"clerk", "auditor"}
    assert principal.area == "532930101"
    assert principal.purpose == "check"
    assert principal.token == token
    assert principal.covers("532930101200")
    assert not principal.covers("532930102200")
    assert principal.has_any("auditor")
    assert not principal.has_any("payer")


def test_a_principal_never_prints_its_token(minter: TokenMinter, verifier: TokenVerifier) -> None:
    token = minter.mint("actor-1", {"clerk"}, "")

    assert token not in repr(verifier.verify(token))


def test_a_verified_token_is_remembered_only_until_it_expires(
    minter: TokenMinter, verifier: TokenVerifier, clock: FixedClock
) -> None:
    token = minter.mint("actor-1", {"clerk"}, "", seconds=60)
    first = verifier.verify(token)

    clock.moment = NOON + timedelta(seconds=64)
    assert verifier.verify(token) is first

    clock.moment = NOON + timedelta(seconds=65)
    with pytest.raises(Unauthenticated):
        verifier.verify(token)


def test_the_memory_of_verified_tokens_is_bounded(
    minter: TokenMinter, key: OKPKey, clock: FixedClock
) -> None:
    verifier = TokenVerifier(_public(key), clock=clock, remember=2)

    for number in range(5):
        verifier.verify(minter.mint(f"actor-{number}", {"clerk"}, ""))

    assert len(verifier._known) == 2


def test_a_retired_key_is_read_while_it_is_published(key: OKPKey, clock: FixedClock) -> None:
    verifier = TokenVerifier(_public(_key(), key), clock=clock)

    assert verifier.verify(_signed(key)).actor_id == "actor-1"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody-else"},
        {"iss": None},
        {"aud": "another-house"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"jti": None},
        {"iat": None},
        {"exp": None},
        {"nbf": None},
        {"exp": int(NOON.timestamp()) - 5},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": int(NOON.timestamp()) + 3600},
        {"nbf": int(NOON.timestamp()) + 6},
        {"roles": None},
        {"roles": "clerk"},
        {"roles": [1]},
        {"area": None},
        {"area": "5329%"},
        {"area": 532930},
        {"purpose": 7},
    ],
    ids=str,
)
def test_a_well_signed_token_with_a_wrong_claim_is_refused(
    key: OKPKey, verifier: TokenVerifier, changed: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        verifier.verify(_signed(key, **changed))


def _forged_signature(key: OKPKey) -> str:
    head, body, signature = _signed(key).split(".")
    return f"{head}.{body}.{signature[:-6]}AAAAAA"


def _altered_body(key: OKPKey) -> str:
    head, _, signature = _signed(key).split(".")
    return f"{head}.{_encoded(_claims(roles=['administrator']))}.{signature}"


def _strange_key_same_id(key: OKPKey) -> str:
    return _signed(_key(), {"kid": key.kid})


def _algorithm_none(key: OKPKey) -> str:
    return f"{_encoded({'alg': 'none', 'typ': 'JWT', 'kid': key.kid})}.{_encoded(_claims())}."


def _hmac_with_the_public_key(key: OKPKey) -> str:
    text = f"{_encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': key.kid})}.{_encoded(_claims())}"
    secret = str(key.as_dict(private=False)["x"]).encode()
    signature = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _key_inside_the_token(key: OKPKey) -> str:
    own = _key()
    return _signed(own, {"jwk": own.as_dict(private=False)})


def _address_of_a_key(key: OKPKey) -> str:
    return _signed(key, {"jku": "https://attacker.example/keys"})


def _critical_header(key: OKPKey) -> str:
    return _signed(key, {"crit": ["b64"], "b64": True})


def _elliptic_curve_key(key: OKPKey) -> str:
    own = ECKey.generate_key("P-256")
    return jwt.encode({"alg": "ES256", "kid": key.kid}, _claims(), own, algorithms=["ES256"])


def _unknown_key_id(key: OKPKey) -> str:
    return _signed(_key())


def _without_key_id(key: OKPKey) -> str:
    return jwt.encode({"alg": "Ed25519"}, _claims(), key, algorithms=["Ed25519"])


def _claims_in_a_list(key: OKPKey) -> str:
    from joserfc import jws

    header = {"alg": "Ed25519", "kid": key.kid, "typ": "JWT"}
    return jws.serialize_compact(header, b"[1]", key, algorithms=["Ed25519"])


@pytest.mark.parametrize(
    "forge",
    [
        _forged_signature,
        _altered_body,
        _strange_key_same_id,
        _algorithm_none,
        _hmac_with_the_public_key,
        _key_inside_the_token,
        _address_of_a_key,
        _critical_header,
        _elliptic_curve_key,
        _unknown_key_id,
        _without_key_id,
        _claims_in_a_list,
    ],
)
def test_a_forged_token_is_refused(
    key: OKPKey, verifier: TokenVerifier, forge: Callable[[OKPKey], str]
) -> None:
    with pytest.raises(Unauthenticated):
        verifier.verify(forge(key))


@pytest.mark.parametrize(
    "nonsense", ["", ".", "..", "a.b.c", "Bearer x", "é.é.é", "x" * 5000, "\x00.\x00.\x00"]
)
def test_nonsense_is_refused(verifier: TokenVerifier, nonsense: str) -> None:
    with pytest.raises(Unauthenticated):
        verifier.verify(nonsense)


def test_the_refusal_does_not_say_which_check_failed(key: OKPKey, verifier: TokenVerifier) -> None:
    sentences = set()
    for token in (_forged_signature(key), _signed(key, exp=1), _signed(key, aud="x")):
        with pytest.raises(Unauthenticated) as refused:
            verifier.verify(token)
        sentences.add(refused.value.message)

    assert sentences == {"The token is not valid."}


@pytest.mark.parametrize("seconds", [0, -1, 301])
def test_a_token_is_never_minted_for_longer_than_five_minutes(minter: TokenMinter, seconds: int) -> None:
    with pytest.raises(ValueError, match="seconds"):
        minter.mint("actor-1", {"clerk"}, "", seconds=seconds)


def test_a_token_is_never_minted_for_an_area_that_is_no_prefix(minter: TokenMinter) -> None:
    with pytest.raises(ValueError, match="area"):
        minter.mint("actor-1", {"clerk"}, "53_930")


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "oct", "k": "AAAA", "kid": "x"}]}])
def test_a_key_set_without_an_ed25519_key_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        TokenVerifier(keys)
