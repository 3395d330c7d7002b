"""The ledger against a plain count of money: entries always balance and no account falls below zero."""

from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from services.finance.domain import ledger
from services.finance.domain.errors import (
    AmountNotPositive,
    BalanceExhausted,
    EntriesUnbalanced,
    TransactionNotReversible,
)
from services.finance.domain.ledger import Account, Balances, Entry, Kind, Movement, Place

FUND = uuid4()
AMOUNTS = st.integers(min_value=1, max_value=10**9)
PROGRAMMES = st.sampled_from(["vegetables", "pigs", "housing"])


class LedgerMachine(RuleBasedStateMachine):
    """Fund, allocate, reserve, pay, bank rejects, reverse, issue again; counted beside by plain sums."""

    undoable = Bundle("undoable")
    reserved = Bundle("reserved")
    bounced = Bundle("bounced")

    def __init__(self) -> None:
        super().__init__()
        self.balances: Balances = {}
        self.entries: list[Entry] = []
        self.free = 0
        self.cash = 0
        self.allocated: dict[str, int] = {}
        self.promised: dict[str, int] = {}

    def post(self, movement: Movement, *, fits: bool) -> bool:
        if not fits:
            with pytest.raises(BalanceExhausted):
                ledger.post(self.balances, movement)
            return False
        self.balances = ledger.post(self.balances, movement)
        self.entries.extend(movement.entries)
        return True

    def move(self, programme: str, *, allocated: int = 0, promised: int = 0) -> None:
        self.allocated[programme] = self.allocated.get(programme, 0) + allocated
        self.promised[programme] = self.promised.get(programme, 0) + promised

    @rule(target=undoable, fen=AMOUNTS)
    def fund(self, fen: int) -> Movement:
        movement = ledger.receive(FUND, fen)
        self.post(movement, fits=True)
        self.free += fen
        self.cash += fen
        return movement

    @rule(target=undoable, programme=PROGRAMMES, fen=AMOUNTS)
    def allocate(self, programme: str, fen: int) -> object:
        movement = ledger.allocate(FUND, programme, fen)
        if not self.post(movement, fits=fen <= self.free):
            return multiple()
        self.free -= fen
        self.move(programme, allocated=fen)
        return movement

    @rule(target=reserved, programme=PROGRAMMES, fen=AMOUNTS)
    def reserve(self, programme: str, fen: int) -> object:
        fits = fen <= self.allocated.get(programme, 0)
        if not self.post(ledger.reserve(FUND, programme, fen), fits=fits):
            return multiple()
        self.move(programme, allocated=-fen, promised=fen)
        return (programme, fen)

    @rule(line=consumes(reserved))
    def pay(self, line: tuple[str, int]) -> None:
        self.post(ledger.pay(FUND, *line), fits=True)
        self.move(line[0], promised=-line[1])
        self.cash -= line[1]

    @rule(target=bounced, line=consumes(reserved))
    def bank_rejects(self, line: tuple[str, int]) -> tuple[str, int]:
        self.post(ledger.give_back(FUND, *line), fits=True)
        self.move(line[0], allocated=line[1], promised=-line[1])
        return line

    @rule(line=consumes(reserved))
    def batch_rejected(self, line: tuple[str, int]) -> None:
        self.post(ledger.release(FUND, *line), fits=True)
        self.move(line[0], allocated=line[1], promised=-line[1])

    @rule(target=reserved, line=consumes(bounced))
    def issue_again(self, line: tuple[str, int]) -> object:
        return self.reserve(*line)

    @rule(movement=consumes(undoable))
    def reverse(self, movement: Movement) -> None:
        fen = abs(movement.entries[0].amount_fen)
        if movement.kind is Kind.RECEIPT:
            if self.post(ledger.reverse(movement), fits=fen <= self.free):
                self.free -= fen
                self.cash -= fen
            return
        programme = movement.entries[1].place.programme_code
        if self.post(ledger.reverse(movement), fits=fen <= self.allocated[programme]):
            self.move(programme, allocated=-fen)
            self.free += fen

    @invariant()
    def entries_balance(self) -> None:
        assert sum(entry.amount_fen for entry in self.entries) == 0

    @invariant()
    def nothing_is_below_zero(self) -> None:
        assert all(balance >= 0 for balance in self.balances.values())

    @invariant()
    def the_ledger_counts_as_a_purse_does(self) -> None:
        assert self.balances.get(Place(fund_id=FUND, account=Account.CASH), 0) == self.cash
        assert self.balances.get(Place(fund_id=FUND, account=Account.UNALLOCATED), 0) == self.free
        for account, expected in ((Account.ALLOCATED, self.allocated), (Account.RESERVED, self.promised)):
            for programme, fen in expected.items():
                place = Place(fund_id=FUND, account=account, programme_code=programme)
                assert self.balances.get(place, 0) == fen


LedgerMachine.TestCase.settings = settings(max_examples=500, stateful_step_count=30, deadline=None)
TestLedger = LedgerMachine.TestCase


@pytest.mark.parametrize("fen", [0, -1])
def test_money_moves_by_more_than_nothing(fen: int) -> None:
    with pytest.raises(AmountNotPositive):
        ledger.receive(FUND, fen)


def test_entries_that_do_not_balance_are_refused() -> None:
    entry = Entry(place=Place(fund_id=FUND, account=Account.CASH), amount_fen=1)

    with pytest.raises(EntriesUnbalanced):
        ledger.post({}, Movement(kind=Kind.RECEIPT, fund_id=FUND, entries=(entry,)))


@pytest.mark.parametrize("move", [ledger.reserve, ledger.pay, ledger.release, ledger.give_back])
def test_only_receipts_and_allocations_are_reversed(move: object) -> None:
    assert callable(move)
    fund: UUID = FUND

    with pytest.raises(TransactionNotReversible):
        ledger.reverse(move(fund, "vegetables", 1))
