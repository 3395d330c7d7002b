"""A registry with a division tree and nobody filed yet, and callers with tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bench import harness
from bench.households import CLERK_AREA, DIVISIONS
from bench.log import runtime_of
from chassis import schema
from chassis.auth import Principal
from chassis.database import plain_dsn
from chassis.idempotency import Reservation
from chassis.runtime import Runtime
from chassis.secrets import Secrets, prepare_secrets
from chassis.unit_of_work import UnitOfWork
from cli.catalogue import load
from contracts import roles
from services.registry.handlers.division import import_divisions

NAME = "registry"
CLERK = "clerk-bench"
EMPTY = """
TRUNCATE registry.household, registry.household_version, registry.household_standing, registry.person,
    registry.member_version, registry.change_set, registry.outbox, registry.idempotency CASCADE
"""


@dataclass(slots=True, kw_only=True)
class Registry:
    """The registry's runtime in this process, and what other processes need to serve the same database."""

    runtime: Runtime
    secrets: Secrets
    admin: "asyncpg.Connection[Any]"
    url: str
    folder: Path

    def unit(self, reservation: Reservation | None = None) -> UnitOfWork:
        """Return a unit of work of a county's clerk."""
        return UnitOfWork(self.runtime, self._clerk(), reservation=reservation)

    def token(self) -> str:
        """Return the clerk's token."""
        return self.secrets.minter().mint(CLERK, [roles.CLERK], CLERK_AREA)

    @property
    def environment(self) -> dict[str, str]:
        """The settings with which `python -m services.registry` serves this database."""
        return {"TUOPIN_DATA": str(self.folder), "TUOPIN_REGISTRY_DATABASE_URL": self.url}

    async def empty(self) -> None:
        """Forget every household."""
        await self.admin.execute(EMPTY)

    @staticmethod
    def _clerk() -> Principal:
        return Principal(actor_id=CLERK, roles=frozenset({roles.CLERK}), area=CLERK_AREA)


@asynccontextmanager
async def opened(admin_server: str, folder: Path, *, pool_size: int = 10) -> AsyncIterator[Registry]:
    """Yield an empty registry."""
    secrets = prepare_secrets(folder)
    async with harness.migrated(admin_server, load(NAME)) as admin_url:
        url = schema.url_as(admin_url, schema.role_of(NAME))
        runtime = runtime_of(NAME, url, secrets.cipher(), pool_size=pool_size)
        admin = await asyncpg.connect(plain_dsn(admin_url))
        everywhere = Principal(actor_id="officer-bench", roles=frozenset({roles.OFFICER}), area="")
        await import_divisions(DIVISIONS.encode(), UnitOfWork(runtime, everywhere))
        try:
            yield Registry(runtime=runtime, secrets=secrets, admin=admin, url=url, folder=folder)
        finally:
            await admin.close()
            await runtime.database.close()
