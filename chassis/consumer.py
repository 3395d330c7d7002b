"""The loop that turns events into effects: a batch, its effects and the position in one transaction."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog

from chassis import dead_letters, inbox
from chassis.bus.port import Batch, BusLost, BusReader, Message
from chassis.effects import Effects
from chassis.errors import Unavailable
from chassis.health import Progress
from chassis.service import Service
from chassis.set_aside import ATTEMPTS, SetAside, key_of
from chassis.telemetry import CONSUMER_LAG, DEAD_LETTERS, EVENTS_HANDLED, safe_traceback
from chassis.unit_of_work import UnitOfWork

BATCH = 2000
WAIT_SECONDS = 1.0
BACK_OFF_SECONDS = 0.2
AFTER_DEFECT_SECONDS = 1.0
MEASURE_SECONDS = 10.0

Handle = Callable[[Batch, str], Awaitable[None]]

log = structlog.get_logger("tuopin.consumer")


class Consumer:
    """One consumer of one service; several processes may run one each, the bus shares the sources out."""

    def __init__(
        self, service: Service, reader: BusReader, unit_factory: Callable[[], UnitOfWork], progress: Progress
    ) -> None:
        self._name = service.name
        self._reader = reader
        self._unit = unit_factory
        self._progress = progress
        self._effects = Effects(service)
        self._stored: dict[str, str] = {}
        self._unhandled: list[str] = []
        self._measured = 0.0

    async def run(self) -> None:
        """Consume until cancelled; the bus or the database going away is waited for."""
        is_reading = False
        while True:
            try:
                if not is_reading:
                    await self._reader.start(self._positions)
                    is_reading = True
                await self.step()
                await self._measure()
            except (BusLost, Unavailable) as lost:
                log.warning("consumer waits", service=self._name, error=type(lost).__name__)
                # A lost database is no reason to leave the group: its members would only shuffle partitions.
                is_reading = is_reading and isinstance(lost, Unavailable)
                self._progress.beat()
                await asyncio.sleep(BACK_OFF_SECONDS)
            except Exception as error:  # noqa: BLE001 - never die silently: without a beat, liveness tells of it
                cause, frames = dead_letters.cause_of(error), safe_traceback(error)
                log.error("consumer failed", service=self._name, cause=cause, frames=frames)  # noqa: TRY400
                is_reading = False
                await asyncio.sleep(AFTER_DEFECT_SECONDS)

    async def step(self, timeout: float = WAIT_SECONDS) -> int:
        """Fetch once and handle what came; return how many messages."""
        while self._unhandled:
            await self._reader.again(self._unhandled[-1])
            self._unhandled.pop()
        batches = await self._reader.fetch(BATCH, timeout)
        await self._handle(batches)
        self._progress.beat()
        return sum(len(batch.messages) for batch in batches)

    async def _positions(self, sources: Sequence[str]) -> dict[str, str]:
        async with self._unit() as unit:
            stored = await inbox.positions_of(unit.driver, sources)
        self._stored |= {source: stored.get(source, inbox.BEGINNING) for source in sources}
        return dict(stored)

    async def _handle(self, batches: Sequence[Batch]) -> None:
        self._unhandled = [batch.source for batch in batches]
        failed = [batch for batch in batches if not await self._is_handled(batch, self._whole)]
        # Side by side, so that the pauses for one source's poison are not added to another's.
        pieces = (self._is_handled(batch, self._piecewise) for batch in failed)
        for outcome in await asyncio.gather(*pieces, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _is_handled(self, batch: Batch, handle: Handle) -> bool:
        """Handle a batch one way; False when a message of it fails, whichever it is."""
        try:
            await handle(batch, self._stored.get(batch.source, inbox.BEGINNING))
        except inbox.PositionTaken:
            log.info("source taken over by another", service=self._name, source=batch.source)
            await self._reader.again(batch.source)
        except Exception as error:
            if isinstance(error, Unavailable) or handle == self._piecewise:
                raise
            cause = dead_letters.cause_of(error)
            log.warning("batch failed", service=self._name, source=batch.source, cause=cause)
            return False
        else:
            self._stored[batch.source] = batch.position
            EVENTS_HANDLED.labels(self._name).inc(len(batch.messages))
        self._unhandled.remove(batch.source)
        return True

    async def _whole(self, batch: Batch, before: str) -> None:
        async with self._unit() as unit:
            await inbox.move(unit.driver, batch.source, before=before, after=batch.position)
            fresh = await self._apply_free(batch.source, batch.messages, unit)
        if batch.messages:
            log.info(
                "batch handled",
                service=self._name,
                source=batch.source,
                first=batch.messages[0].origin,
                last=batch.messages[-1].origin,
                count=len(batch.messages),
                fresh=fresh,
            )

    async def _apply_free(self, source: str, messages: Sequence[Message], unit: UnitOfWork) -> int:
        """Let messages whose key is held by a dead letter wait behind it, and apply the others."""
        held = await dead_letters.hold_keys(unit.driver, {key_of(message) for message in messages})
        for message in messages:
            if key_of(message) in held:
                await dead_letters.park_waiting(unit.driver, source, message)
        free = [message for message in messages if key_of(message) not in held] if held else messages
        return await self._effects.apply(free, unit)

    async def _piecewise(self, batch: Batch, before: str) -> None:
        """Apply what can be applied at once, retry the rest together, park what still fails, then move the position."""
        aside = SetAside()
        await self._divide(batch.source, batch.messages, before, aside)
        for attempt in range(1, ATTEMPTS):
            if not aside.may_be_retried():
                break
            await asyncio.sleep(BACK_OFF_SECONDS * attempt)
            for key in aside.may_be_retried():
                while (first := aside.first(key)) and await self._is_applied(
                    batch.source, [first], before, aside
                ):
                    aside.drop_first(key)
        async with self._unit() as unit:
            await inbox.move(unit.driver, batch.source, before=before, after=batch.position)
            for queue in aside.queues():
                await dead_letters.park(
                    unit.driver,
                    batch.source,
                    queue.messages[0],
                    state="parked",
                    cause=queue.cause,
                    attempts=queue.attempts,
                )
                for message in queue.messages[1:]:
                    await dead_letters.park_waiting(unit.driver, batch.source, message)

    async def _divide(self, source: str, messages: Sequence[Message], before: str, aside: SetAside) -> None:
        """Halve until a culprit stands alone; left before right keeps the order, and its key's later ones stay behind it."""
        going = aside.keep_behind(messages)
        if not going or await self._is_applied(source, going, before, aside):
            return
        if len(going) > 1:
            middle = len(going) // 2
            await self._divide(source, going[:middle], before, aside)
            await self._divide(source, going[middle:], before, aside)

    async def _is_applied(
        self, source: str, messages: Sequence[Message], before: str, aside: SetAside
    ) -> bool:
        try:
            async with self._unit() as unit:
                await inbox.hold(unit.driver, source, at=before)
                await self._apply_free(source, messages, unit)
        except (Unavailable, inbox.PositionTaken):
            raise
        except Exception as error:  # noqa: BLE001 - the cause is kept with the message
            if len(messages) == 1:
                cause = aside.fail(messages[0], error)
                log.warning(
                    "message failed",
                    service=self._name,
                    type=messages[0].type,
                    source=source,
                    origin=messages[0].origin,
                    event_id=str(dead_letters.id_in(messages[0].payload)),
                    cause=cause,
                )
            return False
        return True

    async def _measure(self) -> None:
        if time.monotonic() - self._measured < MEASURE_SECONDS:
            return
        self._measured = time.monotonic()
        try:
            async with asyncio.timeout(2):
                CONSUMER_LAG.labels(self._name).set(await self._reader.lag())
        except TimeoutError:
            log.debug("lag not measured", service=self._name)
        async with self._unit() as unit:
            DEAD_LETTERS.labels(self._name).set(await dead_letters.count_open(unit.driver))
