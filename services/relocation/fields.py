"""Field types of requests and answers: areas as decimal strings, codes, names, division codes."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from chassis.money import Amount
from contracts.values import (
    COMPLETED,
    HOUSE_STAGES,
    PER_HOUSEHOLD,
    PER_PERSON,
    SITE_KINDS,
    STARTED,
    TOPPED_OUT,
)

MAX_ITEMS = 1_000
MAX_FEN = 10**8
MAX_M2_PER_PERSON = 1_000
AREA_DIGITS = 12
BUILDING_STAGES = (STARTED, TOPPED_OUT, COMPLETED)


def one_of(words: tuple[str, ...]) -> str:
    return f"^({'|'.join(words)})$"


def _decimal_text(value: Any) -> Any:
    if isinstance(value, Decimal | str):
        return value
    raise ValueError("An area is a decimal string, never a number")


def _positive(amount: Amount) -> Amount:
    # With 100,000 households a site, no budget can grow past what an amount can say.
    if not 0 < amount.fen <= MAX_FEN:
        raise ValueError("The amount must be greater than zero and at most 1000000.00")
    return amount


def _two_decimals(area: Decimal) -> str:
    return str(area.quantize(Decimal("0.01")))


SquareMetres = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    Field(gt=0, max_digits=8, decimal_places=2, allow_inf_nan=False, description="Floor area in m2."),
    PlainSerializer(_two_decimals, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,6}(\.\d{1,2})?$", "examples": ["96.50"]}),
]
# Times the persons of a household, the cap must still be an area.
PerPerson = Annotated[SquareMetres, Field(le=MAX_M2_PER_PERSON)]
# Something to read is among them, not blanks alone.
Words = Annotated[str, Field(pattern=r"^\P{C}*[^\p{C}\s]\P{C}*$")]
PositiveAmount = Annotated[Amount, AfterValidator(_positive)]
Code = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64, examples=["date-misread"])
]
Division = Annotated[
    str,
    Field(pattern=r"^\d{6}(\d{3}){0,2}$", description="Village, township or county code."),
    AfterValidator(lambda code: code.ljust(AREA_DIGITS, "0")),
]
Reference = Annotated[
    str | None, Field(max_length=100, description="The caller's own mark, given back unchanged.")
]
SiteKind = Annotated[str, Field(pattern=one_of(SITE_KINDS))]
BuildingStage = Annotated[str, Field(pattern=one_of(BUILDING_STAGES))]
AnyStage = Annotated[str, Field(pattern=one_of(HOUSE_STAGES))]
SubsidyUnit = Annotated[str, Field(pattern=one_of((PER_HOUSEHOLD, PER_PERSON)))]
On = Annotated[date | None, Field(description="The day it happened; the business date if absent.")]
