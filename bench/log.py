"""Facts to measure with: a county's year as rows of an outbox, about 600 bytes each, as many keys as subjects."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import asyncpg

from chassis.auth import Principal
from chassis.bus.port import Message
from chassis.clock import BusinessClock
from chassis.crypto import Cipher
from chassis.database import Database
from chassis.events import Fact
from chassis.ids import new_id
from chassis.outbox import COLUMNS, OutboxRow
from chassis.peers import InProcessPeers
from chassis.runtime import Runtime
from chassis.unit_of_work import UnitOfWork
from contracts.events import finance, registry, relocation, subsidy
from contracts.values import GENERAL, MU, SOURCE_CLAIM

AREA = "532930101201"
KEYS = 4290
DAY = date(2016, 3, 1)
EVENTS_A_HOUSEHOLD = 10


def runtime_of(service: str, url: str, cipher: Cipher, *, pool_size: int = 10) -> Runtime:
    """Return a runtime of a service without peers."""
    clock = BusinessClock()
    clock.move_to(DAY)
    database = Database(url, pool_size=pool_size)
    return Runtime(service=service, database=database, clock=clock, cipher=cipher, peers=InProcessPeers({}))


def encoded(facts: Iterable[Fact], runtime: Runtime) -> list[OutboxRow]:
    """Return facts as outbox rows, as a unit of work records them."""
    unit = UnitOfWork(runtime, Principal(actor_id="bench", roles=frozenset(), area=""))
    for number, fact in enumerate(facts):
        unit.record(fact, sequence=number // KEYS + 1, area=AREA)
    return list(unit.recorded)


def verified(count: int) -> Iterable[Fact]:
    """Yield facts of one type about a county's households in turn."""
    keys = [new_id() for _ in range(KEYS)]
    for number in range(count):
        yield registry.HouseholdVerified(
            household_id=keys[number % KEYS], village_code=AREA, persons=4, category=GENERAL, verified_on=DAY
        )


def year(households: int) -> Iterable[Fact]:
    """Yield a year of so many households, ten facts each, in the order in which a county lives them: step by step."""
    families = [new_family() for _ in range(households)]
    for step in STEPS:
        for family in families:
            yield step(family)


NAMES = ("household", "claim", "payment", "house", "site", "batch")
Family = dict[str, Any]


def new_family() -> Family:
    """Return the ids of one household and of what belongs to it."""
    return {name: new_id() for name in NAMES}


def _registered(of: Family) -> Fact:
    return registry.HouseholdRegistered(
        household_id=of["household"], village_code=AREA, persons=4, category=GENERAL, registered_on=DAY
    )


def _verified(of: Family) -> Fact:
    return registry.HouseholdVerified(
        household_id=of["household"], village_code=AREA, persons=4, category=GENERAL, verified_on=DAY
    )


def _submitted(of: Family) -> Fact:
    photo = subsidy.Evidence(
        photo_sha256=of["claim"].hex * 2,
        taken_at=datetime(2016, 3, 1, tzinfo=UTC),
        latitude=26.1,
        longitude=99.9,
    )
    return subsidy.ClaimSubmitted(
        claim_id=of["claim"],
        household_id=of["household"],
        programme_code="plum",
        item="plum",
        declared_quantity="10",
        unit=MU,
        evidence=(photo,),
        submitted_on=DAY,
    )


def _accepted(of: Family) -> Fact:
    return subsidy.ClaimAccepted(
        claim_id=of["claim"],
        household_id=of["household"],
        accepted_quantity="10",
        amount_fen=400_000,
        inspector_id="inspector",
        accepted_on=DAY,
    )


def _approved(of: Family) -> Fact:
    return subsidy.ClaimApproved(
        claim_id=of["claim"],
        household_id=of["household"],
        programme_code="plum",
        period="2016",
        amount_fen=400_000,
        approved_on=DAY,
    )


def _settled(of: Family) -> Fact:
    return finance.PaymentSettled(
        payment_id=of["payment"],
        batch_id=of["batch"],
        source_kind=SOURCE_CLAIM,
        source_id=of["claim"],
        household_id=of["household"],
        programme_code="plum",
        period="2016",
        amount_fen=400_000,
        bank_amount_fen=400_000,
        paid_on=DAY,
        attempt=1,
    )


def _allocated(of: Family) -> Fact:
    return relocation.HouseholdAllocated(
        house_id=of["house"],
        household_id=of["household"],
        site_id=of["site"],
        persons=4,
        floor_area_m2="100",
        allocated_on=DAY,
    )


def _started(of: Family) -> Fact:
    return relocation.HouseStarted(house_id=of["house"], household_id=of["household"], happened_on=DAY)


def completed(of: Family, floor_area_m2: str = "100") -> Fact:
    """Return the completion of a family's house, by default within the cap."""
    return relocation.HouseCompleted(
        house_id=of["house"],
        household_id=of["household"],
        site_id=of["site"],
        floor_area_m2=floor_area_m2,
        persons=4,
        completed_on=DAY,
    )


def _moved_in(of: Family) -> Fact:
    return relocation.HouseholdMovedIn(house_id=of["house"], household_id=of["household"], moved_in_on=DAY)


STEPS = (
    _registered,
    _verified,
    _submitted,
    _accepted,
    _approved,
    _settled,
    _allocated,
    _started,
    completed,
    _moved_in,
)


async def fill(connection: "asyncpg.Connection[Any]", filled: list[OutboxRow], table: str = "outbox") -> None:
    """Put rows into an outbox, a thousand a transaction."""
    for start in range(0, len(filled), 1000):
        rows = filled[start : start + 1000]
        await connection.copy_records_to_table(table, records=rows, columns=COLUMNS)


def message_of(row: OutboxRow, number: int) -> Message:
    """Return a row as it lies on the bus."""
    return Message(str(number), row.topic, row.key, row.type, row.payload)
