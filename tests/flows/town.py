"""A small town on an embedded platform of its own, reached over HTTP: people with accounts, one paid way from file to bank."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
from stdnum.cn import ric

from chassis.database import plain_dsn
from chassis.ids import new_id
from cli.api import Api
from cli.bank import BankDecision, answer_order
from cli.catalogue import ALL
from cli.commands.register import import_divisions
from cli.demo.bulk import until
from cli.demo.people import People, invite
from cli.demo.platform import DemoPlatform, embedded
from cli.sample.county import small_county
from cli.sample.division import division_bytes

COUNTY = "532931"
TOWNSHIP = "532931901"
VILLAGE = "532931901901"
STATISTICS = tuple(f"/{name}/v1/statistics" for name in ("registry", "subsidy", "relocation", "finance"))


@dataclass
class Town:
    """The platform, the people, and what has been made so far."""

    platform: DemoPlatform
    people: People
    clerk: Api
    made: dict[str, str] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    paid_report: bytes = b""

    @property
    def officer(self) -> Api:
        """The platform as the county officer sees it."""
        return self.people.officer.api

    async def send(
        self,
        api: Api,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send one request as it is, and keep the body of its answer when it is a problem."""
        given = {"authorization": f"Bearer {api.token}", "idempotency-key": new_id().hex, **(headers or {})}
        response = await api._http.request(method, path, content=content, headers=given)
        if response.is_error:
            self.bodies.append(response.content)
        return response

    async def post(self, api: Api, path: str, body: object) -> httpx.Response:
        """Send JSON as it is."""
        return await self.send(
            api, "POST", path, content=json.dumps(body).encode(), headers={"content-type": "application/json"}
        )

    async def state(self) -> list[Any]:
        """Return every figure of every service and how many facts each has recorded."""
        figures = [await self.officer.get(path) for path in STATISTICS]
        for one in figures:
            one.pop("lineage", None)  # it says when it was counted
        connection = await asyncpg.connect(plain_dsn(self.platform.database))
        counts = [await connection.fetchval(f"SELECT count(*) FROM {name}.outbox") for name in ALL]  # noqa: S608
        await connection.close()
        return [*figures, await self.officer.get("/finance/v1/balances"), counts]

    def peak_mib(self) -> int:
        """Return the most memory the platform's process ever held."""
        status = Path(f"/proc/{self.platform.fleet.find('up').pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024

    async def file(self, body: dict[str, Any]) -> str:
        """File and verify a household, and wait until it is known."""
        filed = await self.clerk.post("/registry/v1/households", body)
        await self.officer.post(f"/registry/v1/households/{filed['id']}/verifications", {})

        async def known() -> bool:
            figures = await self.officer.get("/subsidy/v1/statistics")
            return bool(figures["floor"]["households_on_register"])

        await until("subsidy to hear of the household", known)
        return str(filed["id"])

    async def open_money(self, account: dict[str, str]) -> None:
        """Publish a programme, and set a fund's money aside for it."""
        programme = {
            "code": "pigs",
            "kind": "industry",
            "unit": "head",
            "rate": {"amount": "1000.00"},
            "floor": {"amount": "3000.00"},
            "effective_from": "2016-01-01",
            "basis_document": "样例〔2016〕1号",
        }
        await self.officer.post("/subsidy/v1/programmes", programme)
        fund = {"source": "special", "name": "专项扶贫资金", "account": account}
        self.made["fund"] = (await self.officer.post("/finance/v1/funds", fund))["id"]
        path = f"/finance/v1/funds/{self.made['fund']}/receipts"
        await self.officer.post(path, {"amount": {"amount": "50000.00"}})
        allocation = {
            "fund_id": self.made["fund"],
            "programme_code": "pigs",
            "amount": {"amount": "40000.00"},
        }
        await self.officer.post("/finance/v1/allocations", allocation)

    async def release_batch(self, household_id: str, photo: str) -> str:
        """Claim, accept, approve; make, check and release a batch of one payment; return the batch."""
        taken_at = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(
            hours=1
        )  # lint: allow-clock because a photo is real
        claim = await self.clerk.post(
            "/subsidy/v1/claims",
            {
                "household_id": household_id,
                "programme_code": "pigs",
                "item": "pig",
                "unit": "head",
                "declared_quantity": "3",
                "evidence": [
                    {
                        "photo_sha256": photo,
                        "taken_at": taken_at.isoformat(),
                        "latitude": "26.1",
                        "longitude": "99.9",
                    }
                ],
            },
        )
        path = f"/subsidy/v1/claims/{claim['id']}"
        await self.clerk.post(f"{path}/acceptances", {"accepted_quantity": "3"})
        await self.officer.post(f"{path}/approvals")
        payment = await self._payment_of(claim["id"])
        batch = await self.officer.post(
            "/finance/v1/batches",
            {
                "programme_code": "pigs",
                "payment_ids": [payment],
                "declared_count": 1,
                "declared_sum": "3000.00",
            },
        )
        await self.people.checker.api.post(f"/finance/v1/batches/{batch['id']}/approvals")
        await self.people.payer.api.post(f"/finance/v1/batches/{batch['id']}/releases")
        return str(batch["id"])

    async def until_paid(self, amount: str) -> None:
        """Return when subsidy has heard that so much reached its households."""

        async def heard() -> bool:
            figures = await self.officer.get("/subsidy/v1/statistics")
            return bool(figures["recipients"]["amount"]["amount"] == amount)

        await until("subsidy to hear of the money", heard)

    async def _payment_of(self, claim_id: str) -> str:
        found: list[str] = []

        async def drafted() -> bool:
            items = await self.officer.all("/finance/v1/payments", status="drafted")
            found.extend(one["id"] for one in items if one["source_id"] == claim_id)
            return bool(found)

        await until("finance to take the payment on", drafted)
        return found[0]

    async def order(self, batch_id: str) -> bytes:
        """Return the bank's order for a batch."""
        bank = await self.people.bank.visit()
        return (await bank.request("GET", f"/finance/v1/bank/batches/{batch_id}/document")).content

    def report_on(self, order: bytes, report_id: str = "R1") -> bytes:
        """Return the bank's report that pays an order."""
        now = datetime.now(
            ZoneInfo("Asia/Shanghai")
        )  # lint: allow-clock because a bank has a clock of its own
        return answer_order(order, BankDecision(report_id=report_id, decided_at=now))

    async def hand_in(self, report: bytes) -> httpx.Response:
        """Hand a report in as the bank."""
        bank = await self.people.bank.visit()
        return await self.send(
            bank,
            "POST",
            "/finance/v1/bank/reports",
            content=report,
            headers={"content-type": "application/xml"},
        )


@asynccontextmanager
async def open_town(folder: Path) -> AsyncIterator[Town]:
    """Start a platform on a folder, give everybody an account, import the small county's divisions."""
    async with AsyncExitStack() as stack:
        platform = stack.enter_context(embedded(folder / "data", 0))
        people = await invite(stack, platform.address, platform.data, county=COUNTY, towns=[TOWNSHIP])
        clerks = await people.clerks()
        await import_divisions(people.officer.api, division_bytes(small_county()))
        yield Town(platform, people, clerks[TOWNSHIP].api)


def identity(birth: str, sequence: str) -> str:
    """Return a valid identity number of the small county."""
    base = f"{COUNTY}{birth}{sequence}"
    return base + str(ric.calc_check_digit(base + "0"))


def household(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a household of one to file."""
    return {
        "file_number": f"T-{number:04d}",
        "village_code": VILLAGE,
        "attribute": "01",
        "standard": "1",
        "cause": "01",
        "bank_code": "002731000012",
        "account": f"62000000000000{number:05d}",
        "housing_area_m2": "80.5",
        "wage_income": "1000.00",
        "business_income": "500.00",
        "transfer_income": "0.00",
        "property_income": "0.00",
        "production_cost": "100.00",
        "members": [member(number)],
    } | changes


def member(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a man who is head of his household."""
    return {
        "name": "样本甲",
        "identity_number": identity("19700101", f"{number * 2 % 1000 + 1:03d}"),
        "sex": "1",
        "relation": "02",
        "ethnic_group": "14",
        "education": "03",
        "schooling": "00",
        "health": "01",
        "labour": "01",
        "work": "00",
        "medical_scheme": True,
    } | changes
