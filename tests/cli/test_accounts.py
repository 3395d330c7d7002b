"""Accounts and partners by command."""

import json
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from cli.commands.accounts import _show_made
from tests.cli.kit import Office

pytestmark = pytest.mark.timeout(180)


def test_the_first_administrators_one_time_password_is_gone_after_its_change(office: Office) -> None:
    assert not (office.platform.data / "secrets" / "administrator-password").exists()


def test_an_account_is_listed_with_its_roles_and_area(office: Office) -> None:
    listed = office.tuopin("accounts", "list", "--json")

    accounts = {one["name"]: one for one in json.loads(listed.stdout)}
    assert listed.returncode == 0
    assert accounts["officer"]["roles"] == ["county-officer"]
    assert accounts["officer"]["area"] == "532931"


def test_a_taken_name_is_refused_with_status_1(office: Office) -> None:
    refused = office.tuopin("accounts", "add", "officer", "--role", "clerk")

    assert refused.returncode == 1
    assert "account-name-taken" in refused.stderr


def test_a_problem_names_field_and_rule(office: Office) -> None:
    refused = office.tuopin("accounts", "add", "both-1", "--role", "checker", "--role", "payer")

    assert refused.returncode == 1
    assert "/roles" in refused.stderr
    assert "Separation of maker, checker and payer" in refused.stderr


def test_a_problem_can_be_read_by_a_program(office: Office) -> None:
    refused = office.tuopin("accounts", "add", "Not A Name", "--role", "clerk", "--json")

    problem = json.loads(refused.stderr)
    assert refused.returncode == 1
    assert [error["pointer"] for error in problem["errors"]] == ["/name"]


def test_a_reset_password_opens_nothing_but_its_own_change(office: Office) -> None:
    office.hire("forgetful", "clerk", "532931101")

    reset = office.tuopin("accounts", "reset", "forgetful", "--json")

    one_time = json.loads(reset.stdout)["one_time_password"]
    refused = office.tuopin("login", "forgetful", as_="forgetful", TUOPIN_PASSWORD=one_time)
    assert refused.returncode == 1
    assert "password-change-required" in refused.stderr


def test_a_closed_account_opens_nothing_more(office: Office) -> None:
    office.hire("leaving", "clerk", "532931101")

    closed = office.tuopin("accounts", "close", "leaving")

    assert closed.returncode == 0, closed.stderr
    assert office.tuopin("findings", as_="leaving").returncode == 1
    listed = json.loads(office.tuopin("accounts", "list", "--json").stdout)
    assert [(one["is_active"], one["roles"]) for one in listed if one["name"] == "leaving"] == [
        (False, ["clerk"])
    ]


@pytest.mark.parametrize("group", ["accounts", "clients"])
def test_closing_somebody_unknown_says_so(office: Office, group: str) -> None:
    refused = office.tuopin(group, "close", "nobody")

    assert refused.returncode == 1
    assert "Nobody of your area is called nobody." in refused.stderr


def test_a_one_time_password_that_was_not_heard_is_not_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    _show_made({"one_time_password": None}, json_=False)

    shown = capsys.readouterr()
    assert shown.out == ""
    assert "tuopin accounts reset" in shown.err


def test_a_partner_is_registered_by_its_public_key(office: Office, tmp_path: Path) -> None:
    key = OKPKey.generate_key("Ed25519", parameters={"kid": "k-1"})
    (tmp_path / "bank.jwk").write_text(json.dumps(key.as_dict(private=False)))

    made = office.tuopin("clients", "add", "bank-1", "--role", "bank", "--keys", str(tmp_path / "bank.jwk"))

    assert made.returncode == 0, made.stderr
    assert "bank-1" in office.tuopin("clients", "list").stdout
    closed = office.tuopin("clients", "close", "bank-1")
    assert closed.returncode == 0, closed.stderr
    assert "closed" in office.tuopin("clients", "list").stdout


def test_a_private_key_is_refused(office: Office, tmp_path: Path) -> None:
    key = OKPKey.generate_key("Ed25519", parameters={"kid": "k-1"})
    (tmp_path / "bank.jwk").write_text(json.dumps(key.as_dict(private=True)))

    refused = office.tuopin(
        "clients", "add", "bank-2", "--role", "bank", "--keys", str(tmp_path / "bank.jwk")
    )

    assert refused.returncode == 1
    assert "/keys/0" in refused.stderr


def test_a_file_that_is_no_key_is_wrong_usage(office: Office, tmp_path: Path) -> None:
    (tmp_path / "bank.jwk").write_text("no key")

    wrong = office.tuopin("clients", "add", "bank-3", "--role", "bank", "--keys", str(tmp_path / "bank.jwk"))

    assert wrong.returncode == 2
