"""`python -m deploy.engines start|stop|run --data DIR`: both engines in one command, for people, CI and the demonstration."""

import argparse
import json
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from deploy.engines.engine import Engine
from deploy.engines.error import EngineFailed, EngineMissing
from deploy.engines.kafka import Kafka
from deploy.engines.postgres import Postgres

_WATCH_SECONDS = 1.0


def start(data: Path) -> tuple[Kafka, Postgres]:
    """Start both engines side by side; when one fails, the other does not stay behind."""
    broker, server = Kafka(data / "kafka"), Postgres(data / "postgres")
    try:
        _both(broker, server, "start")
    except BaseException:
        _both(broker, server, "stop")
        raise
    return broker, server


def stop(data: Path) -> None:
    """Stop whatever `start` left running over this folder."""
    folders = [(Kafka, data / "kafka"), (Postgres, data / "postgres")]
    for kind, folder in folders:
        if folder.exists():
            kind(folder).stop()


def run(data: Path) -> None:
    """Serve until SIGINT or SIGTERM; an engine that ends by itself ends the command too."""
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    broker, server = start(data)
    try:
        _tell(broker, server)
        while not asked.wait(_WATCH_SECONDS):
            _expect_alive(broker)
            _expect_alive(server)
    finally:
        _both(broker, server, "stop")


def _both(broker: Kafka, server: Postgres, action: str) -> None:
    with ThreadPoolExecutor(max_workers=2) as pool:
        calls = [pool.submit(getattr(engine, action)) for engine in (broker, server)]
    for call in calls:
        call.result()


def _expect_alive(engine: Engine) -> None:
    if not engine.is_alive():
        raise EngineFailed(f"{engine.name} ended by itself; see {engine.log}")


def _tell(broker: Kafka, server: Postgres) -> None:
    places = {"kafka": broker.bootstrap, "postgres": server.url}
    pids = {"kafka_pid": broker.pid, "postgres_pid": server.pid}
    sys.stdout.write(json.dumps(places | pids) + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.engines", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "run"])
    parser.add_argument("--data", type=Path, required=True, help="the folder that keeps both engines' data")
    asked = parser.parse_args(arguments)
    try:
        if asked.action == "start":
            _tell(*start(asked.data))
        elif asked.action == "stop":
            stop(asked.data)
        else:
            run(asked.data)
    except (EngineMissing, EngineFailed) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
