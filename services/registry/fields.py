"""Field types of requests and answers: codes of the form, figures as decimal strings, numbers that identify."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from chassis.money import YuanIn, format_yuan
from services.registry.domain.mask import holds_number
from services.registry.workbook import codes
from services.registry.workbook.codes import CodeList
from services.registry.workbook.columns import MAX_FEN
from services.registry.workbook.identity import reads_as_identity

MAX_ITEMS = 1_000
MAX_MEMBERS = 30
_PERSONAL_NUMBER = re.compile(r"^[0-9]{11,}|[0-9]{15}")


def _code(codes: CodeList) -> Any:
    listed = "; ".join(f"{code} {term} {english}" for code, (term, english) in codes.terms.items())
    return Field(
        pattern=f"^({'|'.join(codes.terms)})$", description=f"{codes.name} ({codes.source}): {listed}"
    )


def _decimal_text(value: Any) -> Any:
    if isinstance(value, Decimal | str):
        return value
    raise ValueError("An area is a decimal string, never a number")


def _net_income(fen: int) -> int:
    if not -MAX_FEN <= fen <= 4 * MAX_FEN:
        raise ValueError("The amount must be between -99999999.99 and 399999999.96")
    return fen


def _income(fen: int) -> int:
    if not 0 <= fen <= MAX_FEN:
        raise ValueError("The amount must be between 0.00 and 99999999.99")
    return fen


def _open(text: str) -> str:
    if holds_number(text):
        raise ValueError("Words that are kept open hold no identity or account number")
    return text


def _file_number(text: str) -> str:
    if reads_as_identity(text):
        raise ValueError("A file number is kept open: no identity number stands for it")
    return text


def _reference(text: str) -> str:
    if _PERSONAL_NUMBER.search(text):
        raise ValueError("The reference looks like a telephone or identity number")
    return text


Attribute = Annotated[str, _code(codes.ATTRIBUTE)]
Standard = Annotated[str, _code(codes.STANDARD)]
Cause = Annotated[str, _code(codes.CAUSE)]
Sex = Annotated[str, _code(codes.SEX)]
Relation = Annotated[str, _code(codes.RELATION)]
EthnicGroup = Annotated[str, _code(codes.ETHNIC_GROUP)]
Education = Annotated[str, _code(codes.EDUCATION)]
Schooling = Annotated[str, _code(codes.SCHOOLING)]
Health = Annotated[str, _code(codes.HEALTH)]
Labour = Annotated[str, _code(codes.LABOUR)]
Work = Annotated[str, _code(codes.WORK)]

# Written as it was read: a request that waits for its review is kept as it came.
Income = Annotated[YuanIn, AfterValidator(_income), PlainSerializer(format_yuan, return_type=str)]
NetIncome = Annotated[YuanIn, AfterValidator(_net_income)]
HousingArea = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    Field(ge=0, max_digits=5, decimal_places=1, allow_inf_nan=False),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}(\.\d)?$", "examples": ["80.5"]}),
]
LandArea = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    Field(ge=0, max_digits=6, decimal_places=2, allow_inf_nan=False),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{1,4}(\.\d{1,2})?$", "description": "In mu.", "examples": ["3.25"]}
    ),
]
Sha256 = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of a file, 64 lower-case hexadecimal digits.")
]
FileNumber = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z-]{0,31}$", examples=["ER-0001"]),
    AfterValidator(_file_number),
]
VillageCode = Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["532930101201"])]
IdentityNumber = Annotated[
    str,
    Field(pattern=r"^[0-9]{17}[0-9Xx]$", description="GB 11643."),
    AfterValidator(lambda number: number.upper()),
]
# One line of printable text: control characters would travel into workbooks and reports.
Name = Annotated[str, Field(pattern=r"^[^\p{C}\s]([^\p{C}]*[^\p{C}\s])?$", max_length=50)]
Line = Annotated[str, Field(pattern=r"^[^\p{C}\s]([^\p{C}]*[^\p{C}\s])?$", max_length=200)]
# Kept and shown as it is: the name of an office, a document or a public place.
OpenLine = Annotated[
    Line,
    Field(description="Kept open: never with a person's name, identity number or account."),
    AfterValidator(_open),
]
BankCode = Annotated[str, Field(pattern=r"^[0-9]{12}$", description="Bank branch (CNAPS).")]
Account = Annotated[str, Field(pattern=r"^[0-9]{8,32}$")]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9-]{4,18}[0-9]$", max_length=20)]
Finding = Annotated[
    str,
    Field(
        pattern=r"^[a-z]+(-[a-z]+)*$",
        max_length=40,
        description="What was found, as a code, never a sentence about people.",
        examples=["stable", "leaking-roof"],
    ),
]
ReasonCode = Annotated[
    str,
    Field(
        pattern=r"^[a-z]+(-[a-z]+)*$",
        max_length=40,
        description="A code, never a sentence about people.",
        examples=["income-above-line", "moved-away", "deceased"],
    ),
]
PersonReference = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$",
        description="An account or staff number, never a name, an identity number or a telephone.",
        examples=["clerk-1"],
    ),
    AfterValidator(_reference),
]
Reason = Annotated[
    str,
    Field(
        pattern=r"^[^\p{C}\s]([^\p{C}]*[^\p{C}\s])?$",
        min_length=4,
        max_length=200,
        description="Kept open for auditors: never with a person's name, identity number or account.",
    ),
    AfterValidator(_open),
]
Day = Annotated[date, Field(ge=date(1949, 10, 1), description="A business date, YYYY-MM-DD.")]
