"""Turns one cell into a value of its column, or into the code of the rule that it breaks."""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

from services.registry.workbook.columns import MAX_FEN, Column, Kind
from services.registry.workbook.sheet import Number, RawCell

Value = str | int | Decimal

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
# Writers disagree on how to protect a text that looks like an escape, so it would not survive a round trip.
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_NUMBER_CELL = re.compile(r"[+-]?[0-9]{1,24}(\.[0-9]{0,24})?([eE][+-]?[0-9]{1,3})?")
_NUMBER_TEXT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
# Spreadsheets compute in binary and show 15 digits: 1234.56 may stand in the file as 1234.5599999999999.
_AS_SHOWN = Context(prec=15)
_CENT = Decimal("0.01")
_TENTH = Decimal("0.1")
_MAX_YUAN = Decimal(MAX_FEN) / 100
_MAX_AREA = Decimal("9999.9")


@dataclass(frozen=True, slots=True)
class Broken:
    """The rule that a cell breaks, with its limit."""

    code: str
    note: str = ""


def parse_cell(column: Column, content: str | Number) -> Value | Broken:
    """Return the value of a cell that is not blank."""
    if column.kind is Kind.MONEY:
        return _fen(content, is_signed=not column.field)
    if column.kind is Kind.AREA:
        return _decimal(content, _TENTH, _MAX_AREA, is_signed=False)
    if not isinstance(content, str):
        return Broken("number-in-text-column")
    if column.codes is not None:
        code = column.codes.codes.get(content)
        return Broken("code-unknown") if code is None else code
    return _text(column, content)


def is_cell(content: RawCell | None) -> bool:
    """Whether a cell holds something that can be parsed."""
    return isinstance(content, str | Number)


def _text(column: Column, text: str) -> str | Broken:
    if has_invisible_character(text):
        return Broken("control-character")
    if len(text) > column.max_length and not column.fault:
        return Broken("too-long", f"<= {column.max_length}")
    if column.pattern and not _compiled(column.pattern).fullmatch(text):
        return Broken(column.fault)
    return text


def has_invisible_character(text: str) -> bool:
    """Whether a text holds a control, formatting, unpaired or replacement character, or the way XLSX spells one."""
    if text.isprintable() and "\ufffd" not in text:
        return "_x" in text and _ESCAPE.search(text) is not None
    return _INVISIBLE.search(text) is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _fen(content: str | Number, *, is_signed: bool) -> int | Broken:
    # Net income is the sum of four, so it may be four times the highest one.
    highest = 4 * _MAX_YUAN if is_signed else _MAX_YUAN
    yuan = _decimal(content, _CENT, highest, is_signed=is_signed)
    return yuan if isinstance(yuan, Broken) else int(yuan * 100)


def _decimal(content: str | Number, step: Decimal, highest: Decimal, *, is_signed: bool) -> Decimal | Broken:
    literal = content if isinstance(content, str) else content.literal
    shape = _NUMBER_TEXT if isinstance(content, str) else _NUMBER_CELL
    if not shape.fullmatch(literal):
        return Broken("number-invalid")
    value = Decimal(literal) if isinstance(content, str) else _AS_SHOWN.create_decimal(literal)
    lowest = -highest if is_signed else Decimal(0)
    if not lowest <= value <= highest:
        return Broken("out-of-range", f"{lowest} .. {highest}")
    rounded = value.quantize(step)
    return (
        rounded if rounded == value else Broken("too-many-decimals", f"<= {-int(step.as_tuple().exponent)}")
    )
