"""Citizen identity numbers by GB 11643: length, characters, check character, date, place and sex."""

import re
from datetime import date
from functools import lru_cache

from stdnum import numdb
from stdnum.cn import ric

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_LENGTH = 18
_EARLIEST_YEAR = 1900


def identity_fault(number: str, today: date) -> str:
    """Return the code of the first rule that an identity number breaks, or an empty text."""
    if len(number) != _LENGTH:
        return "identity-length"
    if not _SHAPE.fullmatch(number):
        return "identity-format"
    if number[-1] != ric.calc_check_digit(number):
        return "identity-checksum"
    return _birth_fault(number, today) or ("" if _is_known_place(number[:6]) else "identity-place")


def reads_as_identity(text: str) -> bool:
    """Tell whether a text could be somebody's identity number: its check character and its date of birth hold."""
    return identity_fault(text.upper(), date.max) in {"", "identity-place"}


def _birth_fault(number: str, today: date) -> str:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "identity-date"
    if born_on.year < _EARLIEST_YEAR:
        return "identity-date"
    return "identity-future" if born_on > today else ""


def sex_of(number: str) -> str:
    """Return the sex code (GB/T 2261.1) in the seventeenth digit: odd is male."""
    return "1" if int(number[16]) % 2 else "2"


@lru_cache(maxsize=4096)
def _is_known_place(code: str) -> bool:
    # The place is where the number was issued, under a code of any time: people born before the
    # code existed carry it too, so the years that the table gives for a code say nothing here.
    return any("county" in properties for _, properties in numdb.get("cn/loc").info(code))
