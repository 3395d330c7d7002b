"""One key, one effect: the answer is stored in the transaction of the effect and replayed for the same request."""

import hashlib
from dataclasses import dataclass
from typing import Any

import asyncpg

from chassis.answers import Answer, replayed, stored_headers
from chassis.crypto import Cipher
from chassis.errors import IdempotencyKeyInvalid, IdempotencyKeyMissing, IdempotencyKeyReused, RequestInFlight

MAX_KEY = 255

# The lock answers "still running" without leaving a row behind when the process dies.
RESERVE = """
SELECT pg_try_advisory_xact_lock($1) AS mine, i.fingerprint, i.status, i.headers, i.body
FROM (SELECT 1) AS one LEFT JOIN idempotency AS i ON i.scope = $2
"""
REMEMBER = "INSERT INTO idempotency (scope, fingerprint, status, headers, body) VALUES ($1, $2, $3, $4, $5)"


class AlreadyAnswered(Exception):  # noqa: N818 - not an error: the first answer comes back
    """The same request was answered before; `answer` is that answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("already answered")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Reservation:
    """A request's hold on its key: `scope` hashes client, method, path and key; `fingerprint` the request."""

    scope: bytes
    fingerprint: bytes

    @property
    def lock(self) -> int:
        """A signed 64-bit advisory lock number of the scope."""
        return int.from_bytes(self.scope[:8], "big", signed=True)


def parse_key(header: str | None) -> str:
    """Return the key of an Idempotency-Key header, quoted (structured field) or bare; refuse a missing or odd one."""
    if header is None:
        raise IdempotencyKeyMissing
    key = header.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if not 0 < len(key) <= MAX_KEY or not all("!" <= character <= "~" for character in key):
        raise IdempotencyKeyInvalid
    return key


def reservation_for(*, client: str, method: str, path: str, query: str, key: str, body: bytes) -> Reservation:
    """Return the reservation of one request."""
    scope = hashlib.sha256(f"{client}\0{method}\0{path}\0{key}".encode())
    fingerprint = hashlib.sha256(query.encode() + b"\0" + body)
    return Reservation(scope=scope.digest(), fingerprint=fingerprint.digest())


async def take(driver: "asyncpg.Connection[Any]", reservation: Reservation, cipher: Cipher) -> None:
    """Hold the reservation until the transaction ends; raise when the request runs elsewhere or was answered."""
    row = await driver.fetchrow(RESERVE, reservation.lock, reservation.scope)
    assert row is not None  # noqa: S101 - a left join of one row
    if row["status"] is not None:
        if row["fingerprint"] != _sealed(reservation, cipher):
            raise IdempotencyKeyReused
        body = cipher.decrypt_bytes(row["body"])
        raise AlreadyAnswered(replayed(row["status"], row["headers"], body))
    if not row["mine"]:
        raise RequestInFlight


def row_of(
    reservation: Reservation, response: Answer, cipher: Cipher
) -> tuple[bytes, bytes, int, str, bytes]:
    """Return the parameters of REMEMBER; request and answer may hold a person's data, so neither lies open."""
    return (
        reservation.scope,
        _sealed(reservation, cipher),
        response.status_code,
        stored_headers(response),
        cipher.encrypt(bytes(response.body)),
    )


def _sealed(reservation: Reservation, cipher: Cipher) -> bytes:
    # A plain hash of a short request could be guessed by trying every number.
    return cipher.keyed_hash(reservation.fingerprint.hex())
