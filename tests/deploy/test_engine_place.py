"""Ports, records and complaints of the engines, without starting one."""

import socket
from pathlib import Path

import pytest

from deploy.engines import kafka, kafka_wire, place
from deploy.engines.__main__ import main
from deploy.engines.error import EngineMissing


def test_a_free_port_is_never_one_of_those_given_to_outgoing_connections() -> None:
    first = place._first_ephemeral_port()

    assert place.find_free_port() < first


def test_a_record_is_written_for_its_owner_only(tmp_path: Path) -> None:
    place.save_record(tmp_path / "record.json", {"pid": "1"})

    assert (tmp_path / "record.json").stat().st_mode & 0o777 == 0o600
    assert place.load_record(tmp_path / "record.json") == {"pid": "1"}


def test_a_missing_record_is_none(tmp_path: Path) -> None:
    assert place.load_record(tmp_path / "record.json") is None


def test_missing_java_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EngineMissing, match="apt-get install maven default-jre-headless") as told:
        kafka.Kafka(tmp_path).start()

    assert "\n" not in str(told.value)


def test_the_command_line_ends_with_status_1_when_java_is_missing(
    monkeypatch: pytest.MonkeyPatch, passable: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(passable))

    status = main(["start", "--data", str(passable / "engines")])

    assert status == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_server_that_is_no_kafka_broker_has_no_cluster_id() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        other.settimeout(1)

        assert kafka_wire.ask_cluster_id("127.0.0.1", port) is None


def test_a_closed_port_has_no_cluster_id() -> None:
    assert kafka_wire.ask_cluster_id("127.0.0.1", place.find_free_port()) is None
