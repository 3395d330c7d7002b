"""Partner authentication by `private_key_jwt` (RFC 7521, RFC 7523): the partner signs, the gateway holds public keys."""

import json
import re
import warnings
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from chassis.storable import is_storable
from gateway.domain.errors import UnusableKeys

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS: Final = {"Ed25519": "OKP", "EdDSA": "OKP", "ES256": "EC", "PS256": "RSA"}
"""What FAPI 2.0 allows, and Ed25519 under its new and its old name; never `none`, never a shared secret."""
LONGEST_LIFE_SECONDS: Final = 300
CLOCK_SKEW_SECONDS: Final = 5
LONGEST_ASSERTION: Final = 8192
MOST_KEYS: Final = 5
SMALLEST_RSA_BITS: Final = 2048
_JTI: Final = re.compile(r"[\x21-\x7e]{8,255}")
_PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})


class AssertionRefused(Exception):  # noqa: N818 - the token endpoint answers `invalid_client`, whatever the cause
    """The assertion proves nothing."""


class Assertion(NamedTuple):
    """A proven assertion: its id must now be spent."""

    jti: str
    expires_at: int


def check_keys(keys: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a key set worth storing; refuse private members, unknown kinds, short keys and missing key ids."""
    if not 0 < len(keys) <= MOST_KEYS:
        raise UnusableKeys(pointer="/keys")
    for number, parameters in enumerate(keys):
        if not _is_usable(parameters):
            raise UnusableKeys(pointer=f"/keys/{number}")
    if len({key["kid"] for key in keys}) != len(keys):
        raise UnusableKeys("Key ids differ from each other.", pointer="/keys")
    return {"keys": keys}


def _is_usable(parameters: Mapping[str, Any]) -> bool:
    if _PRIVATE_MEMBERS & parameters.keys() or not isinstance(parameters.get("kid"), str):
        return False
    try:
        with warnings.catch_warnings():
            # A short key is refused below, in our own words.
            warnings.simplefilter("ignore", SecurityWarning)
            key = import_key(dict(parameters))
    except (JoseError, ValueError, TypeError, KeyError):
        return False
    if isinstance(key, OKPKey):
        return parameters.get("crv") == "Ed25519"
    if isinstance(key, ECKey):
        return parameters.get("crv") == "P-256"
    return isinstance(key, RSAKey) and _rsa_bits(key) >= SMALLEST_RSA_BITS


def _rsa_bits(key: RSAKey) -> int:
    public = key.public_key
    return public.key_size if isinstance(public, RSAPublicKey) else 0


def claimed_issuer(assertion: str) -> str:
    """Return who an assertion says it is from, to find the keys that must prove it."""
    try:
        claims = json.loads(jws.extract_compact(assertion.encode("ascii")).payload)
        issuer = claims["iss"]
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as fault:
        raise AssertionRefused from fault
    if not isinstance(issuer, str) or not is_storable(issuer):
        raise AssertionRefused
    return issuer


def verify_assertion(
    assertion: str, *, client_name: str, keys: Mapping[str, Any], audiences: frozenset[str], now: datetime
) -> Assertion:
    """Return an assertion signed with a registered key, by the client about itself, for us, now and briefly."""
    at = int(now.timestamp())
    if len(assertion) > LONGEST_ASSERTION:
        raise AssertionRefused
    try:
        header = jws.extract_compact(assertion.encode("ascii")).headers()
        algorithm = header.get("alg")
        key = _key_named(keys, header.get("kid"), algorithm)
        claims = _decode(assertion, key, str(algorithm))
        jwt.JWTClaimsRegistry(
            now=at,
            leeway=CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": client_name},
            sub={"essential": True, "value": client_name},
            aud={"essential": True, "values": sorted(audiences)},
            exp={"essential": True},
            jti={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise AssertionRefused from fault
    if claims["exp"] > at + LONGEST_LIFE_SECONDS + CLOCK_SKEW_SECONDS or not _JTI.fullmatch(claims["jti"]):
        raise AssertionRefused
    return Assertion(claims["jti"], int(claims["exp"]))


def _key_named(keys: Mapping[str, Any], kid: Any, algorithm: Any) -> Key:
    for parameters in keys["keys"]:
        if parameters["kid"] == kid and ALGORITHMS.get(str(algorithm)) == parameters["kty"]:
            return import_key(dict(parameters))
    raise AssertionRefused


def _decode(assertion: str, key: Key, algorithm: str) -> dict[str, Any]:
    with warnings.catch_warnings():
        # Partners' libraries still write the old name of the same algorithm.
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.decode(assertion, key, algorithms=[algorithm]).claims
