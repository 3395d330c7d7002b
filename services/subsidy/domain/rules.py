"""The rules of industrial support, each a named function with its source; every number comes from programme data."""

from collections.abc import Sequence
from datetime import date, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from contracts.events.subsidy import Evidence
from contracts.values import BIRD, HEAD
from services.subsidy.domain.errors import (
    AmountTooHigh,
    EvidenceFromTheFuture,
    EvidenceMissing,
    EvidenceRepeated,
    QuantityAboveDeclared,
    QuantityNotPositive,
    QuantityNotWhole,
)

COUNTED_UNITS = frozenset({HEAD, BIRD})
MAX_FEN: Final = 10**9
# All of China keeps one time, in which a day is meant, however a moment is written.
_CHINA: Final = timezone(timedelta(hours=8))


def amount_of(quantity: Decimal, rate_fen: int, cap_fen: int | None) -> int:
    """Quantity times unit rate, rounded half up to the fen, at most the cap of the programme."""
    amount = int((quantity * rate_fen).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return amount if cap_fen is None else min(amount, cap_fen)


def check_amount(amount_fen: int, pointer: str) -> None:
    """Refuse a claim worth more than the highest cap that a programme can have: a slip in its quantity."""
    if amount_fen > MAX_FEN:
        raise AmountTooHigh(pointer=pointer)


def is_whole_where_counted(quantity: Decimal, unit: str) -> bool:
    """Animals and poultry are counted, land is measured."""
    return unit not in COUNTED_UNITS or quantity == quantity.to_integral_value()


def check_quantity(quantity: Decimal, unit: str, pointer: str) -> None:
    """Refuse a quantity that is not positive, or half an animal."""
    if quantity <= 0:
        raise QuantityNotPositive(pointer=pointer)
    if not is_whole_where_counted(quantity, unit):
        raise QuantityNotWhole(pointer=pointer)


def check_accepted_quantity(accepted: Decimal, declared: Decimal, unit: str) -> None:
    """Only what was seen is paid, and no more than was declared (Eryuan report 2016, industry: confirm, then pay)."""
    check_quantity(accepted, unit, "/accepted_quantity")
    if accepted > declared:
        raise QuantityAboveDeclared(pointer="/accepted_quantity")


def check_evidence(evidence: Sequence[Evidence], on: date) -> None:
    """A claim rests on photos with time and place (Eryuan report 2016, industry: "photos and other forms")."""
    if not evidence:
        raise EvidenceMissing(pointer="/evidence")
    if len({photo.photo_sha256 for photo in evidence}) < len(evidence):
        raise EvidenceRepeated(pointer="/evidence")
    for index, photo in enumerate(evidence):
        if photo.taken_at.astimezone(_CHINA).date() > on:
            raise EvidenceFromTheFuture(pointer=f"/evidence/{index}/taken_at")


def are_two_people(inspector: str | None, approver: str) -> bool:
    """Whoever inspected a claim does not approve it (separation of duties)."""
    return inspector is not None and inspector != approver


def is_floor_met(paid_fen: int, floor_fen: int) -> bool:
    """A household with exactly the floor has it (Eryuan report 2016, industry: "no less than 3,000 yuan")."""
    return paid_fen >= floor_fen


def period_of(on: date) -> str:
    """Support counts for the calendar year in which it was claimed."""
    return str(on.year)


def quantity_text(quantity: Decimal) -> str:
    """Return a quantity with the two decimals it is stored with."""
    return str(quantity.quantize(Decimal("0.01")))
