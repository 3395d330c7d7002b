"""Dead letters at the database of one service, for an operator: listed, shown, replayed, given up."""

import getpass
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis import dead_letters, schema
from chassis.bus.postgres import OutboxLog
from chassis.clock import BusinessClock
from chassis.consumer import Consumer
from chassis.errors import NotFound
from chassis.health import Progress
from chassis.peers import HttpPeers
from chassis.process import Worker, make_worker
from chassis.run import addresses
from chassis.secrets import load_secrets
from chassis.settings import ServiceSettings
from cli import postgres
from cli.catalogue import load

OPEN = frozenset({"parked", "waiting"})
MOST_LISTED = 1_000


class NoDatabase(Exception):  # noqa: N818 - a sentence, as all errors here
    """The folder holds no database, and no other was named."""


async def list_letters(service: str, data: Path, state: str | None) -> list[dict[str, Any]]:
    """Return the letters in a state, the open ones without a state named; payloads stay where they are."""
    async with _worker(service, data) as worker:
        letters = await _listed(worker, state)
    return [
        {"service": service, **letter} for letter in letters if state is not None or letter["state"] in OPEN
    ]


async def show_letter(service: str, data: Path, letter_id: UUID) -> dict[str, Any]:
    """Return one letter and the ids of those that wait behind it; NotFound for an unknown one."""
    async with _worker(service, data) as worker:
        letters = await _listed(worker, None)
    one = next((letter for letter in letters if letter["id"] == str(letter_id)), None)
    if one is None:
        raise NotFound("No dead letter has that id.")
    behind = [
        letter["id"]
        for letter in letters
        if (letter["topic"], letter["key"]) == (one["topic"], one["key"])
        and letter["state"] in OPEN
        and letter["order_no"] > one["order_no"]
    ]
    return {"service": service, **one, "waiting_behind": behind}


async def replay_letter(service: str, data: Path, letter_id: UUID) -> int:
    """Apply a letter and those behind it until one fails again; return how many went."""
    async with _worker(service, data) as worker:
        # Only its way to apply one message is used: it reads from no bus.
        consumer = Consumer(worker.service, OutboxLog({}, []), worker.unit, Progress("replay"))
        return await dead_letters.replay(
            letter_id, by=getpass.getuser(), unit_factory=worker.unit, apply=consumer.apply_alone
        )


async def discard_letter(service: str, data: Path, letter_id: UUID) -> None:
    """Give a letter up."""
    async with _worker(service, data) as worker:
        await dead_letters.discard(letter_id, by=getpass.getuser(), unit_factory=worker.unit)


async def _listed(worker: Worker, state: str | None) -> list[dict[str, Any]]:
    async with worker.unit("operator") as unit:
        rows = await dead_letters.list_dead_letters(unit.driver, state=state, limit=MOST_LISTED)
    return [{name: _plain(value) for name, value in dict(row).items()} for row in rows]


@asynccontextmanager
async def _worker(service: str, data: Path) -> AsyncIterator[Worker]:
    """Yield the service on its own database, the embedded server of the folder running meanwhile."""
    async with AsyncExitStack() as stack:
        url = ServiceSettings.of(service).database_url or await _embedded(stack, service, data)
        worker = make_worker(
            load(service),
            url,
            cipher=load_secrets(data).cipher(),
            peers=HttpPeers(addresses()),
            clock=BusinessClock(),
            pool_size=2,
        )
        stack.push_async_callback(worker.runtime.database.close)
        yield worker


async def _embedded(stack: AsyncExitStack, service: str, data: Path) -> str:
    if not (data / "postgres" / "PG_VERSION").exists():
        raise NoDatabase(f"{data} holds no database; name the folder with --data.")
    server = stack.enter_context(postgres.running(data))
    return schema.url_as(await postgres.ensure_database(server), schema.role_of(service))


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str | None) else str(value)
