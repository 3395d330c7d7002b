"""Locks that transactions share: whoever excludes them waits, and who waited acts afterwards."""

import asyncio
from datetime import datetime

import pytest

from chassis.locks import hold, hold_from_here
from tests.chassis.toy import TOY
from tests.kit import LOCKED_OUT, HarnessFactory


async def test_units_share_a_lock_that_whoever_excludes_them_waits_for(harness_for: HarnessFactory) -> None:
    is_free = "SELECT pg_try_advisory_xact_lock(hashtextextended('note:53', 0)) AS is_free"
    async with harness_for(TOY) as toy:
        first, second = toy.unit(), toy.unit()
        async with hold(first, "note:53"), second:
            await hold_from_here(second, "note:53")
            (held,) = await toy.sql(is_free)
        (after,) = await toy.sql(is_free)

    assert (held["is_free"], after["is_free"]) == (False, True)


async def test_who_waited_for_a_lock_acts_after_it(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        waiting = hold(toy.unit(), "note:53")

        async def act() -> datetime:
            async with waiting:
                return waiting.now

        async with toy.unit() as excluding:
            await excluding.driver.execute("SELECT pg_advisory_xact_lock(hashtextextended('note:53', 0))")
            acting = asyncio.create_task(act())
            await toy.until(LOCKED_OUT)
            still_held = toy.clock.now()

        assert await acting >= still_held


async def test_the_name_of_a_lock_is_a_word_and_a_number(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        with pytest.raises(ValueError, match="a word and a number"):
            hold(toy.unit(), "note:53'); DROP TABLE note; --")
