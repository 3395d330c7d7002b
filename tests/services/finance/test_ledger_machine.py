"""The same money moved at random through the public commands: domain and database never disagree."""

import asyncio
from collections.abc import Coroutine
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.kit import Harness
from tests.services.finance import builders as b

YUAN = st.integers(min_value=1, max_value=5_000)
UNBALANCED = """
SELECT transaction_id FROM finance.journal_entry GROUP BY transaction_id HAVING sum(amount_fen) <> 0
"""
WRONG_BALANCE = """
SELECT 1 FROM finance.account_balance AS held WHERE held.balance_fen < 0 OR held.balance_fen <> (
    SELECT sum(CASE account WHEN 'cash' THEN amount_fen ELSE -amount_fen END) FROM finance.journal_entry AS e
    WHERE (e.fund_id, e.account, e.programme_code) = (held.fund_id, held.account, held.programme_code))
"""
PAID_TWICE = """
SELECT obligation_id FROM finance.payment WHERE status <> 'rejected' GROUP BY obligation_id HAVING count(*) > 1
"""


class DatabaseMachine(RuleBasedStateMachine):
    """Receives, allocates, reserves, pays, bounces, reverses and issues again."""

    finance: ClassVar[Harness]
    loop: ClassVar[asyncio.AbstractEventLoop]

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run work on the test's own loop: the machine lives in a thread beside it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    @initialize()
    def start(self) -> None:
        self.fund_id: str = self.wait(
            b.open_fund(self.finance, name=f"Fund {id(self)}-{len(self.wait(self.finance.facts()))}")
        )

    @rule(yuan=YUAN)
    def receive(self, yuan: int) -> None:
        assert self.wait(b.receive(self.finance, self.fund_id, f"{yuan}.00")).status_code == 201

    @rule(yuan=YUAN)
    def allocate(self, yuan: int) -> None:
        assert self.wait(b.allocate(self.finance, self.fund_id, f"{yuan}.00")).status_code in {201, 409}

    @rule()
    def reverse_newest(self) -> None:
        rows = self.wait(
            self.finance.sql("SELECT id FROM finance.journal_transaction ORDER BY id DESC LIMIT 1")
        )
        path = f"/finance/v1/journal/{rows[0]['id']}/reversals"
        assert self.wait(b.officer(self.finance, path, {"reason": "random"})).status_code in {201, 409}

    @rule(count=st.integers(1, 3), is_rejected=st.booleans())
    def reserve(self, count: int, *, is_rejected: bool) -> None:
        ids = self.wait(b.hear_claims(self.finance, count))
        answer = self.wait(b.officer(self.finance, "/finance/v1/batches", b.batch_body(ids)))
        assert answer.status_code in {201, 409}
        if answer.status_code == 201 and is_rejected:
            assert self.wait(b.reject(self.finance, answer.json()["id"])).status_code == 201

    @rule(bounces=st.booleans())
    def pay(self, *, bounces: bool) -> None:
        rows = self.wait(self.finance.sql("SELECT id FROM finance.batch WHERE status = 'drafted' LIMIT 1"))
        if not rows:
            return
        batch_id = str(rows[0]["id"])
        self.wait(b.approve(self.finance, batch_id))
        self.wait(b.release(self.finance, batch_id))
        lines = self.wait(
            self.finance.sql("SELECT id FROM finance.payment WHERE batch_id = $1", UUID(batch_id))
        )
        rejected = {lines[0]["id"]: "AC04"} if bounces else {}
        report = self.wait(b.bank_answers(self.finance, batch_id, rejected=rejected))
        assert self.wait(b.report(self.finance, report)).status_code == 201

    @rule()
    def issue_again(self) -> None:
        for row in self.wait(
            self.finance.sql("SELECT id FROM finance.payment WHERE status = 'rejected' LIMIT 1")
        ):
            path = f"/finance/v1/payments/{row['id']}/reissues"
            assert self.wait(b.officer(self.finance, path, None)).status_code in {201, 409}

    @invariant()
    def the_books_are_right(self) -> None:
        for fault in (UNBALANCED, WRONG_BALANCE, PAID_TWICE):
            assert self.wait(self.finance.sql(fault)) == []


async def test_money_moved_at_random_always_balances(finance: Harness) -> None:
    DatabaseMachine.finance = finance
    DatabaseMachine.loop = asyncio.get_running_loop()
    chosen = settings(
        max_examples=8,
        stateful_step_count=12,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, DatabaseMachine, settings=chosen)
