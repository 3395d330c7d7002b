"""A rule pack that comes into force while a round or an exit begins: one of the two is first, and the other sees it."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from chassis.ids import new_id
from contracts import roles
from services.registry import rules
from services.registry.domain.round import Round
from services.registry.store import rule_pack as store
from services.registry.store.round import add_round
from services.registry.store.rule_pack import Activation
from tests.kit import LOCKED_OUT, Harness
from tests.services.registry.builders import COUNTY, VILLAGE, post
from tests.services.registry.exits import leaving, visited_well
from tests.services.registry.noticing import exit_notice, hung, pre_exit
from tests.services.registry.packs import CODE, PROPOSER, activated, proposed, reviewed
from tests.services.registry.rounds import open_round
from tests.services.registry.test_area import state

TODAY = date(2016, 6, 1)
BEGINNINGS = ["round", "pre-exit", "exit-notice", "area-exit-notice"]


async def begin(registry: Harness, what: str, prepared: tuple[str, str]) -> httpx.Response:
    """Begin something by the rules of today."""
    if what == "round":
        return await open_round(registry)
    if what == "pre-exit":
        return await pre_exit(registry, *prepared)
    if what == "exit-notice":
        return await post(registry, "/exit-notices", json=exit_notice())
    body: dict[str, Any] = {"posted_on": "2016-06-01"} | hung()
    return await post(registry, f"/areas/{VILLAGE}/exit-notices", json=body, **PROPOSER)


@pytest.mark.parametrize("what", BEGINNINGS)
async def test_what_begins_waits_for_the_pack_that_comes_into_force(registry: Harness, what: str) -> None:
    await proposed(registry)
    await reviewed(registry)
    prepared = await visited_well(registry) if what == "pre-exit" else ("", "")
    if what == "exit-notice":
        await leaving(registry)
    await state(registry, VILLAGE, "100")

    async with registry.unit(roles.OFFICER, area=COUNTY, actor="officer-1") as unit:
        await store.lock_activations(unit.driver)
        beginning = asyncio.create_task(begin(registry, what, prepared))
        await registry.until(LOCKED_OUT)
        activation = Activation(
            id=new_id(),
            code=CODE,
            version=1,
            scope=COUNTY,
            active_from=TODAY,
            actor_id="officer-1",
            activated_on=TODAY,
            recorded_at=unit.now,
        )
        await store.add_activation(unit.driver, activation)
    answer = await beginning

    assert answer.status_code in {200, 201}, answer.text
    table = {"round": "round", "pre-exit": "pre_exit"}.get(what, "notice")
    (row,) = await registry.sql(f"SELECT rule_pack FROM registry.{table}")  # noqa: S608 - one of the three above
    assert row["rule_pack"] == CODE


async def test_a_pack_does_not_come_into_force_under_a_round_that_is_being_opened(registry: Harness) -> None:
    await proposed(registry)
    await reviewed(registry)

    async with registry.unit(roles.OFFICER, area=COUNTY) as unit:
        pack = await rules.hold_pack(unit.driver, TODAY, area=COUNTY)
        activating = asyncio.create_task(activated(registry, str(TODAY)))
        await registry.until(LOCKED_OUT)
        one = Round(
            id=new_id(),
            scope=COUNTY,
            number=1,
            kind="look-back",
            rule_pack=pack.code,
            rule_pack_version=pack.version,
            opened_on=TODAY,
            opened_by="officer-1",
            opened_at=unit.now,
            opening_households=0,
            opening_persons=0,
        )
        await add_round(unit.driver, one, candidates=False, reason=None)
    refused = await activating

    assert (refused.status_code, refused.json()["code"]) == (409, "rule-pack-day-used")
