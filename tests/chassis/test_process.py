"""What a process does before and beside its work: the date it works on, the life its loops show."""

import asyncio
from datetime import date

from chassis.calendar import take_business_date
from chassis.clock import BusinessClock
from chassis.database import Database
from chassis.health import Health
from chassis.process import Worker, run_ticker
from chassis.service import Ticker
from tests.chassis.toy import TOY
from tests.kit import HarnessFactory

MOVED = "INSERT INTO toy.business_date (value) VALUES ('2016-02-29')"


async def test_the_business_date_is_known_before_anything_is_dated(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        await toy.sql(MOVED)
        clock = BusinessClock()

        await take_business_date(toy.runtime.database, clock)

        assert clock.today() == date(2016, 2, 29)


async def test_a_business_date_that_cannot_be_read_is_waited_for(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        clock = BusinessClock()
        nowhere = Database("postgresql://nobody@127.0.0.1:1/none", pool_size=1)

        taking = asyncio.create_task(take_business_date(nowhere, clock))
        done, _ = await asyncio.wait([taking], timeout=0.2)
        taking.cancel()
        await asyncio.wait([taking])
        await nowhere.close()

        assert not done
        assert not clock.is_moved()
        assert toy.clock.is_moved()


async def test_a_ticker_that_rests_for_an_hour_is_alive(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        done = asyncio.Event()

        async def work(_: object) -> None:
            done.set()

        worker = Worker(TOY, toy.runtime, Health("toy", toy.clock))
        running = asyncio.create_task(
            run_ticker(worker, Ticker(name="hourly", every_seconds=3600.0, work=work))
        )
        async with asyncio.timeout(30):
            await done.wait()
        running.cancel()
        await asyncio.wait([running])

        (loop,) = worker.health._loops
        assert loop.allowed_seconds > 3600
