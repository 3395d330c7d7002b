"""What the tests of finance start from: money set aside, items to pay, a registry and a bank of their own."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from starlette.types import Receive, Scope, Send

from chassis.ids import new_id
from cli.bank import BankDecision, answer_order
from contracts import roles
from contracts.events.relocation import HousingSubsidyDue
from contracts.events.subsidy import ClaimApproved
from tests.kit import Harness

TODAY = date(2016, 12, 1)
PROGRAMME = "vegetables"
VILLAGE = "532930101201"
COUNTY = "532930"
CANARY_NAME = "段金花甲"
CANARY_ACCOUNT = "6217000000001234"
BANK_CODE = "402751000018"
XML = {"content-type": "application/xml"}


@dataclass(slots=True)
class ForeignRegistry:
    """A registry that answers payees: not ours, so it may also fail, or give an account that cannot be paid."""

    is_down: bool = False
    accounts: dict[str, str] = field(default_factory=dict)
    bank_code: str = BANK_CODE
    missing: set[str] = field(default_factory=set)
    without_account: set[str] = field(default_factory=set)
    questions: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        question = json.loads((await receive())["body"])
        self.questions.append(question)
        items = [
            {
                "household_id": household,
                "name": CANARY_NAME,
                "account": None
                if household in self.without_account
                else self.accounts.get(household, CANARY_ACCOUNT),
                "bank_code": None if household in self.without_account else self.bank_code,
            }
            for household in question["household_ids"]
            if household not in self.missing
        ]
        status = 500 if self.is_down else 200
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        answer = {"items": items, "missing": sorted(self.missing & set(question["household_ids"]))}
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


def registry_of(finance: Harness) -> ForeignRegistry:
    registry = finance.peer_apps["registry"]
    assert isinstance(registry, ForeignRegistry)
    return registry


async def open_fund(
    finance: Harness, *, name: str = "Special fund", yuan: str | None = "1000000.00", **more: Any
) -> str:
    """Open a special fund and let it receive money."""
    account = {"holder": "Eryuan County Finance Bureau", "number": "53290001", "bank_code": BANK_CODE}
    body = {"source": "special", "name": name, "account": account} | more
    opened = await officer(finance, "/finance/v1/funds", body)
    assert opened.status_code == 201, opened.text
    fund_id = str(opened.json()["id"])
    if yuan is not None:
        received = await receive(finance, fund_id, yuan)
        assert received.status_code == 201, received.text
    return fund_id


async def receive(finance: Harness, fund_id: str, yuan: str) -> httpx.Response:
    body = {"amount": {"amount": yuan, "currency": "CNY"}}
    return await officer(finance, f"/finance/v1/funds/{fund_id}/receipts", body)


async def allocate(finance: Harness, fund_id: str, yuan: str, programme: str = PROGRAMME) -> httpx.Response:
    body = {"fund_id": fund_id, "programme_code": programme, "amount": {"amount": yuan, "currency": "CNY"}}
    return await officer(finance, "/finance/v1/allocations", body)


async def officer(
    finance: Harness, path: str, body: Any, *, actor: str = "maker", **more: Any
) -> httpx.Response:
    return await finance.call(
        "POST", path, roles=[roles.OFFICER], area=COUNTY, actor=actor, json=body, **more
    )


def claim(*, fen: int = 100_000, programme: str = PROGRAMME, period: str = "2016") -> ClaimApproved:
    return ClaimApproved(
        claim_id=new_id(),
        household_id=uuid4(),
        programme_code=programme,
        period=period,
        amount_fen=fen,
        approved_on=TODAY,
    )


def due(*, fen: int = 2_000_000) -> HousingSubsidyDue:
    return HousingSubsidyDue(
        due_id=new_id(),
        house_id=new_id(),
        household_id=uuid4(),
        programme_code="housing",
        period="2016",
        stage="completed",
        stage_on=TODAY,
        amount_fen=fen,
        due_on=TODAY,
    )


async def hear_claims(finance: Harness, count: int, *, fen: int = 100_000) -> list[UUID]:
    """Take on claims and return their payment items, oldest first."""
    heard = [claim(fen=fen) for _ in range(count)]
    for fact in heard:
        await finance.hear(fact, area=VILLAGE)
    rows = await finance.sql(
        "SELECT id FROM finance.payment WHERE source_id = ANY($1::uuid[]) ORDER BY id",
        [f.claim_id for f in heard],
    )
    return [row["id"] for row in rows]


def batch_body(ids: list[UUID], *, fen: int = 100_000, **changes: Any) -> dict[str, Any]:
    yuan = f"{len(ids) * fen // 100}.{len(ids) * fen % 100:02d}"
    return {
        "programme_code": PROGRAMME,
        "payment_ids": [str(each) for each in ids],
        "declared_count": len(ids),
        "declared_sum": yuan,
    } | changes


async def draft(finance: Harness, ids: list[UUID], **changes: Any) -> str:
    """Draft a batch and return its id."""
    answer = await officer(finance, "/finance/v1/batches", batch_body(ids, **changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def approve(
    finance: Harness, batch_id: str, *, actor: str = "checker", role: str = roles.CHECKER
) -> httpx.Response:
    return await finance.call(
        "POST", f"/finance/v1/batches/{batch_id}/approvals", roles=[role], area=COUNTY, actor=actor
    )


async def release(
    finance: Harness, batch_id: str, *, actor: str = "payer", role: str = roles.PAYER
) -> httpx.Response:
    return await finance.call(
        "POST", f"/finance/v1/batches/{batch_id}/releases", roles=[role], area=COUNTY, actor=actor
    )


async def reject(
    finance: Harness, batch_id: str, *, actor: str = "checker", role: str = roles.CHECKER
) -> httpx.Response:
    return await finance.call(
        "POST", f"/finance/v1/batches/{batch_id}/rejections", roles=[role], area=COUNTY, actor=actor
    )


async def sent_batch(finance: Harness, ids: list[UUID], **changes: Any) -> str:
    """Draft, approve and release a batch."""
    batch_id = await draft(finance, ids, **changes)
    for step in (approve, release):
        answer = await step(finance, batch_id)
        assert answer.status_code == 201, answer.text
    return batch_id


async def order_of(finance: Harness, batch_id: str, *, actor: str = "bank") -> bytes:
    """Return the document as the bank takes it."""
    answer = await finance.call(
        "GET", f"/finance/v1/bank/batches/{batch_id}/document", roles=[roles.BANK], actor=actor
    )
    assert answer.status_code == 200, answer.text
    return answer.content


async def report(
    finance: Harness, document: bytes, *, key: str | None = None, actor: str = "bank"
) -> httpx.Response:
    return await finance.call(
        "POST",
        "/finance/v1/bank/reports",
        roles=[roles.BANK],
        actor=actor,
        key=key,
        content=document,
        headers=XML,
    )


async def bank_answers(
    finance: Harness,
    batch_id: str,
    *,
    report_id: str = "R1",
    rejected: dict[UUID, str] | None = None,
    pending: list[UUID] | None = None,
    lists_lines: bool = True,
    actor: str = "bank",
) -> bytes:
    """Return what the sample bank would report."""
    today = finance.clock.today()
    decision = BankDecision(
        report_id=report_id,
        decided_at=datetime(today.year, today.month, today.day, 4, tzinfo=UTC),
        rejected={each.hex: code for each, code in (rejected or {}).items()},
        pending=[each.hex for each in pending or []],
        lists_lines=lists_lines,
    )
    return answer_order(await order_of(finance, batch_id, actor=actor), decision)


async def statuses(finance: Harness) -> list[str]:
    rows = await finance.sql("SELECT status FROM finance.payment ORDER BY id")
    return [row["status"] for row in rows]


async def balances(finance: Harness) -> dict[str, int]:
    """Return what the accounts of all funds hold together."""
    rows = await finance.sql(
        "SELECT account, sum(balance_fen)::bigint AS fen FROM finance.account_balance GROUP BY account"
    )
    return {row["account"]: row["fen"] for row in rows}


async def facts_of(finance: Harness, kind: str) -> int:
    return sum(1 for envelope in await finance.facts() if envelope.type == f"finance.{kind}.v1")
