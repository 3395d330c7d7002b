"""Synthetic people's identifiers: valid where a check exists, and recognisably nobody's."""

from dataclasses import dataclass, field
from datetime import date, timedelta

SURNAME = "样"
GIVEN_FIRST = "大小春秋冬山水云月星林石田谷川江海玉金木"
GIVEN_SECOND = "一二三四五六七八九十安平和顺康宁明亮高远"
MALE = "male"
FEMALE = "female"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
# Order codes from 900 up were handed to centenarians; here they mark a number as made up.
FIRST_ORDER = 900
_LAST_ORDER = 999


def check_character(seventeen: str) -> str:
    """Return the last character of an identity number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


@dataclass(slots=True)
class IdentityRegister:
    """Hands out each identity number of a district once, moving a birthday that is full by a day."""

    district: str
    first: int = FIRST_ORDER
    _used: dict[tuple[date, str], int] = field(default_factory=dict)

    def issue(self, born: date, sex: str) -> tuple[str, date]:
        """Return a fresh identity number and the birth date that it carries."""
        order = self._used.get((born, sex), self._first(sex))
        while order > _LAST_ORDER:
            born += timedelta(days=1)
            order = self._used.get((born, sex), self._first(sex))
        self._used[(born, sex)] = order + 2
        seventeen = f"{self.district}{born:%Y%m%d}{order:03d}"
        return seventeen + check_character(seventeen), born

    def _first(self, sex: str) -> int:
        """The seventeenth digit is odd for men."""
        return self.first + (1 if sex == MALE else 0)


def bank_account(sequence: int) -> str:
    """Return a 19-digit account that no bank would issue."""
    return f"000000{sequence:013d}"


def bank_code(township_code: str) -> str:
    """Return a 12-digit clearing code outside every real bank's range, one for each township."""
    return f"000{township_code[:9]}"
