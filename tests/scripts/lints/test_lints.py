"""Each rule sees its planted violation, accepts the escape with a reason, and leaves honest code alone."""

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from scripts.lints.every import LINTS
from scripts.lints.source import Source, Tree

ROOT = Path(__file__).resolve().parents[3]
TABLES = 'from sqlalchemy import Table\n\nhousehold = Table("household", metadata)\n'
HOST = "https://registry.npm" + "js.org/left"
FOLDER = "/ro" + "ot/data"

VIOLATIONS = [
    ("float", "services/finance/domain/x.py", "amount_fen = 1.5"),
    ("float", "services/finance/domain/x.py", "def pay(amount: float) -> None: ..."),
    ("float", "services/finance/domain/x.py", "rate = float(total_yuan)"),
    ("float", "services/finance/domain/x.py", "share = amount_fen * 0.05"),
    ("float", "services/finance/domain/x.py", "pay(amount_fen=0.1)"),
    ("float", "services/finance/domain/x.py", "from chassis.money import parse_yuan; share = 0.05"),
    ("float", "services/finance/tables.py", 'Column("amount_fen", Float)'),
    ("clock", "services/finance/x.py", "started = datetime.now(UTC)"),
    ("clock", "services/finance/x.py", "started = dt.datetime.utcnow()"),
    ("clock", "gateway/x.py", "today = date.today()"),
    ("clock", "chassis/x.py", "from time import time"),
    ("clock", "cli/x.py", "field(default_factory=time.time)"),
    ("commit", "services/finance/x.py", "await session.commit()"),
    ("commit", "gateway/x.py", 'await driver.execute("commit;".upper()); await driver.execute("COMMIT")'),
    ("mock", "tests/services/test_x.py", 'with patch("services.finance.store.load_x"): pass'),
    ("mock", "tests/services/test_x.py", 'with mock.patch("services.finance.store.load_x"): pass'),
    ("mock", "tests/services/test_x.py", 'monkeypatch.setattr("chassis.clock.x", 1)'),
    (
        "mock",
        "tests/services/test_x.py",
        'from services import finance; monkeypatch.setattr(finance.store, "x", 1)',
    ),
    ("stopwatch", "tests/services/test_x.py", "assert time.monotonic() - began < 10"),
    ("stopwatch", "tests/services/test_x.py", "took = perf_counter() - began; assert took < 10"),
    ("stopwatch", "tests/services/test_x.py", "known = time.time() - began; assert 0.3 < other / known < 3"),
    ("name", "services/finance/x.py", "class PaymentManager: ..."),
    ("name", "services/finance/x.py", "class StringUtils: ..."),
    ("name", "services/finance/helpers.py", "x = 1"),
    ("print", "services/finance/x.py", "print(payload)"),
    ("todo", "services/finance/x.py", "x = 1  # TODO: finish"),
    ("address", "deploy/Dockerfile.txt", f"RUN curl {HOST}"),
    ("address", "services/finance/x.py", f'where = "{FOLDER}"'),
    ("foreign-table", "services/finance/store.py", 'sql = "SELECT id FROM registry.household"'),
    ("foreign-table", "services/finance/store.py", 'sql = "SELECT id FROM payment JOIN household ON true"'),
    ("foreign-table", "gateway/store.py", 'sql = f"UPDATE registry.household SET {x} = 1"'),
]

HONEST = [
    ("services/finance/domain/x.py", "timeout_seconds = 1.5"),
    ("services/finance/domain/x.py", "amount_fen = 150"),
    ("services/finance/domain/x.py", "from chassis.money import parse_yuan; latitude: float = 26.1"),
    ("services/finance/x.py", "started = time.monotonic() + time.perf_counter()"),
    ("services/finance/x.py", "today = clock.today(); now = clock.now()"),
    ("chassis/clock.py", "now = datetime.now(UTC)"),
    ("chassis/unit_of_work.py", 'await driver.execute("COMMIT")'),
    ("services/finance/x.py", 'why = "a commit ends the unit"'),
    ("tests/services/test_x.py", 'monkeypatch.setenv("TUOPIN_PORT", "0")'),
    ("tests/services/test_x.py", "await client.patch(url, json=body)"),
    ("tests/services/test_x.py", "while not there(): assert time.monotonic() - began < 120"),
    ("tests/services/test_x.py", "took = perf_counter() - began; say(took); assert done"),
    ("tests/faults/test_x.py", "assert time.monotonic() - lost < 5"),
    ("cli/x.py", "print(report)"),
    ("services/finance/x.py", "x = 1  # TODO(#12): finish"),
    ("services/finance/x.py", 'path = "/finance/v1/payments"'),
    ("services/registry/store.py", 'sql = "SELECT id FROM household"'),
    ("services/finance/store.py", '"""Select what came from registry.household events."""'),
    ("services/finance/store.py", 'topic = "registry.household"'),
]


def seen(path: str, text: str) -> set[str]:
    """Return the names of the lints that a file with this text breaks."""
    tables = Source(PurePosixPath("services/registry/tables.py"), TABLES)
    tree = Tree((tables, Source(PurePosixPath(path), text + "\n")))
    return {violation.lint for lint in LINTS for violation in lint.run(tree)}


@pytest.mark.parametrize(("lint", "path", "text"), VIOLATIONS)
def test_a_planted_violation_is_seen(lint: str, path: str, text: str) -> None:
    assert lint in seen(path, text)


@pytest.mark.parametrize(("lint", "path", "text"), VIOLATIONS)
def test_a_violation_with_a_reason_is_excused(lint: str, path: str, text: str) -> None:
    assert lint not in seen(path, f"{text}  # lint: allow-{lint} because this line is a test")


@pytest.mark.parametrize(("lint", "path", "text"), VIOLATIONS)
def test_an_escape_without_a_reason_excuses_nothing(lint: str, path: str, text: str) -> None:
    assert lint in seen(path, f"{text}  # lint: allow-{lint}")


@pytest.mark.parametrize(("path", "text"), HONEST)
def test_honest_code_is_left_alone(path: str, text: str) -> None:
    assert seen(path, text) == set()


def test_every_lint_has_a_planted_violation() -> None:
    assert {lint for lint, _, _ in VIOLATIONS} == {lint.name for lint in LINTS}


def test_a_reason_may_stand_on_the_line_above() -> None:
    excused = "# lint: allow-print because a person reads it\nprint(1)"

    assert seen("services/finance/x.py", excused) == set()


def test_the_command_says_where_and_why_and_fails(tmp_path: Path) -> None:
    planted = tmp_path / "services" / "finance" / "store.py"
    planted.parent.mkdir(parents=True)
    planted.write_text("print(1)\n", "utf-8")

    run = subprocess.run(
        [sys.executable, "-m", "scripts.lints", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "services/finance/store.py:1: print:" in run.stdout
    assert "allow-print because" in run.stdout


def test_the_tree_keeps_every_rule() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "scripts.lints"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.stdout == ""
    assert run.returncode == 0
