"""Dead letters by command: listed with their cause, replayed in order, given up."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from chassis.database import plain_dsn
from chassis.events import (
    CONTENT_TYPE,
    SPEC_VERSION,
    Envelope,
    Fact,
    encode_data,
    encode_envelope,
    schema_address,
)
from chassis.ids import new_id
from contracts.events.finance import PaymentSettled
from contracts.events.registry import HouseholdRegistered, HouseholdVerified
from tests.cli.kit import Office

pytestmark = pytest.mark.timeout(180)
VILLAGE = "532931101001"
PARK = """
INSERT INTO subsidy.dead_letter (id, source, origin, event_id, topic, key, type, payload, cause, attempts, state)
VALUES ($1, 'registry', $2, $3, $4, $5, $6, $7, 'Planted', 3, $8)
"""
Letters = Any


@pytest.fixture
async def database(office: Office) -> AsyncIterator["asyncpg.Connection[Any]"]:
    connection = await asyncpg.connect(plain_dsn(office.platform.database))
    yield connection
    await connection.execute("DELETE FROM subsidy.dead_letter")
    await connection.close()


async def park(database: "asyncpg.Connection[Any]", fact: Fact, state: str = "parked") -> UUID:
    """Put a letter into subsidy's drawer as its consumer would."""
    event_id, letter_id = new_id(), new_id()
    envelope = Envelope(
        specversion=SPEC_VERSION,
        id=event_id,
        source="test",
        type=fact.event_type,
        subject=f"{fact.subject_kind}/{fact.subject_id()}",
        time=datetime.now(UTC),  # lint: allow-clock because the recorded time of an event is real
        datacontenttype=CONTENT_TYPE,
        dataschema=schema_address(fact.event_type),
        partitionkey=fact.subject_id(),
        sequence=2 if isinstance(fact, HouseholdVerified) else 1,
        businessdate=date(2016, 1, 6),
        areacode=VILLAGE,
        actorid="test",
        correlationid="test",
        data_class=fact.data_class,
        data=encode_data(fact),
    )
    await database.execute(
        PARK, letter_id, str(event_id), event_id, fact.topic, fact.subject_id(), fact.event_type,
        encode_envelope(envelope), state,
    )  # fmt: skip
    return letter_id


def registered(household_id: UUID) -> HouseholdRegistered:
    return HouseholdRegistered(
        household_id=household_id,
        village_code=VILLAGE,
        persons=3,
        category="general",
        registered_on=date(2016, 1, 6),
    )


def settled() -> PaymentSettled:
    """Money for a claim that nobody filed."""
    return PaymentSettled(
        payment_id=new_id(),
        batch_id=new_id(),
        source_kind="claim",
        source_id=new_id(),
        household_id=new_id(),
        programme_code="industry-cattle",
        period="2016",
        amount_fen=1,
        bank_amount_fen=1,
        paid_on=date(2016, 1, 6),
        attempt=1,
    )


def test_without_letters_the_list_is_empty_and_fine(office: Office) -> None:
    listed = office.tuopin("dead-letters", "list", "--json")

    assert listed.returncode == 0, listed.stderr
    assert json.loads(listed.stdout) == []


async def test_an_open_letter_is_listed_with_its_cause_and_status_1(
    office: Office, database: Letters
) -> None:
    letter = await park(database, registered(new_id()))

    listed = office.tuopin("dead-letters", "list", "--service", "subsidy", "--json")

    assert listed.returncode == 1
    assert [(one["id"], one["cause"]) for one in json.loads(listed.stdout)] == [(str(letter), "Planted")]
    assert "payload" not in listed.stdout


async def test_a_letter_shows_what_waits_behind_it(office: Office, database: Letters) -> None:
    household_id = new_id()
    first = await park(database, registered(household_id))
    second = await park(database, registered(household_id), "waiting")

    shown = office.tuopin("dead-letters", "show", str(first), "--service", "subsidy", "--json")

    assert shown.returncode == 0
    assert json.loads(shown.stdout)["waiting_behind"] == [str(second)]


async def test_a_replay_applies_the_whole_key_in_order(office: Office, database: Letters) -> None:
    household_id = new_id()
    first = await park(database, registered(household_id))
    verified = HouseholdVerified(
        household_id=household_id,
        village_code=VILLAGE,
        persons=3,
        category="general",
        verified_on=date(2016, 1, 25),
    )
    await park(database, verified, "waiting")

    replayed = office.tuopin("dead-letters", "replay", str(first), "--service", "subsidy", "--json")

    query = "SELECT count(*) FROM subsidy.household_copy WHERE household_id = $1"
    assert json.loads(replayed.stdout) == {"replayed": 2}
    assert replayed.returncode == 0
    assert await database.fetchval(query, household_id) == 1
    assert office.tuopin("dead-letters", "list").returncode == 0


async def test_a_letter_that_fails_again_stays_and_says_so(office: Office, database: Letters) -> None:
    letter = await park(database, settled())

    replayed = office.tuopin("dead-letters", "replay", str(letter), "--service", "subsidy", "--json")

    assert replayed.returncode == 1
    assert json.loads(replayed.stdout) == {"replayed": 0}
    assert await database.fetchval("SELECT attempts FROM subsidy.dead_letter WHERE id = $1", letter) == 4


async def test_a_discarded_letter_is_kept_as_discarded(office: Office, database: Letters) -> None:
    letter = await park(database, settled())

    discarded = office.tuopin("dead-letters", "discard", str(letter), "--service", "subsidy")

    listed = office.tuopin("dead-letters", "list", "--state", "discarded", "--json")
    assert discarded.returncode == 0
    assert listed.returncode == 0
    assert [one["id"] for one in json.loads(listed.stdout)] == [str(letter)]


def test_an_unknown_letter_is_refused(office: Office) -> None:
    refused = office.tuopin("dead-letters", "discard", str(new_id()), "--service", "subsidy")

    assert refused.returncode == 1
    assert "No open dead letter has that id." in refused.stderr


def test_a_folder_without_a_database_is_status_3(office: Office) -> None:
    lost = office.tuopin("dead-letters", "list", "--data", str(office.folder / "empty"))

    assert lost.returncode == 3
