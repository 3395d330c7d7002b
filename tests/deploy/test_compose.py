"""The compose file runs every service in every role, hands out no secret by default, and none to whom it does not belong."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.settings import PlatformSettings, ServiceSettings
from contracts.topics import SERVICES

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
CONTAINERS: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OWNERS = (*SERVICES, "gateway")
ROLES = {"api": "serve", "relay": "relay", "consumer": "consume"}
OPTIONAL = {"TUOPIN_HTTP_PORT"}


def environment(container: str) -> dict[str, str]:
    return dict(CONTAINERS[container].get("environment", {}))


def owner_of(container: str) -> str:
    return container.partition("-")[0]


def wanted_names() -> dict[str, str]:
    return dict(re.findall(r"\$\{([A-Z_]+)([^}]*)\}", TEXT))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", ROLES)
def test_every_service_runs_in_every_role(service: str, role: str) -> None:
    assert CONTAINERS[f"{service}-{role}"]["command"] == [ROLES[role], service]


def test_the_gateway_is_the_only_container_reached_from_outside_and_only_from_this_machine() -> None:
    ports = {name: container["ports"] for name, container in CONTAINERS.items() if "ports" in container}

    assert list(ports) == ["gateway"]
    assert all(port.startswith("127.0.0.1:") for port in ports["gateway"])


def test_every_secret_must_be_given() -> None:
    lenient = [
        name for name, rest in wanted_names().items() if name not in OPTIONAL and not rest.startswith(":?")
    ]

    assert lenient == []


def test_no_password_is_written_down() -> None:
    written = [
        f"{container}: {name}"
        for container in CONTAINERS
        for name, value in environment(container).items()
        if name.endswith(("PASSWORD", "DATABASE_URL")) and not re.search(r"\$\{\w+_PASSWORD:\?", value)
    ]

    assert written == []


def test_the_example_of_settings_names_exactly_what_is_wanted_and_gives_no_value() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert given == dict.fromkeys(wanted_names(), "")


@pytest.mark.parametrize("container", [name for name in CONTAINERS if owner_of(name) in OWNERS])
def test_a_process_is_given_its_own_database_only(container: str) -> None:
    databases = {name for name in environment(container) if name.endswith("DATABASE_URL")}

    assert databases == {f"TUOPIN_{owner_of(container).upper()}_DATABASE_URL"}


def test_only_the_migration_knows_the_administrator() -> None:
    knowing = {
        name
        for name in CONTAINERS
        if any("TUOPIN_POSTGRES_PASSWORD" in v for v in environment(name).values())
    }

    assert knowing == {"migrate", "postgres"}


@pytest.mark.parametrize("owner", OWNERS)
def test_the_settings_of_a_service_read_what_the_compose_file_gives(
    owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment("migrate").items():
        monkeypatch.setenv(name, value)

    settings = ServiceSettings.of(owner)

    assert f"tuopin_{owner}:" in settings.database_url
    assert "tuopin_admin:" in settings.admin_database_url
    assert settings.url == ("" if owner == "gateway" else f"http://{owner}-api:8000")


def test_the_settings_of_the_platform_read_what_the_compose_file_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment("registry-api").items():
        monkeypatch.setenv(name, value)

    settings = PlatformSettings()

    assert (settings.mode, settings.kafka_bootstrap) == ("distributed", "kafka:9092")
    assert (str(settings.data), settings.host, settings.port) == ("/data", "0.0.0.0", 8000)  # noqa: S104 - a container


@pytest.mark.parametrize("service", SERVICES)
def test_an_api_starts_without_kafka(service: str) -> None:
    assert set(CONTAINERS[f"{service}-api"]["depends_on"]) == {"migrate"}


def test_what_runs_on_is_checked_and_what_runs_once_is_not() -> None:
    once = {"migrate", "topics"}
    unchecked = {
        name for name, container in CONTAINERS.items() if container.get("healthcheck", {}).get("disable")
    }
    own = {name for name, container in CONTAINERS.items() if "test" in container.get("healthcheck", {})}
    by_image = {name for name, container in CONTAINERS.items() if container["image"] == "tuopin:local"} - once

    assert unchecked == once
    assert own | by_image == set(CONTAINERS) - once


@pytest.mark.parametrize("container", [n for n, c in CONTAINERS.items() if c["image"] == "tuopin:local"])
def test_a_process_of_ours_may_not_change_its_file_system_nor_gain_rights(container: str) -> None:
    found = CONTAINERS[container]

    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
