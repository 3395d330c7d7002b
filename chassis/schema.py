"""A service's place in a database: its schema, the role that owns it, the role that works in it, its revisions.

Alembic is loaded where revisions run: most processes only ask for names and addresses.
"""

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import with_driver

ENVIRONMENT = Path(__file__).parent / "migrations"
BUS_ROLE = "tuopin_bus"
_NAME = re.compile(r"[a-z][a-z_]{1,30}")


def role_of(service: str) -> str:
    """Return the role a service works as."""
    return f"tuopin_{service}"


def owner_of(service: str) -> str:
    """Return the role that owns a service's schema; it cannot log in."""
    return f"tuopin_{service}_owner"


async def prepare(admin_url: str, service: str, *, password: str | None = None) -> None:
    """Create the schema and roles of a service where they are missing; the admin may create roles."""
    if not _NAME.fullmatch(service):
        raise ValueError("A service's name is lower-case letters.")
    role, owner = role_of(service), owner_of(service)
    defaults = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {service}"
    statements = [
        *_role(owner, login=False),
        *_role(role, login=True, password=password),
        f"GRANT {owner} TO CURRENT_USER",
        f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {owner}",
        f"GRANT USAGE ON SCHEMA {service} TO {role}",
        f"{defaults} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"{defaults} GRANT USAGE ON SEQUENCES TO {role}",
        f"ALTER ROLE {role} SET search_path = {service}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ]
    await _run(admin_url, statements)


async def prepare_bus_role(admin_url: str, services: Sequence[str], *, password: str | None = None) -> None:
    """Create the role that reads every outbox and nothing else (embedded mode's log)."""
    statements = _role(BUS_ROLE, login=True, password=password)
    for service in services:
        statements.append(f"GRANT USAGE ON SCHEMA {service} TO {BUS_ROLE}")
        statements.append(f"GRANT SELECT ON {service}.outbox TO {BUS_ROLE}")
    await _run(admin_url, statements)


async def upgrade(
    admin_url: str, service: str, metadata: MetaData, revisions: Path, *, to: str = "head"
) -> None:
    """Bring the schema to a revision."""
    await _alembic(
        admin_url, service, metadata, revisions, work=lambda command, config: command.upgrade(config, to)
    )


async def downgrade(
    admin_url: str, service: str, metadata: MetaData, revisions: Path, *, to: str = "base"
) -> None:
    """Take the schema back to a revision."""
    await _alembic(
        admin_url, service, metadata, revisions, work=lambda command, config: command.downgrade(config, to)
    )


async def check(admin_url: str, service: str, metadata: MetaData, revisions: Path) -> None:
    """Raise alembic.util.CommandError when tables.py and the revisions disagree."""
    await _alembic(
        admin_url, service, metadata, revisions, work=lambda command, config: command.check(config)
    )


async def revise(
    admin_url: str, service: str, metadata: MetaData, revisions: Path, *, message: str, number: str
) -> None:
    """Write a new revision file from what tables.py has and the schema lacks."""

    def work(command: Any, config: Any) -> None:
        command.revision(config, message, autogenerate=True, rev_id=number)

    await _alembic(admin_url, service, metadata, revisions, work=work)


async def _alembic(
    admin_url: str, service: str, metadata: MetaData, revisions: Path, *, work: Callable[[Any, Any], Any]
) -> None:
    """Do work with Alembic's commands and a configuration on a connection as the schema's owner."""
    from alembic import command
    from alembic.config import Config

    settings = {"search_path": service, "role": owner_of(service), "lock_timeout": "5s"}
    engine = create_async_engine(with_driver(admin_url), connect_args={"server_settings": settings})

    def run(connection: Connection) -> None:
        # Alembic's own default is what standard output was when it was loaded.
        config = Config(stdout=sys.stdout)
        config.set_main_option("script_location", str(ENVIRONMENT))
        config.set_main_option("version_locations", str(revisions))
        config.set_main_option("path_separator", "os")
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.attributes.update(connection=connection, metadata=metadata)
        work(command, config)
        connection.commit()  # lint: allow-commit because revisions run outside any unit of work

    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


def _role(name: str, *, login: bool, password: str | None = None) -> list[str]:
    made = f"CREATE ROLE {name} {'LOGIN' if login else 'NOLOGIN'} NOSUPERUSER NOBYPASSRLS"
    statements = [
        f"DO $$ BEGIN {made}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
    ]
    if password is not None:
        quoted = password.replace("'", "''")
        statements.append(f"ALTER ROLE {name} PASSWORD '{quoted}'")
    return statements


async def _run(admin_url: str, statements: Sequence[str]) -> None:
    engine = create_async_engine(with_driver(admin_url), isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await engine.dispose()


def url_as(url: str, user: str, *, database: str | None = None, password: str | None = None) -> str:
    """Return the URL for another user (and database) of the same server."""
    changed = make_url(url).set(username=user, password=password)
    if database is not None:
        changed = changed.set(database=database)
    return changed.render_as_string(hide_password=False)
