"""Personal data on its way into a row and out: sealed in small records, looked up by keyed hash."""

import msgspec

from chassis.crypto import Cipher


class SealedHousehold(msgspec.Struct, frozen=True, array_like=True):
    """What a household's row keeps encrypted."""

    address: str | None = None
    bank_code: str | None = None
    account: str | None = None
    phone: str | None = None

    def __repr__(self) -> str:
        return "SealedHousehold(...)"


class SealedMember(msgspec.Struct, frozen=True, array_like=True):
    """What a person's row keeps encrypted."""

    name: str
    identity_number: str

    def __repr__(self) -> str:
        return "SealedMember(...)"


class SealedDetail(msgspec.Struct, frozen=True, array_like=True):
    """What another office's list says of a person."""

    detail: str

    def __repr__(self) -> str:
        return "SealedDetail(...)"


class SealedVisit(msgspec.Struct, frozen=True, array_like=True):
    """What a visit's row keeps encrypted: who went, and where the household lives."""

    members: tuple[str, ...]
    latitude: float
    longitude: float

    def __repr__(self) -> str:
        return "SealedVisit(...)"


class SealedMeeting(msgspec.Struct, frozen=True, array_like=True):
    """What a meeting's row keeps encrypted: people came to somebody's yard, and the minutes speak of them."""

    place: str
    roll: list[str]
    minutes: str

    def __repr__(self) -> str:
        return "SealedMeeting(...)"


_encoder = msgspec.json.Encoder()
_household = msgspec.json.Decoder(SealedHousehold)
_member = msgspec.json.Decoder(SealedMember)
_detail = msgspec.json.Decoder(SealedDetail)
_visit = msgspec.json.Decoder(SealedVisit)
_meeting = msgspec.json.Decoder(SealedMeeting)


def seal(cipher: Cipher, record: msgspec.Struct) -> bytes:
    """Return a record encrypted."""
    return cipher.encrypt(_encoder.encode(record))


def open_household(cipher: Cipher, stored: bytes) -> SealedHousehold:
    """Return a household's record."""
    return _household.decode(cipher.decrypt_bytes(stored))


def open_member(cipher: Cipher, stored: bytes) -> SealedMember:
    """Return a person's record."""
    return _member.decode(cipher.decrypt_bytes(stored))


def open_detail(cipher: Cipher, stored: bytes) -> SealedDetail:
    """Return what a list says of a person."""
    return _detail.decode(cipher.decrypt_bytes(stored))


def open_visit(cipher: Cipher, stored: bytes) -> SealedVisit:
    """Return a visit's record."""
    return _visit.decode(cipher.decrypt_bytes(stored))


def open_meeting(cipher: Cipher, stored: bytes) -> SealedMeeting:
    """Return a meeting's record."""
    return _meeting.decode(cipher.decrypt_bytes(stored))


def hash_identity(cipher: Cipher, number: str) -> bytes:
    """Return the keyed hash under which a person is found; a final small x means the same person."""
    return cipher.keyed_hash(f"identity:{number.upper()}")
