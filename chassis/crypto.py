"""Field encryption and keyed hashes; a version byte names the suite, so that another one (SM4, SM3) can follow."""

import base64
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

NONCE_BYTES: Final = 12
KEY_ID_BYTES: Final = 4
_PREFIX: Final = 1 + KEY_ID_BYTES


class Undecipherable(Exception):  # noqa: N818 - the word says what the stored bytes are
    """The stored bytes were not made by any key at hand, or were altered."""


class Aead(Protocol):
    """An authenticated cipher bound to one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return the ciphertext with its tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return the plaintext, or raise InvalidTag."""
        ...


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher and a hash under the version byte that stands before everything they made."""

    version: int
    key_bytes: int
    aead: Callable[[bytes], Aead]
    hash: HashAlgorithm


AES_256_GCM_SHA_256: Final = Suite(1, 32, AESGCM, SHA256())
SUITES: Final[Mapping[int, Suite]] = {AES_256_GCM_SHA_256.version: AES_256_GCM_SHA_256}


@dataclass(frozen=True, slots=True)
class DataKey:
    """A secret key and the short id under which its ciphertexts find it again."""

    secret: bytes = field(repr=False)
    suite: Suite = AES_256_GCM_SHA_256

    @property
    def key_id(self) -> bytes:
        """Four bytes derived from the key: never chosen by hand, so two files cannot disagree about it."""
        return _digest(HMAC(self.secret, SHA256()), b"tuopin key id")[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class _Loaded:
    prefix: bytes
    aead: Aead


class Cipher:
    """Encrypts with the newest key, reads what any older one wrote, and hashes for look-ups."""

    def __init__(
        self, data_key: DataKey | bytes, lookup_key: bytes, *, retired: tuple[DataKey | bytes, ...] = ()
    ) -> None:
        keys = [key if isinstance(key, DataKey) else DataKey(key) for key in (data_key, *retired)]
        loaded = [_load(key) for key in keys]
        self._current = loaded[0]
        self._readable = {entry.prefix: entry.aead for entry in loaded}
        # Keyed once and copied for each text: an import hashes every person twice.
        self._look_up = HMAC(lookup_key, keys[0].suite.hash)

    def encrypt(self, plaintext: str | bytes) -> bytes:
        """Return version, key id, random nonce, ciphertext and tag as one value; equal texts differ."""
        nonce = os.urandom(NONCE_BYTES)
        data = plaintext.encode() if isinstance(plaintext, str) else plaintext
        prefix = self._current.prefix
        return prefix + nonce + self._current.aead.encrypt(nonce, data, prefix)

    def decrypt(self, stored: bytes) -> str:
        """Return the text, whichever key at hand wrote it; refuse altered bytes and unknown keys."""
        try:
            return self.decrypt_bytes(stored).decode()
        except UnicodeDecodeError as fault:
            raise Undecipherable("The stored value is no text.") from fault

    def decrypt_bytes(self, stored: bytes) -> bytes:
        """Return what was encrypted, as bytes."""
        prefix = stored[:_PREFIX]
        aead = self._readable.get(prefix)
        if aead is None:
            raise Undecipherable("No key at hand wrote this value.")
        nonce, data = stored[_PREFIX : _PREFIX + NONCE_BYTES], stored[_PREFIX + NONCE_BYTES :]
        try:
            return aead.decrypt(nonce, data, prefix)
        except (InvalidTag, ValueError) as fault:
            raise Undecipherable("The stored value was altered.") from fault

    def is_current(self, stored: bytes) -> bool:
        """Tell whether the newest key wrote the value; if not, a rotation should write it again."""
        return bytes(stored[:_PREFIX]) == self._current.prefix

    def keyed_hash(self, plaintext: str) -> bytes:
        """Return the same 32 bytes for the same text, useless without the key, for unique indexes and look-ups."""
        return _digest(self._look_up.copy(), plaintext.encode())


def _digest(keyed: HMAC, text: bytes) -> bytes:
    keyed.update(text)
    return keyed.finalize()


def _load(key: DataKey) -> _Loaded:
    if len(key.secret) != key.suite.key_bytes:
        raise ValueError(f"A data key of this suite has {key.suite.key_bytes} bytes.")
    return _Loaded(bytes([key.suite.version]) + key.key_id, key.suite.aead(key.secret))


def encode_key(secret: bytes) -> str:
    """Return a key as unpadded base64url text."""
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def decode_key(text: str) -> bytes:
    """Return the bytes of a key written by `encode_key`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fingerprint(data: bytes) -> bytes:
    """Return the plain SHA-256 of data that is itself random, such as a session's token."""
    return hashlib.sha256(data).digest()
