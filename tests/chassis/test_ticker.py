"""Clock-driven work goes on after a defect: it is told of, liveness hears no beat, and the work is tried again."""

import asyncio

import structlog

from chassis.health import Health
from chassis.process import Worker, run_ticker
from chassis.service import Ticker, UnitFactory
from tests.chassis.toy import TOY
from tests.kit import HarnessFactory

DEFECTS = 2


async def test_a_defect_ends_no_ticker_and_withholds_its_beat(harness_for: HarnessFactory) -> None:
    async with harness_for(TOY) as toy:
        worker = Worker(TOY, toy.runtime, Health("toy", toy.clock))
        beats: list[float] = []
        is_well = asyncio.Event()

        async def work(_: UnitFactory) -> None:
            (loop,) = worker.health._loops
            beats.append(loop._last)
            if len(beats) <= DEFECTS:
                raise ValueError("quotes a row")
            if len(beats) > DEFECTS + 1:
                is_well.set()

        with structlog.testing.capture_logs() as lines:
            ticking = asyncio.create_task(
                run_ticker(worker, Ticker(name="toys", every_seconds=0.01, work=work))
            )
            waiting = asyncio.create_task(is_well.wait())
            await asyncio.wait([ticking, waiting], return_when=asyncio.FIRST_COMPLETED)
            was_alive = not ticking.done()
            ticking.cancel()
            waiting.cancel()
            await asyncio.gather(ticking, waiting, return_exceptions=True)

        assert was_alive
        first, *others, after_success = beats[: DEFECTS + 2]
        assert others == [first] * DEFECTS
        assert after_success != first
        told = [line for line in lines if line["event"] == "ticker failed"]
        assert [line["cause"].split()[0] for line in told] == ["ValueError"] * DEFECTS
        assert all(line["frames"] for line in told)
        assert "quotes a row" not in str(lines)
