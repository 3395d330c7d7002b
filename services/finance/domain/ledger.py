"""Double entry in whole fen: every movement is entries that add up to zero, and no account goes below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.finance.domain.errors import (
    AmountNotPositive,
    BalanceExhausted,
    EntriesUnbalanced,
    ReceiptInFuture,
    TransactionNotReversible,
)


class Account(StrEnum):
    """Where a fund's money stands: in the bank, and what of it is free, set aside, or promised to a batch."""

    CASH = "cash"
    UNALLOCATED = "unallocated"
    ALLOCATED = "allocated"
    RESERVED = "reserved"


class Kind(StrEnum):
    """Why money moved."""

    RECEIPT = "receipt"
    ALLOCATION = "allocation"
    RESERVATION = "reservation"
    RELEASE = "release"
    PAYMENT = "payment"
    RETURN = "return"
    RECEIPT_REVERSAL = "receipt-reversal"
    ALLOCATION_REVERSAL = "allocation-reversal"


REVERSAL_OF = {Kind.RECEIPT: Kind.RECEIPT_REVERSAL, Kind.ALLOCATION: Kind.ALLOCATION_REVERSAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One account of one fund; the programme is empty where the account has none."""

    fund_id: UUID
    account: Account
    programme_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One side of a movement: debit above zero, credit below."""

    place: Place
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Entries that stand or fall together."""

    kind: Kind
    fund_id: UUID
    entries: tuple[Entry, ...]


Balances = Mapping[Place, int]


def day_of_receipt(told: date | None, today: date) -> date:
    """Money came on the day that is told, today when none is, and never later than today."""
    if told is not None and told > today:
        raise ReceiptInFuture(pointer="/received_on")
    return told or today


def receive(fund_id: UUID, amount_fen: int) -> Movement:
    """Money of a fund arrives in its bank account."""
    cash = Place(fund_id=fund_id, account=Account.CASH)
    return _move(Kind.RECEIPT, amount_fen, cash, Place(fund_id=fund_id, account=Account.UNALLOCATED))


def allocate(fund_id: UUID, programme: str, amount_fen: int) -> Movement:
    """Free money of a fund is set aside for a programme."""
    free = Place(fund_id=fund_id, account=Account.UNALLOCATED)
    return _move(Kind.ALLOCATION, amount_fen, free, _allocated(fund_id, programme))


def reserve(fund_id: UUID, programme: str, amount_fen: int) -> Movement:
    """Money set aside for a programme is promised to a batch."""
    return _move(Kind.RESERVATION, amount_fen, _allocated(fund_id, programme), _reserved(fund_id, programme))


def release(fund_id: UUID, programme: str, amount_fen: int) -> Movement:
    """A batch is rejected inside the county, and its money is free for the programme again."""
    return _move(Kind.RELEASE, amount_fen, _reserved(fund_id, programme), _allocated(fund_id, programme))


def pay(fund_id: UUID, programme: str, amount_fen: int) -> Movement:
    """The bank credited payees; the money has left the fund."""
    cash = Place(fund_id=fund_id, account=Account.CASH)
    return _move(Kind.PAYMENT, amount_fen, _reserved(fund_id, programme), cash)


def give_back(fund_id: UUID, programme: str, amount_fen: int) -> Movement:
    """The bank rejected payments, and their money is free for the programme again."""
    return _move(Kind.RETURN, amount_fen, _reserved(fund_id, programme), _allocated(fund_id, programme))


def reverse(movement: Movement) -> Movement:
    """A wrong receipt or allocation is undone by its mirror image; the first entries stay."""
    if movement.kind not in REVERSAL_OF:
        raise TransactionNotReversible
    mirrored = tuple(Entry(place=entry.place, amount_fen=-entry.amount_fen) for entry in movement.entries)
    return Movement(kind=REVERSAL_OF[movement.kind], fund_id=movement.fund_id, entries=mirrored)


def post(balances: Balances, movement: Movement) -> dict[Place, int]:
    """Return the balances after a movement; refuse one that does not balance or overdraws an account."""
    if sum(entry.amount_fen for entry in movement.entries) != 0:
        raise EntriesUnbalanced
    after = dict(balances)
    for entry in movement.entries:
        after[entry.place] = after.get(entry.place, 0) + growth(entry)
        if after[entry.place] < 0:
            raise BalanceExhausted(f"The account {entry.place.account} does not hold that much.")
    return after


def growth(entry: Entry) -> int:
    """A debit adds to what the fund has, a credit to what it is meant for."""
    return entry.amount_fen if entry.place.account is Account.CASH else -entry.amount_fen


def _move(kind: Kind, amount_fen: int, debit: Place, credit: Place) -> Movement:
    if amount_fen <= 0:
        raise AmountNotPositive
    entries = (Entry(place=debit, amount_fen=amount_fen), Entry(place=credit, amount_fen=-amount_fen))
    return Movement(kind=kind, fund_id=debit.fund_id, entries=entries)


def _allocated(fund_id: UUID, programme: str) -> Place:
    return Place(fund_id=fund_id, account=Account.ALLOCATED, programme_code=programme)


def _reserved(fund_id: UUID, programme: str) -> Place:
    return Place(fund_id=fund_id, account=Account.RESERVED, programme_code=programme)
