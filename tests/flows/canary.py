"""People, numbers and places that exist nowhere else: wherever one is found, somebody's data lies open."""

import base64
from collections.abc import Iterable
from urllib.parse import quote

from tests.flows.town import identity

NAME = "金丝雀丙丁"
WIFE = "金丝雀戊己"
ELDER = "金丝雀庚辛"
RENAMED = "金丝雀壬癸"
SON = "金丝雀子丑"
BRIDE = "金丝雀寅卯"
CHILD = "金丝雀辰巳"
CANDIDATE = "金丝雀午未"
IMPORTED = "金丝雀申酉"
VISITOR = "金丝雀戌亥"
VILLAGER = "金丝雀甲乙"
OBJECTOR = "金丝雀东西"
STRANGER = "金丝雀南北"

IDENTITY = identity("19610203", "017")
WIFE_IDENTITY = identity("19630405", "028")
ELDER_IDENTITY = identity("19410607", "011")
RENAMED_IDENTITY = identity("19410607", "031")
SON_IDENTITY = identity("19700809", "015")
BRIDE_IDENTITY = identity("19721011", "022")
CHILD_IDENTITY = identity("20200506", "013")
CANDIDATE_IDENTITY = identity("19550304", "019")
IMPORTED_IDENTITY = identity("19660708", "033")
STRANGER_IDENTITY = identity("19800910", "035")
WRONG_IDENTITY = IDENTITY[:-1] + ("1" if IDENTITY[-1] != "1" else "2")

ACCOUNT = "6217998877665544332"
FUND_ACCOUNT = "8899776655443322110"
SPLIT_ACCOUNT = "6217554433221199887"
PHONE = "13911112222333"
SPLIT_PHONE = "13944445555666"
ADDRESS = "鸟巢村七组八号"
SPLIT_ADDRESS = "鸟巢村九组十号"
NEW_ADDRESS = "鸟巢新村一号"
DETAIL = "金丝雀牌轻型货车"
YARD = "金丝雀家院坝"
COURT = "金丝雀庚辛家在村口又建新房"

PEOPLE = (
    NAME,
    WIFE,
    ELDER,
    RENAMED,
    SON,
    BRIDE,
    CHILD,
    CANDIDATE,
    IMPORTED,
    VISITOR,
    VILLAGER,
    OBJECTOR,
    STRANGER,
)
NUMBERS = (
    IDENTITY,
    WIFE_IDENTITY,
    ELDER_IDENTITY,
    RENAMED_IDENTITY,
    SON_IDENTITY,
    BRIDE_IDENTITY,
    CHILD_IDENTITY,
    CANDIDATE_IDENTITY,
    IMPORTED_IDENTITY,
    STRANGER_IDENTITY,
    WRONG_IDENTITY,
    ACCOUNT,
    SPLIT_ACCOUNT,
    PHONE,
    SPLIT_PHONE,
)
# The account of a fund is the county's own: answers show it, files and logs do not.
PRIVATE = (*PEOPLE, *NUMBERS, ADDRESS, SPLIT_ADDRESS, NEW_ADDRESS, DETAIL, YARD, COURT)
CANARIES = (*PRIVATE, FUND_ACCOUNT)
# What to look for in much data: every name and place begins in one of two ways.
MARKS = ("金丝雀", "鸟巢", *NUMBERS, FUND_ACCOUNT)


def spellings(canaries: Iterable[str] = CANARIES) -> set[bytes]:
    """Return every form in which a canary could lie somewhere: as text, escaped, in hexadecimal, base64 or UTF-16."""
    found: set[bytes] = set()
    for one in canaries:
        plain = one.encode()
        found |= {plain, plain.hex().encode(), one.encode("unicode_escape"), one.encode("utf-16-le")}
        found |= {quote(one).encode(), *_in_base64(plain)}
    return found


def _in_base64(plain: bytes) -> set[bytes]:
    """Return what of a text is alike in base64 whatever stands around it, for each place in a group of three."""
    shifted = (base64.b64encode(b"\0" * before + plain) for before in range(3))
    return {
        encoded[-(-8 * before // 6) : (before + len(plain)) * 8 // 6]
        for before, encoded in enumerate(shifted)
    }


def hits(parts: Iterable[bytes], wanted: set[bytes]) -> set[bytes]:
    """Return what was found in a stream of parts, across their seams too."""
    found: set[bytes] = set()
    tail = b""
    for part in parts:
        held = tail + part
        found |= {one for one in wanted if one in held}
        tail = held[-256:]
    return found


def open_in(answer: bytes, canaries: Iterable[str] = PRIVATE) -> set[str]:
    """Return the canaries that an answer shows."""
    return {one for one in canaries if hits([answer], spellings([one]))}
