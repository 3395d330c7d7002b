"""A county with as many villages as its households fill, and what its offices do with the whole register."""

import itertools
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Self, TypeVar
from uuid import UUID

import msgspec
import psutil

from bench.households import Households
from bench.registry import Registry, opened
from chassis.auth import Principal
from chassis.unit_of_work import UnitOfWork
from contracts import roles
from services.registry import figures, figures_lineage, figures_overlap
from services.registry.handlers.closing import close_round
from services.registry.handlers.division import import_divisions
from services.registry.handlers.round import open_round
from services.registry.handlers.search import search_households
from services.registry.handlers.workbook_import import commit_households
from services.registry.schemas.person import Search
from services.registry.schemas.round import ClosingRequest, RoundRequest
from services.registry.workbook.draft import HouseholdDraft

T = TypeVar("T")
COUNTY = "532930"
A_VILLAGE = 48
VILLAGES_A_TOWNSHIP = 100
# Two characters name a million people, as far apart as in a county's book.
FIRST_CHARACTER, CHARACTERS = 0x4E00, 1_000
FILED, LIVED, LOOKED_BACK = date(2016, 1, 4), date(2016, 3, 1), date(2016, 6, 1)
# The years between: each household's file was corrected once and its state confirmed, after its import.
CORRECT = """
INSERT INTO registry.household_version
SELECT household_id, 2, false, area_code, date '2016-02-01', recorded_at + interval '1 second', actor_id, NULL, 'corrected',
    file_number, CASE WHEN right(file_number, 1) < '4' THEN 'dibao' ELSE category END, attribute, standard, cause, persons,
    housing_area_dm2, wage_income_fen, business_income_fen, transfer_income_fen, property_income_fen,
    production_cost_fen, sealed
FROM registry.household_version WHERE version = 1
"""
CORRECT_PEOPLE = """
INSERT INTO registry.member_version
SELECT household_id, 2, position, area_code, person_id, identity_hash, sealed, sex, relation, ethnic_group, education,
    schooling, CASE WHEN position = 0 AND get_byte(identity_hash, 0) < 32 THEN '04' ELSE health END, labour, work,
    medical_scheme
FROM registry.member_version WHERE version = 1
"""
CONFIRM = """
INSERT INTO registry.household_standing
SELECT household_id, 3, area_code, 'verified', date '2016-02-15', NULL, actor_id, NULL, recorded_at + interval '2 seconds'
FROM registry.household_standing WHERE version = 1
"""
STAND = "UPDATE registry.household SET version = 3, content_version = 2, status = 'verified', status_since = '2016-02-15'"
# The steps of the procedure are measured nowhere here: everybody is kept.
DECIDE = "UPDATE registry.round_entry SET outcome = 'effective', step = 'announced' WHERE round_id = $1"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that something took, and the processor's seconds of this process and of the database among them."""

    wall: float
    processor: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.processor + other.processor)

    def __truediv__(self, count: int) -> "Cost":
        return Cost(self.wall / count, self.processor / count)


NOTHING = Cost(0.0, 0.0)


@dataclass(slots=True, kw_only=True)
class County:
    """A register of so many households, being filled and then used; every figure is the cost of one household."""

    registry: Registry
    households: int
    villages: list[str]
    server: psutil.Process
    filed: int = 0
    _made: Households = field(default_factory=Households)
    _people: "itertools.count[int]" = field(default_factory=itertools.count)

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, folder: Path, households: int) -> AsyncIterator[Self]:
        """Yield a county with its villages and nobody filed."""
        async with opened(url, folder) as registry:
            backend = await registry.admin.fetchval("SELECT pg_backend_pid()")
            server = psutil.Process(backend).parent()
            assert server is not None
            county = cls(
                registry=registry, households=households, villages=_villages(households), server=server
            )
            everywhere = Principal(actor_id="officer-bench", roles=frozenset({roles.OFFICER}), area="")
            tree = "\n".join(_divisions(county.villages))
            await import_divisions(tree.encode(), UnitOfWork(registry.runtime, everywhere))
            registry.runtime.clock.move_to(FILED)
            yield county

    async def empty(self) -> None:
        """Forget every household."""
        await self.registry.empty()
        self.filed = 0
        self._made, self._people = Households(), itertools.count()

    async def cost(self, work: Awaitable[T]) -> tuple[T, Cost]:
        """Return what work comes to, and what it cost."""
        before, started = self._processor(), time.perf_counter()
        done = await work
        return done, Cost(time.perf_counter() - started, self._processor() - before)

    def _processor(self) -> float:
        spent = time.process_time()
        for process in (self.server, *self.server.children()):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                spent += times.user + times.system + times.children_user + times.children_system
        return spent

    async def import_households(self, count: int) -> Cost:
        """File households as an import of so many does."""
        drafts = [self._draft() for _ in range(count)]
        return (await self.cost(self._import(drafts)))[1]

    async def _import(self, drafts: list[HouseholdDraft]) -> None:
        async with self.registry.unit() as unit:
            await commit_households(drafts, unit)

    async def live(self) -> None:
        """Let two months pass: every file and state has more than one version then."""
        self.registry.runtime.clock.move_to(LOOKED_BACK)
        for statement in (CORRECT, CORRECT_PEOPLE, CONFIRM, STAND, "VACUUM ANALYZE"):
            await self.registry.admin.execute(statement)

    async def statistics(self) -> None:
        """Count the register by village as of a day past."""
        unit = self._officer()
        async with unit:
            asked = figures_lineage.asked_of(unit, as_of=LIVED, recorded_before=None, area=None)
            counted = await figures.statistics(
                unit, asked, recorded_before=None, group="village", cursor=None, limit=500
            )
        assert counted.households == self.households

    async def overlaps(self) -> None:
        """Count the register's overlaps with their shares."""
        unit = self._officer()
        async with unit:
            asked = figures_lineage.asked_of(unit, as_of=None, recorded_before=None, area=None)
            counted = await figures_overlap.overlaps(unit, asked)
        assert counted.registered.households == self.households

    async def search(self, count: int, lot: int, lots: int) -> None:
        """Look for people by name and for households by number: one of the lots of so many searches."""
        for number in range(count * lot // lots, count * (lot + 1) // lots):
            place = number * self.filed // count
            asked = Search(name=_name(place * 4)) if number % 2 else Search(file_number=f"B-{place}")
            found = msgspec.json.decode((await search_households(asked, self._officer())).body)
            assert found["items"]

    async def play_round(self) -> tuple[Cost, Cost]:
        """Open a round over the whole county, keep everybody, close it; return the cost of both ends."""
        request = RoundRequest(scope=COUNTY, kind="look-back")
        answer, opening = await self.cost(open_round(request, self._officer()))
        round_id = UUID(msgspec.json.decode(answer.body)["id"])
        await self.registry.admin.execute(DECIDE, round_id)
        await self.registry.admin.execute("VACUUM ANALYZE registry.round_entry")
        _, closing = await self.cost(close_round(round_id, ClosingRequest(), self._officer("officer-second")))
        return opening / self.households, closing / self.households

    def _officer(self, actor: str = "officer-bench") -> UnitOfWork:
        principal = Principal(actor_id=actor, roles=frozenset({roles.OFFICER}), area=COUNTY)
        return UnitOfWork(self.registry.runtime, principal)

    def _draft(self) -> HouseholdDraft:
        draft = self._made.draft()
        village = self.villages[self.filed // A_VILLAGE]
        self.filed += 1
        members = tuple(replace(member, name=_name(next(self._people))) for member in draft.members)
        return replace(draft, village_code=village, address=f"第{self.filed}号", members=members)


def _name(number: int) -> str:
    return "".join(chr(FIRST_CHARACTER + number // CHARACTERS**place % CHARACTERS) for place in range(3))


def _villages(households: int) -> list[str]:
    count = -(-households // A_VILLAGE)
    return [
        f"{COUNTY}{101 + number // VILLAGES_A_TOWNSHIP:03d}{201 + number % VILLAGES_A_TOWNSHIP:03d}"
        for number in range(count)
    ]


def _divisions(villages: list[str]) -> list[str]:
    townships = sorted({village[:9] for village in villages})
    return [
        "code,level,parent_code,name",
        *(f"{township}000,township,{COUNTY}000000,镇{township[6:]}" for township in townships),
        *(f"{village},village,{village[:9]}000,村{village[9:]}" for village in villages),
    ]
