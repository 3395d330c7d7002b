"""What the image is made of, proved without building it."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from contracts.topics import SERVICES
from deploy import healthcheck
from deploy.engines.place import find_free_port

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
IGNORED = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()


def copied_sources() -> dict[str, str]:
    return dict(re.findall(r"^COPY (?:--chmod=\S+ )?([a-z]\S+) (\S+)$", DOCKERFILE, re.MULTILINE))


def make_image_tree(root: Path, packages: list[str]) -> dict[str, str]:
    """Lay out packages as the image has them, and return the environment in which only they are importable."""
    for package in packages:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    libraries = sysconfig.get_path("purelib")
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{root}:{libraries}",
        "TUOPIN_DATA": str(root / "data"),
    }


def run_python(code: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    # -S leaves out site's path files, among them the one that makes this checkout importable.
    command = [sys.executable, "-S", "-c", code]
    return subprocess.run(command, env=variables, cwd="/", capture_output=True, text=True, check=False)


def test_everything_that_is_copied_exists_and_is_let_into_the_build() -> None:
    sources = copied_sources()

    assert len(sources) >= 7
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in IGNORED


def test_libraries_are_installed_by_hash_only() -> None:
    assert "pip install --require-hashes" in DOCKERFILE
    assert "requirements-dev" not in DOCKERFILE


def test_nothing_in_the_image_runs_as_root() -> None:
    users = re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)

    assert users
    assert "0" not in users


def test_the_command_of_the_image_is_the_one_of_the_project() -> None:
    script = (ROOT / "deploy" / "tuopin").read_text()

    assert script.startswith("#!/opt/venv/bin/python\n")
    assert "from cli.main import app" in script
    assert 'tuopin = "cli.main:app"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_copied_alone_with_chassis_and_contracts_can_be_composed(
    service: str, tmp_path: Path
) -> None:
    variables = make_image_tree(tmp_path, ["chassis", "contracts", f"services/{service}"])

    done = run_python(f"import services.{service}.main", variables)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_copied_alone_cannot_import_another(service: str, tmp_path: Path) -> None:
    variables = make_image_tree(tmp_path, ["chassis", "contracts", f"services/{service}"])
    other = next(name for name in SERVICES if name != service)

    done = run_python(f"import services.{other}", variables)

    assert f"No module named 'services.{other}'" in done.stderr


@pytest.fixture
def health_server() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), HealthAnswer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class HealthAnswer(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/health/live" else 404)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        return


def test_a_process_that_reports_progress_is_healthy(health_server: HTTPServer) -> None:
    assert healthcheck.is_live(health_server.server_port)


def test_a_process_that_is_stuck_is_not_healthy(
    health_server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HealthAnswer, "status", 503)

    assert not healthcheck.is_live(health_server.server_port)


def test_a_process_that_does_not_answer_is_not_healthy() -> None:
    assert not healthcheck.is_live(find_free_port())
