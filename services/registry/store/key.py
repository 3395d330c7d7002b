"""Keys by which people and addresses are looked up without being readable: short keyed hashes of a normal spelling."""

import unicodedata
from functools import lru_cache
from hashlib import blake2b

from chassis.crypto import Cipher

# Enough that two of some millions of people do not meet by chance, and small in an index.
KEY_BYTES = 8
BIRTH = slice(6, 14)
# Separators, punctuation, symbols and control characters.
_DROPPED = {"Z", "P", "S", "C"}


def name_key(cipher: Cipher, name: str) -> bytes:
    """Return the key of a name, however it is spaced and dotted."""
    return _hash(cipher, f"name:{plain(name)}")


def birth_key(cipher: Cipher, identity_number: str) -> bytes:
    """Return the key of the date of birth in an identity number."""
    return text_birth_key(cipher, identity_number[BIRTH])


def text_birth_key(cipher: Cipher, digits: str) -> bytes:
    """Return the key of a date of birth of eight digits."""
    return _hash(cipher, f"birth:{digits}")


def address_key(cipher: Cipher, address: str | None) -> bytes | None:
    """Return the key of an address, however it is punctuated; None without one."""
    return None if address is None else _hash(cipher, f"address:{plain(address)}")


def plain(text: str) -> str:
    """Return a text in its normal spelling: full-width as usual width, small letters, no spaces, dots or marks."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    if normal.isalnum():
        return normal
    return "".join(letter for letter in normal if unicodedata.category(letter)[0] not in _DROPPED)


def _hash(cipher: Cipher, text: str) -> bytes:
    # An import makes two of these a person: BLAKE2 keyed with a key of its own is several times as quick as an HMAC.
    return blake2b(text.encode(), key=_secret(cipher), digest_size=KEY_BYTES).digest()


@lru_cache(maxsize=8)
def _secret(cipher: Cipher) -> bytes:
    return cipher.keyed_hash("look-up keys of people and addresses")
