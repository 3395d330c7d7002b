"""Whoever writes to an embedded platform, remembering every key and every acknowledged answer."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from chassis.ids import new_id
from chassis.secrets import load_secrets
from contracts import roles
from tests.faults.clockwork import seconds_until

PASSWORD = "A-long-way-to-go-2016"
CALLERS = 6
AMOUNT = {"amount": {"amount": "1.00", "currency": "CNY"}}
ACCOUNT = {"holder": "Eryuan County Finance Bureau", "number": "53290001", "bank_code": "402751000018"}
RECEIVED = "finance.fund-received.v1"


@dataclass(slots=True)
class Office:
    """Whoever writes, with the keys and answers of what was acknowledged and the keys of what was not."""

    client: httpx.AsyncClient
    tokens: dict[str, str] = field(default_factory=dict)
    path: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def send(
        self, method: str, path: str, role: str = "", key: str = "", **request: Any
    ) -> httpx.Response:
        """Send one request as somebody."""
        headers = {"idempotency-key": key or new_id().hex}
        if role:
            headers["authorization"] = f"Bearer {self.tokens[role]}"
        return await self.client.request(method, path, headers=headers, **request)

    async def log_in(self, role: str, name: str, one_time: str) -> None:
        """Choose a password and open a session."""
        change = {"name": name, "current_password": one_time, "new_password": PASSWORD}
        changed = await self.send("POST", "/gateway/v1/passwords", json=change)
        assert changed.status_code == 204, changed.text
        opened = await self.send("POST", "/gateway/v1/sessions", json={"name": name, "password": PASSWORD})
        self.tokens[role] = opened.json()["token"]

    async def furnish(self, data: Path) -> None:
        """Hire an officer and an auditor, and open a fund."""
        one_time = load_secrets(data).administrator_password() or ""
        await self.log_in(roles.ADMINISTRATOR, "administrator", one_time)
        for role, name in ((roles.OFFICER, "officer"), (roles.AUDITOR, "auditor")):
            area = "532930" if role == roles.OFFICER else ""
            body: dict[str, Any] = {"name": name, "roles": [role], "area": area}
            made = await self.send("POST", "/gateway/v1/accounts", roles.ADMINISTRATOR, json=body)
            await self.log_in(role, name, made.json()["one_time_password"])
        body = {"source": "special", "name": "Fund", "account": ACCOUNT}
        opened = await self.send("POST", "/finance/v1/funds", roles.OFFICER, json=body)
        assert opened.status_code == 201, opened.text
        self.path = f"/finance/v1/funds/{opened.json()['id']}/receipts"

    async def receive(self, key: str) -> httpx.Response:
        """Let the fund receive one yuan."""
        return await self.send("POST", self.path, roles.OFFICER, key, json=AMOUNT)

    async def write_for_ever(self) -> None:
        """Send commands until nobody answers any more."""
        while True:
            key = new_id().hex
            self.asked.append(key)
            try:
                answer = await self.receive(key)
            except httpx.HTTPError:
                return
            if answer.status_code == 201:
                self.answers[key] = answer.json()


async def not_found_again(office: Office) -> list[str]:
    """Ask every command again under its key; return those acknowledged before whose answer is not the same now."""
    gate = asyncio.Semaphore(CALLERS)

    async def is_found(key: str) -> bool:
        async with gate:
            again = await office.receive(key)
        assert again.status_code == 201, again.text
        before = office.answers.get(key)
        office.answers[key] = again.json()
        is_replayed = again.headers.get("idempotency-replayed") == "true"
        return before is None or (is_replayed and before == again.json())

    found = await asyncio.gather(*(is_found(key) for key in office.asked))
    return [key for key, is_there in zip(office.asked, found, strict=True) if not is_there]


async def heard(office: Office) -> int:
    """Return how many receipts supervision has heard of."""
    count, after = 0, ""
    while True:
        query = f"/supervision/v1/trail?type={RECEIVED}&limit=500" + (f"&after={after}" if after else "")
        page = (await office.send("GET", query, roles.AUDITOR)).json()
        count += len(page["items"])
        after = page.get("next") or ""
        if not after:
            return count


async def heard_of_all(office: Office) -> int:
    """Wait until supervision has heard of every receipt; return how many it knows."""

    async def has_heard() -> bool:
        return await heard(office) >= len(office.answers)

    await seconds_until(has_heard, 30)
    return await heard(office)
