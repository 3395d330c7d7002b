"""Keys by which people and addresses are looked up without being readable: short keyed hashes of a normal spelling."""

import unicodedata

from chassis.crypto import Cipher

# Enough that two of some millions of people do not meet by chance, and small in an index.
KEY_BYTES = 8
BIRTH = slice(6, 14)
# Separators, punctuation, symbols and control characters.
_DROPPED = {"Z", "P", "S", "C"}


def name_key(cipher: Cipher, name: str) -> bytes:
    """Return the key of a name, however it is spaced and dotted."""
    return cipher.keyed_hash(f"name:{plain(name)}")[:KEY_BYTES]


def birth_key(cipher: Cipher, identity_number: str) -> bytes:
    """Return the key of the date of birth in an identity number."""
    return text_birth_key(cipher, identity_number[BIRTH])


def text_birth_key(cipher: Cipher, digits: str) -> bytes:
    """Return the key of a date of birth of eight digits."""
    return cipher.keyed_hash(f"birth:{digits}")[:KEY_BYTES]


def address_key(cipher: Cipher, address: str | None) -> bytes | None:
    """Return the key of an address, however it is punctuated; None without one."""
    return None if address is None else cipher.keyed_hash(f"address:{plain(address)}")[:KEY_BYTES]


def plain(text: str) -> str:
    """Return a text in its normal spelling: full-width as usual width, small letters, no spaces, dots or marks."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    if normal.isalnum():
        return normal
    return "".join(letter for letter in normal if unicodedata.category(letter)[0] not in _DROPPED)
