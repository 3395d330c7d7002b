"""Field types of requests and answers: quantities as decimal strings, codes, names of crops and animals."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from chassis.money import Amount
from contracts.values import PROGRAMME_KINDS, RATE_UNITS, UNITS
from services.subsidy.domain.rules import MAX_FEN

MAX_ITEMS = 1_000
_QUANTITY = r"^\d{1,7}(\.\d{1,2})?$"


def one_of(words: tuple[str, ...]) -> str:
    return f"^({'|'.join(words)})$"


def _decimal_text(value: Any) -> Any:
    if isinstance(value, Decimal | str):
        return value
    raise ValueError("A quantity is a decimal string, never a number")


def _positive(amount: Amount) -> Amount:
    # No claim is paid more than the highest cap: see `check_amount`.
    if not 0 < amount.fen <= MAX_FEN:
        raise ValueError("The amount must be greater than zero and at most 10000000.00")
    return amount


Quantity = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    Field(max_digits=9, decimal_places=2, allow_inf_nan=False),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _QUANTITY, "examples": ["18.50"]}),
]
PositiveAmount = Annotated[Amount, AfterValidator(_positive)]
PhotoTime = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC))]
# Something to read is among them, not blanks alone.
Words = Annotated[str, Field(pattern=r"^\P{C}*[^\p{C}\s]\P{C}*$", max_length=200)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]
# Letters only: a crop or an animal, in any language; digits would let numbers of people in.
Item = Annotated[
    str, Field(pattern=r"^\p{L}([\p{L}\p{M} -]*\p{L})?$", max_length=40, examples=["mountain spinach"])
]
Reference = Annotated[
    str | None, Field(max_length=100, description="The caller's own mark, given back unchanged.")
]
ProgrammeKind = Annotated[str, Field(pattern=one_of(PROGRAMME_KINDS))]
RateUnit = Annotated[str, Field(pattern=one_of(RATE_UNITS))]
ClaimUnit = Annotated[str, Field(pattern=one_of(UNITS))]
