"""The internal token: who acts, in which roles, where and what for; minted by one door, checked behind every other."""

import re
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from chassis.clock import BusinessClock, Clock
from chassis.errors import Unauthenticated
from chassis.ids import new_id

ISSUER: Final = "tuopin-gateway"
AUDIENCE: Final = "tuopin-services"
ALGORITHM: Final = "Ed25519"
"""EdDSA on the one curve, by its fully specified name (RFC 9864): the header leaves nothing to choose."""
LONGEST_TOKEN: Final = 4096
LONGEST_LIFE_SECONDS: Final = 300
CLOCK_SKEW_SECONDS: Final = 5
_HEADER_MEMBERS: Final = frozenset({"alg", "kid", "typ"})
_AREA: Final = re.compile(r"[0-9]{0,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who acts; `area` is a prefix of division codes, and an empty prefix is everywhere."""

    actor_id: str
    roles: frozenset[str]
    area: str
    purpose: str | None = None
    token: str | None = field(default=None, repr=False, compare=False)
    correlation_id: str | None = None

    def has_any(self, *roles: str) -> bool:
        """Tell whether the actor holds one of the roles."""
        return not self.roles.isdisjoint(roles)

    def covers(self, area_code: str) -> bool:
        """Tell whether a division lies inside the actor's area."""
        return area_code.startswith(self.area)


def _public_ed25519_keys(jwks: Mapping[str, Any]) -> KeySet:
    keys: list[OKPKey] = []
    for parameters in jwks.get("keys", ()):
        if parameters.get("kty") == "OKP" and parameters.get("crv") == "Ed25519" and parameters.get("kid"):
            public = {name: value for name, value in parameters.items() if name != "d"}
            keys.append(OKPKey.import_key(public))
    if not keys:
        raise ValueError("The key set holds no Ed25519 key with a key id.")
    return KeySet(list(keys))


class TokenVerifier:
    """Checks internal tokens against the minter's public keys, remembering good ones until they expire."""

    def __init__(self, jwks: Mapping[str, Any], *, clock: Clock | None = None, remember: int = 1024) -> None:
        self._keys = _public_ed25519_keys(jwks)
        self._clock = clock or BusinessClock()
        self._claims = jwt.JWTClaimsRegistry(
            now=self._now,
            leeway=CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            exp={"essential": True},
            nbf={"essential": True},
            iat={"essential": True},
            jti={"essential": True},
        )
        self._remember = remember
        self._known: OrderedDict[str, tuple[int, Principal]] = OrderedDict()

    def verify(self, token: str) -> Principal:
        """Return the principal of a token that is genuine, meant for the services and not expired; else refuse."""
        known = self._known.get(token)
        if known is not None:
            if known[0] + CLOCK_SKEW_SECONDS > self._now():
                return known[1]
            del self._known[token]
        expires, principal = self._check(token)
        self._known[token] = (expires, principal)
        if len(self._known) > self._remember:
            self._known.popitem(last=False)
        return principal

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _check(self, token: str) -> tuple[int, Principal]:
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("The token is too long.")
        try:
            # The header is looked at first: a key id outside our set, a key or an address of a key carried
            # inside the token, and any other algorithm must never reach the point where a key is chosen.
            header = jws.extract_compact(token.encode("ascii")).headers()
            if set(header) != _HEADER_MEMBERS or header["alg"] != ALGORITHM:
                raise Unauthenticated("The token's header is not acceptable.")
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            # One sentence for every fault: which check failed is of use only to a forger.
            raise Unauthenticated("The token is not valid.") from fault
        return _principal(token, decoded.claims)


def _principal(token: str, claims: Mapping[str, Any]) -> tuple[int, Principal]:
    roles, area, purpose = claims.get("roles"), claims.get("area"), claims.get("purpose")
    lifetime = claims["exp"] - claims["nbf"]
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise Unauthenticated("The token is not valid.")
    if not isinstance(area, str) or not _AREA.fullmatch(area):
        raise Unauthenticated("The token is not valid.")
    if not (purpose is None or isinstance(purpose, str)) or lifetime > LONGEST_LIFE_SECONDS:
        raise Unauthenticated("The token is not valid.")
    principal = Principal(
        actor_id=claims["sub"], roles=frozenset(roles), area=area, purpose=purpose, token=token
    )
    return int(claims["exp"]), principal


class TokenMinter:
    """Makes internal tokens; only the gateway, and a service's own tickers through it, hold the private key."""

    def __init__(self, key: Mapping[str, Any], *, clock: Clock | None = None) -> None:
        self._key = OKPKey.import_key(dict(key))
        self._key.ensure_kid()
        self._header = {"alg": ALGORITHM, "kid": self._key.kid}
        self._clock = clock or BusinessClock()

    def mint(
        self,
        actor_id: str,
        roles: Collection[str],
        area: str,
        purpose: str | None = None,
        *,
        seconds: int = LONGEST_LIFE_SECONDS,
    ) -> str:
        """Return a token for at most five minutes."""
        if not 0 < seconds <= LONGEST_LIFE_SECONDS:
            raise ValueError(f"A token lives 1 to {LONGEST_LIFE_SECONDS} seconds.")
        if not _AREA.fullmatch(area):
            raise ValueError("An area is a prefix of a division code: at most 12 digits.")
        now = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": actor_id,
            "roles": sorted(roles),
            "area": area,
            "iat": now,
            "nbf": now,
            "exp": now + seconds,
            "jti": str(new_id()),
        }
        if purpose is not None:
            claims["purpose"] = purpose
        return jwt.encode(self._header, claims, self._key, algorithms=[ALGORITHM])
