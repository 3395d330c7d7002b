"""`tuopin migrate --check`: on a throw-away PostgreSQL, every chain goes up, down and up, and agrees with its tables."""

import asyncio
import tempfile
from pathlib import Path

from chassis import schema
from chassis.service import Service
from cli import postgres
from cli.catalogue import ALL, load


def check_migrations() -> list[str]:
    """Return what is wrong, one line each; nothing when all is well."""
    with tempfile.TemporaryDirectory(prefix="tuopin-check-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with postgres.running(Path(folder)) as url:
            return asyncio.run(_check_all(url))


async def _check_all(url: str) -> list[str]:
    admin_url = await postgres.ensure_database(url)
    faults = []
    for name in ALL:
        fault = await _check(admin_url, load(name))
        if fault:
            faults.append(f"{name}: {fault}")
    return faults


async def _check(admin_url: str, service: Service) -> str | None:
    chain = (admin_url, service.name, service.metadata, service.migrations)
    await schema.prepare(admin_url, service.name)
    try:
        await schema.upgrade(*chain)
        await schema.downgrade(*chain)
        await schema.upgrade(*chain)
        await schema.check(*chain)
    except Exception as error:  # noqa: BLE001 - every fault of every chain is reported
        return f"{type(error).__name__}: {error}"
    return None
