"""Finance with twenty thousand approved claims to pay, a registry that names payees, and a bank that keeps its own books."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from chassis import schema
from chassis.clock import BusinessClock
from chassis.database import plain_dsn
from chassis.ids import new_id
from chassis.peers import HttpPeers
from chassis.process import make_worker
from chassis.secrets import Secrets, prepare_secrets
from chassis.serving import HttpServer, listen
from cli.bank import BankDecision, answer_order, read_order
from contracts import roles
from contracts.events.subsidy import ClaimApproved
from deploy.engines.place import find_free_port
from services.finance.main import SERVICE as FINANCE
from services.subsidy.main import SERVICE as SUBSIDY
from tests.faults.stage import PASSWORD
from tests.services.finance.builders import COUNTY, PROGRAMME, VILLAGE, XML, ForeignRegistry

LINES = 20_000
LINES_OF_BATCH = 500
FEN = 10_000
RETRY_SECONDS = 0.05
# What a caller repeats with the same key: nobody answered, the first is still running, the database was away.
AGAIN = {409, 503}
FREE = "SELECT id FROM finance.payment WHERE status = 'drafted' AND id > $1 ORDER BY id LIMIT $2"
FIGURES = """
SELECT (SELECT count(*) FROM subsidy.outbox AS o WHERE NOT EXISTS (
           SELECT 1 FROM finance.payment AS p WHERE p.source_id = o.key::uuid AND p.status = 'settled')) AS lost,
       (SELECT count(*) - count(DISTINCT source_id) FROM finance.payment) AS items_twice,
       (SELECT count(*) - count(DISTINCT payment_id) FROM finance.bank_line) AS lines_twice,
       (SELECT count(*) - count(DISTINCT key) FROM finance.outbox WHERE type = 'finance.payment-settled.v1')
           AS settled_twice,
       (SELECT count(*) FROM (SELECT transaction_id FROM finance.journal_entry
           GROUP BY transaction_id HAVING sum(amount_fen) <> 0) AS t) AS unbalanced,
       (SELECT sum(amount_fen)::bigint FROM finance.journal_entry WHERE account = 'cash') AS cash_fen,
       (SELECT count(*) FROM finance.dead_letter) AS parked
"""


@dataclass(slots=True)
class Bank:
    """What the bank has paid, by its own books: an instruction may stand in one batch only."""

    paid: Counter[str] = field(default_factory=Counter)

    def pay(self, document: bytes) -> bytes:
        """Execute an order and return the report on it."""
        order = read_order(document)
        self.paid.update(transfer.instruction_id for transfer in order.transfers)
        return answer_order(
            document, BankDecision(report_id=f"R-{order.message_id}", decided_at=datetime.now(UTC))
        )


class Treasury:
    """The finance service on a database of its own, called over HTTP by people who repeat what was not answered."""

    def __init__(self, admin_url: str, folder: Path, bootstrap: str = "") -> None:
        self.admin_url = admin_url
        self.folder = folder
        self.bootstrap = bootstrap
        self.secrets: Secrets = prepare_secrets(folder)
        self.bank = Bank()
        self.port = find_free_port()
        self.progress = 0
        self.repeated = 0
        self._registry_port = 0

    def _url(self, role: str) -> str:
        return schema.url_as(self.admin_url, role, password=PASSWORD)

    def environment(self) -> dict[str, str]:
        """Return what the processes are told."""
        return {
            "TUOPIN_DATA": str(self.folder),
            "TUOPIN_LOG_LEVEL": "WARNING",
            "TUOPIN_FINANCE_DATABASE_URL": self._url(schema.role_of("finance")),
            "TUOPIN_SUBSIDY_DATABASE_URL": self._url(schema.role_of("subsidy")),
            "TUOPIN_REGISTRY_URL": f"http://127.0.0.1:{self._registry_port}",
            "TUOPIN_KAFKA_BOOTSTRAP": self.bootstrap,
            "FAULTS_BUS_URL": plain_dsn(self._url(schema.BUS_ROLE)),
            "FAULTS_SOURCES": "subsidy",
        }

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Make the schemas, approve the claims, and let the registry answer until the block ends."""
        for service in (SUBSIDY, FINANCE):
            await schema.prepare(self.admin_url, service.name, password=PASSWORD)
            await schema.upgrade(self.admin_url, service.name, service.metadata, service.migrations)
        await schema.prepare_bus_role(self.admin_url, ["subsidy"], password=PASSWORD)
        await self._approve_claims()
        listener = listen("127.0.0.1", 0)
        self._registry_port = listener.getsockname()[1]
        registry = HttpServer(ForeignRegistry(), listener)
        serving = asyncio.create_task(registry.run_until_stopped())
        try:
            yield
        finally:
            registry.should_exit = True
            await serving

    async def _approve_claims(self) -> None:
        worker = make_worker(
            SUBSIDY,
            self._url(schema.role_of("subsidy")),
            cipher=self.secrets.cipher(),
            peers=HttpPeers({}),
            clock=BusinessClock(),
        )
        async with worker.unit() as unit:
            for _ in range(LINES):
                claim = ClaimApproved(
                    claim_id=new_id(), household_id=uuid4(), programme_code=PROGRAMME, period="2016",
                    amount_fen=FEN, approved_on=date(2016, 11, 1),
                )  # fmt: skip
                unit.record(claim, sequence=1, area=VILLAGE)
        await worker.runtime.database.close()

    # -- people, who repeat what was not answered

    async def send(
        self, method: str, path: str, role: str, *, key: str = "", **request: Any
    ) -> httpx.Response:
        """Send a request again and again, with the same key, until it is answered for good."""
        for attempt in itertools.count():
            self.repeated += attempt > 0
            headers = {
                "authorization": f"Bearer {self.secrets.minter().mint(role, (role,), COUNTY, None)}",
                **({"idempotency-key": key} if key else {}),
                **(XML if "content" in request else {}),
            }
            try:
                async with httpx.AsyncClient(timeout=30) as client:
                    url = f"http://127.0.0.1:{self.port}{path}"
                    answer = await client.request(method, url, headers=headers, **request)
            except httpx.HTTPError:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if answer.status_code not in AGAIN:
                assert answer.status_code in {200, 201}, answer.text
                return answer
            await asyncio.sleep(RETRY_SECONDS)
        raise AssertionError

    async def post(self, path: str, body: Any, role: str = roles.OFFICER) -> dict[str, Any]:
        """Send a command under a key of its own."""
        answer = await self.send("POST", path, role, key=new_id().hex, json=body)
        return dict(answer.json())

    async def fund(self) -> None:
        """Receive half as much again as is needed and set it aside."""
        account = {
            "holder": "Eryuan County Finance Bureau",
            "number": "53290001",
            "bank_code": "402751000018",
        }
        opened = await self.post(
            "/finance/v1/funds", {"source": "special", "name": "Fund", "account": account}
        )
        amount = {"amount": {"amount": "3000000.00", "currency": "CNY"}}
        await self.post(f"/finance/v1/funds/{opened['id']}/receipts", amount)
        allocation = {"fund_id": opened["id"], "programme_code": PROGRAMME, **amount}
        await self.post("/finance/v1/allocations", allocation)

    async def pay_everything(self) -> None:
        """Pay items in batches as they come in, two batches at a time, until all claims are paid."""
        gate = asyncio.Semaphore(2)
        async with self.admin() as connection, asyncio.TaskGroup() as group:
            last, taken = "00000000-0000-0000-0000-000000000000", 0
            while taken < LINES:
                rows = await connection.fetch(FREE, last, LINES_OF_BATCH)
                if len(rows) < min(LINES_OF_BATCH, LINES - taken):
                    await asyncio.sleep(0.1)
                    continue
                last, taken = rows[-1]["id"], taken + len(rows)
                await gate.acquire()
                group.create_task(self._pay([str(row["id"]) for row in rows], gate))

    async def _pay(self, ids: list[str], gate: asyncio.Semaphore) -> None:
        yuan = f"{len(ids) * FEN // 100}.00"
        body = {
            "programme_code": PROGRAMME, "payment_ids": ids, "declared_count": len(ids), "declared_sum": yuan,
        }  # fmt: skip
        batch = (await self.post("/finance/v1/batches", body))["id"]
        await self.post(f"/finance/v1/batches/{batch}/approvals", None, roles.CHECKER)
        await self.post(f"/finance/v1/batches/{batch}/releases", None, roles.PAYER)
        order = await self.send("GET", f"/finance/v1/bank/batches/{batch}/document", roles.BANK)
        report = self.bank.pay(order.content)
        await self.send("POST", "/finance/v1/bank/reports", roles.BANK, key=new_id().hex, content=report)
        self.progress += len(ids)
        gate.release()

    @asynccontextmanager
    async def admin(self) -> "AsyncIterator[asyncpg.Connection[Any]]":
        """Lend a connection that sees everything."""
        connection = await asyncpg.connect(plain_dsn(self.admin_url))
        try:
            yield connection
        finally:
            await connection.close()

    async def figures(self) -> dict[str, int]:
        """Return what is lost, paid twice or unbalanced, and what is left in the fund."""
        async with self.admin() as connection:
            row = await connection.fetchrow(FIGURES)
        paid_twice = sum(1 for times in self.bank.paid.values() if times > 1)
        return {**dict(row or {}), "bank_paid": len(self.bank.paid), "bank_paid_twice": paid_twice}


def clean_figures() -> dict[str, int]:
    """Return the figures of a treasury that lost, repeated and misbooked nothing."""
    none = dict.fromkeys(_names(), 0)
    return none | {"cash_fen": 300_000_000 - LINES * FEN, "bank_paid": LINES}


def _names() -> Iterator[str]:
    yield from (
        "lost",
        "items_twice",
        "lines_twice",
        "settled_twice",
        "unbalanced",
        "parked",
        "bank_paid_twice",
    )
