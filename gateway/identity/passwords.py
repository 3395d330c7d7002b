"""Passwords that people choose: argon2id, off the event loop and a few at a time. One-time passwords: a digest.

A digest is enough where nothing can be guessed: a random secret of 112 bits or more needs an approved one-way function
and neither salt nor slowness (NIST SP 800-63B 5.1.2.2).
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

AT_ONCE: Final = 2
"""Each hash takes 64 MiB for some 50 ms: a flood of logins queues here instead of taking the machine's memory."""
ONE_TIME: Final = "sha256$"


class Passwords:
    """Hashes and checks passwords; one per process."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._nobody = _of_no_password(self._hasher)

    async def hash(self, password: str) -> str:
        """Return the argon2id hash with its salt and parameters."""
        return await self._run(lambda: self._hasher.hash(password))

    async def is_right(self, stored: str | None, password: str) -> bool:
        """Tell whether the password is right; whatever is wrong, also a name without a stored hash, takes as long."""
        if stored is not None and stored.startswith(ONE_TIME):
            if hmac.compare_digest(stored, hash_one_time(password)):
                return True
            stored = None
        return await self._run(lambda: self._verify(stored or self._nobody, password)) and stored is not None

    def close(self) -> None:
        """Stop the threads."""
        self._threads.shutdown(wait=False)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def new_one_time_password() -> str:
    """Return 24 random characters, 144 bits."""
    return secrets.token_urlsafe(18)


def hash_one_time(password: str) -> str:
    """Return what is kept of a password that `new_one_time_password` made, and of no other."""
    return ONE_TIME + hashlib.sha256(password.encode()).hexdigest()


def _of_no_password(hasher: PasswordHasher) -> str:
    """Return a hash in the hasher's form that no password has."""
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, tag = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v=19${costs}${salt}${tag}"
