"""The platform that the demo plays on: in one process, or in many on a real Kafka and a real PostgreSQL."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cli import postgres
from cli.catalogue import ALL, NAMES
from cli.demo.process import Fleet, fleet
from contracts.topics import GATEWAY

LOG_LEVEL = "WARNING"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlatform:
    """A running platform: its address, its data folder, its processes, and its database for the figure of lag."""

    address: str
    data: Path
    database: str
    fleet: Fleet


@contextmanager
def embedded(data: Path, port: int) -> Iterator[DemoPlatform]:
    """Start `tuopin up` on a folder and yield it; it ends with the block."""
    with fleet(data / "logs") as processes:
        up = processes.start(
            "up", "up", "--data", str(data), "--port", str(port), "--log-level", LOG_LEVEL, environment={}
        )
        address = str(up.announced()["address"])
        yield DemoPlatform(
            address=address, data=data, database=postgres.url_of_running(data), fleet=processes
        )


@contextmanager
def distributed(data: Path, port: int) -> Iterator[DemoPlatform]:
    """Start both engines, prepare them, and start each service's roles in processes of their own."""
    from deploy.engines import kafka
    from deploy.engines import postgres as server_engine

    with (
        server_engine.running(data / "postgres-server") as server,
        kafka.running(data / "kafka") as broker,
        fleet(data / "logs") as processes,
    ):
        environment = _environment(data, server.url, broker.bootstrap)
        topics = processes.start("topics", "topics", environment=environment)
        processes.run("migrate", "migrate", environment=environment)
        topics.wait()
        yield _serving(processes, data, environment, port)


def _environment(data: Path, admin_url: str, bootstrap: str) -> dict[str, str]:
    place = urlsplit(admin_url)
    environment = {
        "TUOPIN_MODE": "distributed",
        "TUOPIN_DATA": str(data),
        "TUOPIN_KAFKA_BOOTSTRAP": bootstrap,
        "TUOPIN_LOG_LEVEL": LOG_LEVEL,
    }
    for name in ALL:
        password = secrets.token_urlsafe(24)
        own = place._replace(netloc=f"tuopin_{name}:{password}@{place.hostname}:{place.port}")
        environment[f"TUOPIN_{name.upper()}_ADMIN_DATABASE_URL"] = admin_url
        environment[f"TUOPIN_{name.upper()}_DATABASE_URL"] = own.geturl()
    return environment


def _serving(processes: Fleet, data: Path, environment: dict[str, str], port: int) -> DemoPlatform:
    apis = {
        name: processes.start(f"{name}-api", "serve", name, environment=_of(name, environment))
        for name in ("registry",)
    }
    urls = {"TUOPIN_REGISTRY_URL": _address(apis["registry"].announced())}
    # The others ask the registry, and nobody else, so its address is all they need.
    apis |= {
        name: processes.start(f"{name}-api", "serve", name, environment={**_of(name, environment), **urls})
        for name in NAMES
        if name not in apis
    }
    workers = [
        processes.start(f"{name}-{role}", role, name, environment={**_of(name, environment), **urls})
        for name in ALL
        for role in ("relay", "consume")
        if (name, role) != (GATEWAY, "consume")
    ]
    addresses = {name: _address(api.announced()) for name, api in apis.items()}
    urls = {f"TUOPIN_{name.upper()}_URL": address for name, address in addresses.items()}
    gateway = processes.start(
        GATEWAY, "serve", GATEWAY, environment={**_of(GATEWAY, environment), **urls, "TUOPIN_PORT": str(port)}
    )
    for worker in workers:
        worker.announced()
    address = _address(gateway.announced())
    (data / "address").write_text(address)
    database = environment[f"TUOPIN_{GATEWAY.upper()}_ADMIN_DATABASE_URL"]
    return DemoPlatform(address=address, data=data, database=database, fleet=processes)


def _of(name: str, environment: dict[str, str]) -> dict[str, str]:
    """A service gets its own database and nobody else's, and no administrator's."""
    own = f"TUOPIN_{name.upper()}_DATABASE_URL"
    return {key: value for key, value in environment.items() if key == own or "DATABASE_URL" not in key}


def _address(announced: dict[str, object]) -> str:
    return f"http://{announced['host']}:{announced['port']}"
