"""Settings, read from the environment by the composition roots and passed on as values."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class PlatformSettings(BaseSettings):
    """What every process of one installation shares (`TUOPIN_...`)."""

    model_config = SettingsConfigDict(env_prefix="TUOPIN_", extra="ignore")

    mode: Literal["embedded", "distributed"] = "embedded"
    data: Path = Field(
        default=Path("var/tuopin"), description="The folder of secrets and, embedded, of the database."
    )
    kafka_bootstrap: str = ""
    timezone: str = Field(
        default="Asia/Shanghai", description="The office's time zone, for the business date."
    )
    host: str = "127.0.0.1"
    port: int = 0
    log_level: str = "INFO"
    pool_size: int = Field(default=10, ge=1, le=200)


class ServiceSettings(BaseSettings):
    """One service's own addresses (`TUOPIN_<SERVICE>_...`)."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str = ""
    admin_database_url: str = ""
    url: str = ""

    @classmethod
    def of(cls, service: str) -> "ServiceSettings":
        """Return the settings of the named service."""
        return cls(_env_prefix=f"TUOPIN_{service.upper()}_")


def addresses() -> dict[str, str]:
    """Return the base addresses of the services, from `TUOPIN_<SERVICE>_URL`."""
    suffix = "_URL"
    found = {}
    for name, value in os.environ.items():
        if name.startswith("TUOPIN_") and name.endswith(suffix) and not name.endswith("DATABASE_URL"):
            found[name.removeprefix("TUOPIN_").removesuffix(suffix).lower()] = value.rstrip("/")
    return found
