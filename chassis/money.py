"""Money is integer fen inside and a decimal string with its currency outside; never a float."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

FEN_PER_YUAN = 100
_YUAN = re.compile(r"(-?)(\d{1,13})(?:\.(\d{1,2}))?")


def parse_yuan(text: str) -> int:
    """Return the fen of a decimal string with at most two decimals; ValueError otherwise."""
    match = _YUAN.fullmatch(text)
    if match is None:
        raise ValueError("An amount is a decimal string with at most two decimals, such as 20000.00")
    sign, whole, cents = match.groups()
    fen = int(whole) * FEN_PER_YUAN + int((cents or "0").ljust(2, "0"))
    return -fen if sign else fen


def format_yuan(fen: int) -> str:
    """Return fen as a decimal string with exactly two decimals."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // FEN_PER_YUAN}.{abs(fen) % FEN_PER_YUAN:02d}"


def _only_text(value: Any) -> int:
    # Strict: a JSON number would be read as yuan by one side and as fen by the other.
    if not isinstance(value, str):
        raise ValueError("An amount is a decimal string, never a number")  # noqa: TRY004 - pydantic reports ValueError
    return parse_yuan(value)


_SCHEMA = WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,13}(\.\d{1,2})?$", "examples": ["20000.00"]})

YuanIn = Annotated[int, BeforeValidator(_only_text), _SCHEMA]
"""A request field: a decimal string outside, fen inside."""

YuanOut = Annotated[int, PlainSerializer(format_yuan, return_type=str), _SCHEMA]
"""An answer field: fen inside, a decimal string outside."""


def _checked(text: str) -> str:
    parse_yuan(text)
    return text


class Amount(BaseModel):
    """An amount of money as it stands in requests and answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Annotated[str, AfterValidator(_checked), _SCHEMA]
    currency: Literal["CNY"] = "CNY"

    @property
    def fen(self) -> int:
        """The amount in fen."""
        return parse_yuan(self.amount)

    @classmethod
    def of(cls, fen: int) -> Self:
        """Return the amount of so many fen."""
        return cls(amount=format_yuan(fen))
