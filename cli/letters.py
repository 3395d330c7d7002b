"""Dead letters at the database of one service, for an operator: listed, shown, replayed, given up.

A service's code is loaded for a replay alone: to look at its letters takes its database only.
"""

import getpass
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis import dead_letters, schema
from chassis.auth import Principal
from chassis.clock import BusinessClock
from chassis.crypto import Cipher
from chassis.database import Database
from chassis.errors import NotFound
from chassis.peers import HttpPeers
from chassis.runtime import Runtime
from chassis.secrets import load_secrets
from chassis.settings import ServiceSettings, addresses
from chassis.unit_of_work import UnitOfWork
from cli import postgres
from cli.catalogue import load

Units = Callable[[], UnitOfWork]

OPEN = frozenset({"parked", "waiting"})
MOST_LISTED = 1_000
KEY_BYTES = 32


class NoDatabase(Exception):  # noqa: N818 - a sentence, as all errors here
    """The folder holds no database, and no other was named."""


async def list_letters(service: str, data: Path, state: str | None) -> list[dict[str, Any]]:
    """Return the letters in a state, the open ones without a state named; payloads stay where they are."""
    async with _units(service, data) as units:
        letters = await _listed(units, state)
    return [
        {"service": service, **letter} for letter in letters if state is not None or letter["state"] in OPEN
    ]


async def show_letter(service: str, data: Path, letter_id: UUID) -> dict[str, Any]:
    """Return one letter and the ids of those that wait behind it; NotFound for an unknown one."""
    async with _units(service, data) as units:
        letters = await _listed(units, None)
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
    from chassis.effects import one_by_one

    async with _units(service, data, load_secrets(data).cipher()) as units:
        apply = one_by_one(load(service), units)
        return await dead_letters.replay(letter_id, by=getpass.getuser(), unit_factory=units, apply=apply)


async def discard_letter(service: str, data: Path, letter_id: UUID) -> None:
    """Give a letter up."""
    async with _units(service, data) as units:
        await dead_letters.discard(letter_id, by=getpass.getuser(), unit_factory=units)


async def _listed(units: Units, state: str | None) -> list[dict[str, Any]]:
    async with units() as unit:
        rows = await dead_letters.list_dead_letters(unit.driver, state=state, limit=MOST_LISTED)
    return [{name: _plain(value) for name, value in dict(row).items()} for row in rows]


@asynccontextmanager
async def _units(service: str, data: Path, cipher: Cipher | None = None) -> AsyncIterator[Units]:
    """Yield units of work on the service's own database, the embedded server of the folder running meanwhile.

    Only what a replay applies needs the keys of the installation; who looks has made-up ones, which open nothing.
    """
    async with AsyncExitStack() as stack:
        url = ServiceSettings.of(service).database_url or await _embedded(stack, service, data)
        peers = HttpPeers(addresses())
        stack.push_async_callback(peers.close)
        runtime = Runtime(
            service=service,
            database=Database(url, pool_size=2, application_name="tuopin dead-letters"),
            clock=BusinessClock(),
            cipher=cipher or Cipher(os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)),
            peers=peers,
        )
        stack.push_async_callback(runtime.database.close)
        # What a replay does is the consumer's work, only late.
        consumer = Principal(actor_id=f"{service}-consumer", roles=frozenset({"service"}), area="")
        yield lambda: UnitOfWork(runtime, consumer)


async def _embedded(stack: AsyncExitStack, service: str, data: Path) -> str:
    if not (data / "postgres" / "PG_VERSION").exists():
        raise NoDatabase(f"{data} holds no database; name the folder with --data.")
    server = stack.enter_context(postgres.running(data))
    return schema.url_as(await postgres.ensure_database(server), schema.role_of(service))


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str | None) else str(value)
