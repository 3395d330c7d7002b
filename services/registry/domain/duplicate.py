"""Who may have been filed twice: what speaks for it, how much, and which identity numbers are one slip apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final
from uuid import UUID

from stdnum.cn import ric

from services.registry.domain.errors.change import SameHousehold

IDENTITY_NUMBER: Final = "identity-number"
IDENTITY_NUMBER_NEAR: Final = "identity-number-near"
NAME: Final = "name"
NAME_NEAR: Final = "name-near"
BIRTH_DATE: Final = "birth-date"
ADDRESS: Final = "address"
HEAD_NAME: Final = "head-name"
# Our own weights: the number alone is enough, a name needs a date of birth, an address or kin beside it.
WEIGHTS: Final = {
    IDENTITY_NUMBER: 100,
    IDENTITY_NUMBER_NEAR: 60,
    NAME: 30,
    NAME_NEAR: 15,
    BIRTH_DATE: 25,
    ADDRESS: 20,
    HEAD_NAME: 20,
}
LIKELY_FROM: Final = 50
DIGITS: Final = "0123456789"
# The last character is computed from the others (GB 11643).
FREE_DIGITS: Final = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known of somebody, in normal spelling."""

    identity_number: str | None = None
    name: str | None = None
    born_on: date | None = None
    address: str | None = None
    head_name: str | None = None

    def __repr__(self) -> str:
        return "Traits(...)"


def near_numbers(number: str) -> set[str]:
    """Return the identity numbers that one wrong digit, two digits exchanged or a wrong last character could hide."""
    body = number[:FREE_DIGITS]
    return {_completed(other) for other in {body, *_one_digit_wrong(body), *_exchanged(body)}}


def are_near(one: str, other: str) -> bool:
    """Tell whether two identity numbers are one slip apart."""
    return one != other and other in near_numbers(one)


def born_on(number: str) -> date | None:
    """Return the date of birth in an identity number; None where its digits are none."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def refuse_same_person(kept: UUID, dropped: UUID) -> None:
    """Refuse a merge of somebody with themselves."""
    if kept == dropped:
        raise SameHousehold(pointer="/dropped")


def evidence(asked: Traits, found: Traits) -> list[str]:
    """Return what speaks for two being one and the same."""
    told: list[str] = []
    if asked.identity_number and found.identity_number:
        if asked.identity_number == found.identity_number:
            told.append(IDENTITY_NUMBER)
        elif found.identity_number in near_numbers(asked.identity_number):
            told.append(IDENTITY_NUMBER_NEAR)
    if asked.name and found.name:
        if asked.name == found.name:
            told.append(NAME)
        elif _is_one_letter_apart(asked.name, found.name):
            told.append(NAME_NEAR)
    pairs = (
        (BIRTH_DATE, asked.born_on, found.born_on),
        (ADDRESS, asked.address, found.address),
        (HEAD_NAME, asked.head_name, found.head_name),
    )
    return told + [kind for kind, one, other in pairs if one and one == other]


def score(told: Iterable[str]) -> int:
    """Return how much speaks for it, 100 at most."""
    return min(100, sum(WEIGHTS[kind] for kind in told))


def is_likely(told: Iterable[str]) -> bool:
    """Evidence at the limit is worth a look."""
    return score(told) >= LIKELY_FROM


def have_near_numbers(numbers: Iterable[str]) -> bool:
    """Tell whether any two of some identity numbers are one slip apart."""
    return any(are_near(one, other) for one, other in combinations(numbers, 2))


def _one_digit_wrong(body: str) -> Iterator[str]:
    for place in range(FREE_DIGITS):
        yield from (body[:place] + digit + body[place + 1 :] for digit in DIGITS)


def _exchanged(body: str) -> Iterator[str]:
    for place in range(FREE_DIGITS - 1):
        yield body[:place] + body[place + 1] + body[place] + body[place + 2 :]


def _completed(body: str) -> str:
    return body + str(ric.calc_check_digit(body + "0"))


def _is_one_letter_apart(one: str, other: str) -> bool:
    """A name of one letter is near to none: every other one would be."""
    if len(one) == len(other) > 1:
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or len(long) - len(short) != 1:  # noqa: PLR2004 - two letters
        return False
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
