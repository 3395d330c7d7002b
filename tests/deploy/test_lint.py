"""`deploy/lint.sh` passes what the project ships, and finds a fault planted in a copy of it."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
COMPOSE = ROOT / "docker-compose.yml"
FAULT, NOT_CHECKED = 1, 2

pytestmark = pytest.mark.timeout(180)


def run_lint(dockerfile: Path, compose: Path) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "deploy" / "lint.sh"), str(dockerfile), str(compose)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", autouse=True)
def sound() -> subprocess.CompletedProcess[str]:
    done = run_lint(DOCKERFILE, COMPOSE)
    if done.returncode == NOT_CHECKED:
        pytest.skip(done.stderr.strip())
    return done


def plant(original: Path, copy: Path, *, instead_of: str, fault: str) -> Path:
    text = original.read_text()
    assert instead_of in text
    copy.write_text(text.replace(instead_of, fault))
    return copy


def test_what_the_project_ships_has_no_fault(sound: subprocess.CompletedProcess[str]) -> None:
    assert sound.returncode == 0, sound.stdout + sound.stderr


@pytest.mark.parametrize(
    ("instead_of", "fault", "rule"),
    [
        ("FROM python:3.11-slim-bookworm", "FROM python:latest", "DL3007"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ("WORKDIR /app", "WORKDIR app", "DL3000"),
        ('CMD ["--help"]', "CMD --help", "DL3025"),
    ],
)
def test_a_fault_planted_in_the_dockerfile_is_found(
    tmp_path: Path, instead_of: str, fault: str, rule: str
) -> None:
    faulty = plant(DOCKERFILE, tmp_path / "Dockerfile", instead_of=instead_of, fault=fault)

    done = run_lint(faulty, COMPOSE)

    assert done.returncode == FAULT
    assert rule in done.stdout


@pytest.mark.parametrize(
    ("instead_of", "fault", "rule"),
    [
        ('"127.0.0.1:${TUOPIN_HTTP_PORT:-8000}:8000"', '"8000:8000"', "no-unbound-port-interfaces"),
        ("image: apache/kafka:4.2.0", "image: apache/kafka", "service-image-require-explicit-tag"),
        ("    stop_grace_period: 60s", "    stop_grace: 60s", "invalid-schema"),
        ("name: tuopin\n", "", "require-project-name-field"),
    ],
)
def test_a_fault_planted_in_the_compose_file_is_found(
    tmp_path: Path, instead_of: str, fault: str, rule: str
) -> None:
    faulty = plant(COMPOSE, tmp_path / "docker-compose.yml", instead_of=instead_of, fault=fault)

    done = run_lint(DOCKERFILE, faulty)

    assert done.returncode == FAULT
    assert rule in done.stdout
