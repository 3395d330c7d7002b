"""What only the gateway can be told from outside."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class GatewaySettings(BaseSettings):
    """Environment variables TUOPIN_GATEWAY_..."""

    model_config = SettingsConfigDict(env_prefix="TUOPIN_GATEWAY_", extra="ignore")

    public_url: str | None = Field(
        None, description="Where partners reach the gateway; an accepted audience."
    )
    session_hours: int = Field(8, ge=1, le=24)
    client_token_minutes: int = Field(10, ge=1, le=60)
    body_limit: int = Field(20 * 1024 * 1024, description="Largest body passed on to a service, in bytes.")
    proxy_seconds: float = Field(
        120.0, gt=0, description="How long a service may take before its answer begins."
    )
    part_seconds: float = Field(2.0, gt=0, description="How long one part of a household's page may take.")
    stream_interval_seconds: float = Field(0.5, gt=0)
    stream_keep_alive_seconds: float = Field(15.0, gt=0)
    recheck_seconds: float = Field(
        5.0, ge=0, description="How long a session may be believed without a look."
    )

    @property
    def session_life(self) -> timedelta:
        """How long a login lasts."""
        return timedelta(hours=self.session_hours)

    @property
    def client_token_life(self) -> timedelta:
        """How long a partner's bearer token lasts."""
        return timedelta(minutes=self.client_token_minutes)
