"""Logging in: what is kept, what is refused, and the exit statuses that tell."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.kit import Office, tuopin

pytestmark = pytest.mark.timeout(180)


def test_a_session_is_kept_for_its_owner_alone(office: Office) -> None:
    kept = office.session_of("officer")

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert set(json.loads(kept.read_text())) == {office.platform.address}


def test_a_wrong_password_is_refused_with_status_1(office: Office) -> None:
    refused = office.tuopin("login", "officer", as_="nobody", TUOPIN_PASSWORD="wrong-all-along")

    assert refused.returncode == 1
    assert "wrong-name-or-password" in refused.stderr
    assert not office.session_of("nobody").exists()


def test_nothing_at_the_address_is_status_3() -> None:
    lost = tuopin("login", "officer", "--url", "http://127.0.0.1:1", TUOPIN_PASSWORD="x")

    assert lost.returncode == 3
    assert "Nothing answers at http://127.0.0.1:1" in lost.stderr


def test_a_folder_where_nothing_runs_is_status_3_and_never_another_platform(tmp_path: Path) -> None:
    lost = tuopin("findings", "--data", str(tmp_path))

    assert lost.returncode == 3
    assert f"Nothing runs in {tmp_path}" in lost.stderr


def test_a_command_without_a_session_says_what_to_do(office: Office) -> None:
    refused = office.tuopin("findings", as_="stranger")

    assert refused.returncode == 1
    assert "tuopin login NAME" in refused.stderr


def test_a_token_never_goes_to_another_address(office: Office) -> None:
    refused = office.tuopin("findings", "--url", "http://127.0.0.1:1", as_="officer")

    assert refused.returncode == 1
    assert "No session is open at http://127.0.0.1:1" in refused.stderr


def test_after_logging_out_the_token_is_forgotten_and_worthless(office: Office) -> None:
    office.tuopin("login", "officer", as_="second")
    token = json.loads(office.session_of("second").read_text())

    left = office.tuopin("logout", as_="second")

    assert left.returncode == 0
    assert json.loads(office.session_of("second").read_text()) == {}
    office.session_of("second").write_text(json.dumps(token))
    assert "unauthenticated" in office.tuopin("findings", as_="second").stderr


def test_wrong_usage_is_status_2(office: Office) -> None:
    assert office.tuopin("findings", "--state", "wide-open").returncode == 2
    assert office.tuopin("business-date", "2016-13-01").returncode == 2
    assert office.tuopin("serve", "bakery").returncode == 2
    assert office.tuopin("demo", "--county", "atlantis").returncode == 2
    assert office.tuopin("dead-letters", "list", "--service", "gateway").returncode == 2
