"""Preparing a distributed installation: secrets, schemas, roles with the passwords of their URLs."""

from sqlalchemy import make_url

from chassis import schema
from chassis.secrets import prepare_secrets
from chassis.settings import PlatformSettings, ServiceSettings
from cli.catalogue import ALL, load


async def migrate_from_environment() -> None:
    """Migrate every service whose admin URL is set; the first process to run, so it makes the secrets too."""
    prepare_secrets(PlatformSettings().data)
    for name in ALL:
        settings = ServiceSettings.of(name)
        if not settings.admin_database_url:
            raise SystemExit(f"Set TUOPIN_{name.upper()}_ADMIN_DATABASE_URL to migrate the {name} service.")
        service = load(name)
        password = make_url(settings.database_url).password if settings.database_url else None
        await schema.prepare(settings.admin_database_url, name, password=password)
        await schema.upgrade(settings.admin_database_url, name, service.metadata, service.migrations)
