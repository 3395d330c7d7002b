"""Sessions: an opaque bearer outside, stored as a hash; inside, the minted token that stands for its holder."""

import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.auth import LONGEST_LIFE_SECONDS, TokenMinter
from chassis.clock import Clock
from chassis.crypto import fingerprint
from chassis.database import LOST, Database, driver_of
from chassis.errors import InvalidRequest, Unavailable
from gateway.store import sessions as session_store

PREFIX: Final = "tuopin_"
"""Lets secret scanners recognise a leaked token."""
REUSE_SECONDS: Final = LONGEST_LIFE_SECONDS / 2
REMEMBERED: Final = 4096
_PURPOSE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who holds the session of a request."""

    token_hash: bytes
    expires_at: datetime
    actor_id: str
    area: str
    roles: frozenset[str]


def new_token() -> str:
    """Return a fresh opaque bearer of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


class Sessions:
    """Resolves bearers, believing a look into the database for a few seconds."""

    def __init__(
        self, database: Database, clock: Clock, minter: TokenMinter, *, recheck_seconds: float
    ) -> None:
        self._database = database
        self._clock = clock
        self._minter = minter
        self._recheck = recheck_seconds
        self._known: OrderedDict[bytes, tuple[float, Identity]] = OrderedDict()
        self._minted: OrderedDict[tuple[Identity, str | None], tuple[float, str]] = OrderedDict()

    async def resolve(self, token: str) -> Identity | None:
        """Return who holds an open session, or None."""
        if not token.startswith(PREFIX):
            return None
        token_hash = fingerprint(token.encode())
        now = self._clock.now()
        known = self._known.get(token_hash)
        if known is not None and now.timestamp() < known[0] and now < known[1].expires_at:
            return known[1]
        identity = await self._look_up(token_hash, now)
        if identity is None:
            self._known.pop(token_hash, None)
            return None
        self._known[token_hash] = (now.timestamp() + self._recheck, identity)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return identity

    def internal_token(self, identity: Identity, purpose: str | None = None) -> str:
        """Return a token for the services; one is used again for half its life, so that they verify it once."""
        if purpose is not None and not _PURPOSE.fullmatch(purpose):
            raise InvalidRequest("A purpose is a code of lower-case letters, digits and hyphens.")
        now = self._clock.now().timestamp()
        minted = self._minted.get((identity, purpose))
        if minted is not None and now < minted[0]:
            return minted[1]
        token = self._minter.mint(identity.actor_id, identity.roles, identity.area, purpose)
        self._minted[identity, purpose] = (now + REUSE_SECONDS, token)
        if len(self._minted) > REMEMBERED:
            self._minted.popitem(last=False)
        return token

    def forget(self, token_hash: bytes) -> None:
        """Believe nothing about a session that has just ended."""
        self._known.pop(token_hash, None)

    def forget_holder(self, actor_id: str) -> None:
        """Believe nothing about somebody whose account has just changed."""
        for token_hash in [key for key, (_, who) in self._known.items() if who.actor_id == actor_id]:
            del self._known[token_hash]

    async def _look_up(self, token_hash: bytes, now: datetime) -> Identity | None:
        try:
            async with self._database.connect() as connection:
                holder = await session_store.find_holder(await driver_of(connection), token_hash, now)
        except LOST as lost:
            raise Unavailable("Sessions cannot be looked up at the moment; try again.") from lost
        if holder is None:
            return None
        return Identity(
            token_hash, holder.expires_at, str(holder.actor_id), holder.area, frozenset(holder.roles)
        )
