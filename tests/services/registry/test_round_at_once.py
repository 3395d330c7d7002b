"""A round that is opened or closed while the register changes: its snapshot shows what held before, or what holds after."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from chassis.ids import new_id
from contracts import roles
from services.registry.domain.round import Round
from services.registry.handlers.procedure import keep_rounds
from services.registry.handlers.workbook_import import commit_households
from services.registry.store.household import load_content, lock_households, save_content
from services.registry.store.round import add_round, lock_rounds
from services.registry.store.row import Trace
from tests.kit import LOCKED_OUT, Harness
from tests.services.registry.builders import COUNTY, OTHER_VILLAGE, TOWNSHIP, VILLAGE, filed, household, post
from tests.services.registry.changes import OFFICER, review, submit
from tests.services.registry.exits import announce_exit, leaving, noticed
from tests.services.registry.noticing import statuses_of
from tests.services.registry.rounds import close_round, entries, open_round
from tests.services.registry.sheet import drafts, household_draft, send


@asynccontextmanager
async def opening(registry: Harness, scope: str = COUNTY) -> AsyncIterator[str]:
    """Open a round as the command does, around whoever is to wait for it."""
    round_id = new_id()
    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        await lock_rounds(unit.driver, COUNTY)
        yield str(round_id)
        await registry.until(LOCKED_OUT)
        one = Round(
            id=round_id,
            scope=scope,
            number=1,
            kind="look-back",
            rule_pack="national-2016",
            rule_pack_version=1,
            opened_on=unit.today,
            opened_by="officer-1",
            opened_at=registry.clock.now(),
            opening_households=0,
            opening_persons=0,
        )
        await add_round(unit.driver, one, candidates=False, reason=None)


@pytest.mark.parametrize("area", ["", "53", "5329", COUNTY, TOWNSHIP])
async def test_an_opening_waits_for_households_that_are_entered_by_hand(registry: Harness, area: str) -> None:
    async with keep_rounds(registry.unit(roles.OFFICER, area=area)) as unit:
        opening_one = asyncio.create_task(open_round(registry))
        await registry.until(LOCKED_OUT)
        (entered,) = await commit_households([household_draft(1)], unit)
    opened = (await opening_one).json()

    assert (opened["opening_households"], opened["opening_persons"]) == (1, 2)
    found = await entries(registry, opened["id"])
    assert [entry["household_id"] for entry in found] == [str(entered.household.id)]


async def test_who_waited_for_an_opening_enters_nobody_on_the_register(registry: Harness) -> None:
    candidate = await filed(registry, 5, candidate=True)
    async with opening(registry):
        asked = [
            asyncio.create_task(coming)
            for coming in (
                post(registry, "/households", json=household(1, candidate=False)),
                post(registry, f"/households/{candidate}/registrations", json={}),
                send(registry, drafts(2), standing="registered"),
            )
        ]
    refused = [await one for one in asked]

    assert [answer.json()["code"] for answer in refused] == ["procedure-required"] * 3
    assert await statuses_of(registry) == {candidate: "candidate"}


async def test_a_household_that_moves_in_during_an_opening_is_accounted_for(registry: Harness) -> None:
    household_id = await filed(registry, village_code=OTHER_VILLAGE)
    asked = await submit(registry, "move", household_id, OFFICER, village_code=VILLAGE)
    second: dict[str, Any] = OFFICER | {"actor": "officer-2"}
    async with opening(registry, TOWNSHIP) as round_id:
        moving = asyncio.create_task(review(registry, asked.json()["id"], **second))
    assert (await moving).status_code == 200

    closed = await close_round(registry, round_id)

    assert closed.status_code == 201, closed.text
    assert closed.json()["came"] == {"moved-in": 1}


async def test_a_household_that_leaves_during_an_opening_leaves_the_round(registry: Harness) -> None:
    household_id = await leaving(registry)
    notice_id = await noticed(registry)
    async with opening(registry) as round_id:
        announcing = asyncio.create_task(announce_exit(registry, notice_id))
    assert (await announcing).status_code == 201

    (entry,) = await entries(registry, round_id)

    assert (entry["household_id"], entry["outcome"]) == (household_id, "left")


async def test_a_closing_counts_who_is_just_moving_in_and_tells_of_it_later(registry: Harness) -> None:
    household_id = await filed(registry, village_code=OTHER_VILLAGE)
    opened = (await open_round(registry, scope=TOWNSHIP)).json()

    async with keep_rounds(registry.unit(roles.OFFICER, area=COUNTY)) as unit:
        closing = asyncio.create_task(close_round(registry, opened["id"]))
        await registry.until(LOCKED_OUT)
        found = await lock_households(unit.driver, [UUID(household_id)], area=COUNTY)
        before = found[UUID(household_id)]
        filed_before, _ = await load_content(unit.driver, before, unit.cipher)
        moved = replace(before, village_code=VILLAGE, version=2, content_version=2, recorded_at=unit.now)
        await save_content(
            unit.driver,
            before,
            replace(filed_before, household=moved, draft=replace(filed_before.draft, village_code=VILLAGE)),
            cipher=unit.cipher,
            valid_from=unit.today,
            trace=Trace(actor_id="officer-1", recorded_at=unit.now),
        )
    closed = await closing

    assert closed.status_code == 201, closed.text
    assert closed.json()["came"] == {"moved-in": 1}
