"""Any sequence of births, deaths, marriages, moves, splits, merges and undoings reads like a naive recomputation.

As of any day and as known at any moment: nobody is lost, nobody is in two households, and both townships count right.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import (
    COUNTY,
    NEXT_VILLAGE,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    get,
    identity,
    member,
    post,
    spouse,
)
from tests.services.registry.changes import AMOUNTS, OFFICER, aged, ids, review, submit, undo
from tests.services.registry.test_history_model import moment, run

pytestmark = [pytest.mark.timeout(280), pytest.mark.slow]

START, TODAY = date(2016, 1, 1), date(2016, 6, 1)
SECOND = OFFICER | {"actor": "officer-2"}
BANK: dict[str, Any] = {"roles": [roles.BANK], "area": COUNTY, "actor": "bank-1"}
VILLAGES = (VILLAGE, NEXT_VILLAGE, OTHER_VILLAGE)
KINDS = ("birth", "death", "marriage-out", "move", "split", "merge", "undo")
DAYS = st.integers(0, (TODAY - START).days).map(lambda days: START + timedelta(days=days))
STEP = st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), DAYS)

# Villages and people by household, as they are on a day.
Where = dict[str, tuple[str, frozenset[str]]]


@dataclass
class Happened:
    """Something that happened from a day on: known between two steps, since nothing is known of it once undone."""

    request_id: str
    step: int
    on: date
    change: Callable[[Where], None]
    undone_at: int | None = None


@dataclass
class World:
    """What was done, in the order of its recording."""

    happened: list[Happened] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    def at(self, day: date, step: int) -> Where:
        """Return where everybody is on a day, as far as it is known after a step."""
        where: Where = {}
        for each in self.happened:
            is_known = each.step <= step and (each.undone_at is None or each.undone_at > step)
            if is_known and each.on <= day:
                each.change(where)
        return {household: here for household, here in where.items() if here[1]}

    @property
    def now(self) -> Where:
        """Return where everybody is today."""
        return self.at(TODAY, len(self.moments))


def lives(household: str, village: str, people: frozenset[str]) -> Callable[[Where], None]:
    """A household begins."""

    def change(where: Where) -> None:
        where[household] = (village, people)

    return change


def passes(people: frozenset[str], origin: str, to: str | None = None) -> Callable[[Where], None]:
    """People leave a household, perhaps for another one."""

    def change(where: Where) -> None:
        village, members = where[origin]
        where[origin] = (village, members - people)
        if to is not None:
            where[to] = (where[to][0], where[to][1] | people)

    return change


def both(first: Callable[[Where], None], second: Callable[[Where], None]) -> Callable[[Where], None]:
    """One thing happens, then another."""

    def change(where: Where) -> None:
        first(where)
        second(where)

    return change


class Player:
    """Plays steps through the public API and tells the world of those that were allowed."""

    def __init__(self, registry: Harness, first: int) -> None:
        self.registry = registry
        self.world = World()
        # The identity numbers of everybody who was ever on file, by their ids.
        self.numbers: dict[str, str] = {}
        self._number = first

    async def settle(self) -> None:
        """File three households of two, two of them in one township."""
        for village in (VILLAGE, VILLAGE, OTHER_VILLAGE):
            people = [member(self._next()), spouse(self._next())]
            household = await aged(self.registry, self._next(), members=people, village_code=village)
            found = await ids(self.registry, household)
            self.numbers |= zip(found, (each["identity_number"] for each in people), strict=True)
            self._tell("", START, lives(household, village, frozenset(found)))
        self.world.moments.append(await moment(self.registry))

    async def play(self, step: tuple[str, int, int, int, date]) -> None:
        """Try one step."""
        kind, one, other, whom, day = step
        households = sorted(self.world.now)
        if kind == "undo":
            await self._undo(one)
        elif households:
            chosen = households[one % len(households)], households[other % len(households)]
            await self._change(kind, chosen, whom, day)
        self.world.moments.append(await moment(self.registry))

    async def _change(self, kind: str, chosen: tuple[str, str], whom: int, day: date) -> None:
        household, other = chosen
        people = await ids(self.registry, household)
        person = people[whom % len(people)]
        heir = {"person_id": next((each for each in people if each != person), person), "relation": "02"}
        # The head is the first of the file: whoever goes, somebody must be head of those who stay.
        relations = [heir] if person == people[0] and len(people) > 1 else []
        number = self._next()
        body: dict[str, Any] = {"effective_on": day.isoformat()}
        match kind:
            case "birth":
                body |= {"child": member(number, relation="20")}
            case "death":
                body |= {"person_id": person, "relations": relations}
            case "marriage-out":
                into = {"household_id": other, "relation": "97"}
                body |= {"person_id": person, "relations": relations, "into": into}
            case "move":
                body |= {"village_code": VILLAGES[whom % 3]}
            case "split":
                founded = AMOUNTS | {"file_number": f"S-{number}"}
                members = [{"person_id": person, "relation": "02"}]
                body |= {"founded": founded, "members": members, "relations": relations}
            case "merge":
                passing = [{"person_id": each, "relation": "97"} for each in await ids(self.registry, other)]
                body |= {"joined_id": other, "members": passing}
        request_id = await self._ask(kind, household, body)
        if request_id is not None:
            change = await self._seen(kind, chosen, person, body)
            self._tell(request_id, day, change)

    async def _ask(self, kind: str, household: str, body: dict[str, Any]) -> str | None:
        asked = await submit(self.registry, kind, household, OFFICER, **body)
        assert asked.status_code in {201, 409, 422}, asked.text
        if asked.status_code != 201:
            return None
        request_id = str(asked.json()["id"])
        agreed = await review(self.registry, request_id, **SECOND)
        assert agreed.status_code == 200, agreed.text
        return request_id

    async def _seen(
        self, kind: str, chosen: tuple[str, str], person: str, body: dict[str, Any]
    ) -> Callable[[Where], None]:
        household, other = chosen
        match kind:
            case "birth":
                child = (await ids(self.registry, household))[-1]
                self.numbers[child] = body["child"]["identity_number"]

                def born(where: Where) -> None:
                    where[household] = (where[household][0], where[household][1] | {child})

                return born
            case "death":
                return passes(frozenset({person}), household)
            case "marriage-out":
                return passes(frozenset({person}), household, other)
            case "move":

                def moved(where: Where) -> None:
                    where[household] = (body["village_code"], where[household][1])

                return moved
            case "merge":
                return passes(frozenset(each["person_id"] for each in body["members"]), other, household)
        rows = await self.registry.sql(
            "SELECT id, area_code FROM registry.household WHERE file_number = $1",
            body["founded"]["file_number"],
        )
        founded = lives(str(rows[0]["id"]), rows[0]["area_code"], frozenset({person}))
        return both(passes(frozenset({person}), household), founded)

    async def _undo(self, which: int) -> None:
        done = [each for each in self.world.happened if each.request_id and each.undone_at is None]
        if done:
            chosen = done[which % len(done)]
            answer = await undo(self.registry, chosen.request_id, **SECOND)
            assert answer.status_code in {200, 409}, answer.text
            if answer.status_code == 200:
                chosen.undone_at = len(self.world.moments)

    def _tell(self, request_id: str, on: date, change: Callable[[Where], None]) -> None:
        step = len(self.world.moments)
        self.world.happened.append(Happened(request_id=request_id, step=step, on=on, change=change))

    def _next(self) -> int:
        self._number += 1
        return self._number


async def asked(
    registry: Harness, household: str, day: date, known: datetime
) -> tuple[str, frozenset[str]] | None:
    """Return where a household is and who is in it, as the registry says."""
    query = {"as_of": day.isoformat(), "recorded_before": known.isoformat()}
    answer = await get(registry, f"/households/{household}", params=query, **OFFICER)
    if answer.status_code == 404 or answer.json()["status"] in {"closed", "withdrawn"}:
        return None
    shown = answer.json()
    return shown["village_code"], frozenset(each["id"] for each in shown["members"])


async def holds(registry: Harness, player: Player, day: date, step: int) -> None:
    """Compare the registry with the naive recomputation on one day, as known after one step."""
    world, known = player.world, player.world.moments[step]
    expected = world.at(day, step)
    households = {household for at in range(len(world.moments)) for household in world.at(TODAY, at)}
    said = {household: await asked(registry, household, day, known) for household in sorted(households)}
    assert {household: here for household, here in said.items() if here} == expected
    assert not any(one[1] & other[1] for one, other in combinations(expected.values(), 2))
    for area in (TOWNSHIP, OTHER_TOWNSHIP, COUNTY):
        here = [people for village, people in expected.values() if village.startswith(area)]
        query = {"as_of": day.isoformat(), "recorded_before": known.isoformat()}
        counted = (await get(registry, "/statistics", params=query, **(OFFICER | {"area": area}))).json()
        assert (counted["households"], counted["persons"]) == (len(here), sum(map(len, here)))


async def partners_learn(registry: Harness, player: Player, day: date) -> None:
    """Compare what a bank is told of everybody's number on a day with the naive recomputation."""
    expected = {
        person for _, people in player.world.at(day, len(player.world.moments)).values() for person in people
    }
    items = [{"identity_number": number, "on": day.isoformat()} for number in player.numbers.values()]
    told = await post(registry, "/eligibility-checks/bulk", json={"purpose": "loan", "items": items}, **BANK)
    answers = zip(player.numbers, told.json()["results"], strict=True)
    assert {person for person, answer in answers if answer["registered"] == "yes"} == expected


async def test_any_sequence_of_changes_reads_like_a_naive_recomputation(registry: Harness) -> None:
    number = 0

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(steps=st.lists(STEP, min_size=3, max_size=9), days=st.lists(DAYS, min_size=2, max_size=2))
    async def reads(steps: list[Any], days: list[date]) -> None:
        nonlocal number
        number += 100
        await registry.sql("TRUNCATE registry.household CASCADE")
        for table in ("household_version", "member_version", "household_standing"):
            await registry.sql(f"TRUNCATE registry.{table}")
        player = Player(registry, number)
        await player.settle()
        for step in steps:
            await player.play(step)
        last = len(player.world.moments) - 1
        for day in (*days, TODAY):
            for step in {0, last // 2, last}:
                await holds(registry, player, day, step)
            await partners_learn(registry, player, day)

    await run(reads, reads.hypothesis.inner_test)  # type: ignore[attr-defined]


def test_the_model_uses_people_who_differ() -> None:
    assert len({identity(number) for number in range(100, 2_000)}) == 1_900
