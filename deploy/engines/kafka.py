"""A single-node Apache Kafka 4.2.0 in KRaft mode, run from jars that Maven fetches."""

import base64
import fcntl
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.engines import kafka_wire, process
from deploy.engines.engine import Engine
from deploy.engines.error import EngineFailed, EngineMissing
from deploy.engines.place import HOST, downloads, find_free_port, load_record, save_record
from deploy.engines.process import EngineProcess

VERSION = "4.2.0"
_RECIPE = Path(__file__).resolve().parents[1] / "kafka"
_INSTALL = "apt-get install maven default-jre-headless"
_MEMORY = ("-Xmx512m", "-XX:TieredStopAtLevel=1")


class Kafka(Engine):
    """A broker that is its own controller; the folder keeps its identity, ports and messages."""

    name = "Apache Kafka"
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self._identity = self._load_identity()

    @property
    def bootstrap(self) -> str:
        return f"{HOST}:{self._identity['port']}"

    @property
    def cluster_id(self) -> str:
        return self._identity["cluster_id"]

    def _load_identity(self) -> dict[str, str]:
        path = self.data_dir / "identity.json"
        identity = load_record(path)
        if identity is None:
            identity = {
                "cluster_id": make_cluster_id(),
                "port": str(find_free_port()),
                "controller_port": str(find_free_port()),
            }
            save_record(path, identity)
        return identity

    def _spawn(self) -> EngineProcess:
        java = [_need("java"), "-cp", f"{fetch_jars()}/*", f"-Dlog4j2.configurationFile={_RECIPE}/log4j2.xml"]
        settings = self.data_dir / "server.properties"
        settings.write_text(self._settings())
        if not (self.data_dir / "messages" / "meta.properties").exists():
            self._format(java, settings)
        command = [*java, *_MEMORY, "kafka.Kafka", str(settings)]
        return process.spawn(command, log=self.log, environment=os.environ)

    def _format(self, java: list[str], settings: Path) -> None:
        arguments = ["format", "-t", self.cluster_id, "-c", str(settings), "--standalone"]
        done = subprocess.run(
            [*java, "kafka.tools.StorageTool", *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise EngineFailed(f"{self.name} could not format its folder: {' '.join(done.stderr.split())}")

    def _settings(self) -> str:
        ports = {
            "port": self._identity["port"],
            "controller_port": self._identity["controller_port"],
            "messages": str(self.data_dir / "messages"),
        }
        return (_RECIPE / "server.properties").read_text().format(host=HOST, **ports)

    def _is_ready(self) -> bool:
        return kafka_wire.ask_cluster_id(HOST, int(self._identity["port"])) == self.cluster_id


@contextmanager
def running(data_dir: Path) -> Iterator[Kafka]:
    """Serve from `data_dir` for as long as the block lasts."""
    broker = Kafka(data_dir)
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()


def make_cluster_id() -> str:
    """Return a random id in Kafka's own form; one that opens with a dash would be read as an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def fetch_jars() -> Path:
    """Return the folder with the broker's jars, filled by Maven the first time."""
    jars = downloads() / f"kafka-{VERSION}"
    if jars.exists():
        return jars
    downloads().mkdir(parents=True, exist_ok=True)
    # Several test processes may come at once: one fetches, the others wait for it.
    with (downloads() / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.exists():
            _run_maven(jars)
    return jars


def _run_maven(jars: Path) -> None:
    draft = jars.with_name(jars.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={draft}"]
    done = subprocess.run(
        [_need("mvn"), "-B", "-q", "-f", str(_RECIPE / "pom.xml"), *goal],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise EngineFailed(f"Maven could not fetch Kafka's jars: {' '.join(done.stdout.split())[-600:]}")
    draft.rename(jars)


def _need(command: str) -> str:
    found = shutil.which(command)
    if found is None:
        raise EngineMissing(f"Apache Kafka needs '{command}', which is not installed: {_INSTALL}")
    return found
