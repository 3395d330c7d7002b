"""The loop that turns events into effects: a batch, its effects and the position in one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog

from chassis import dead_letters, inbox
from chassis.bus.port import Batch, BusLost, BusReader, Message
from chassis.errors import Unavailable
from chassis.events import Envelope, Received, decode_envelope
from chassis.health import Progress
from chassis.service import Service, raw
from chassis.telemetry import EVENTS_HANDLED
from chassis.unit_of_work import UnitOfWork

BATCH = 2000
WAIT_SECONDS = 1.0
ATTEMPTS = 3
BACK_OFF_SECONDS = 0.2
DATE_SET = "gateway.business-date-set.v1"
SET_DATE = """
INSERT INTO business_date (value) VALUES ($1)
ON CONFLICT (single) DO UPDATE SET value = excluded.value, set_at = now()
"""

log = structlog.get_logger("tuopin.consumer")


class _Moved(msgspec.Struct):
    business_date: Any


class Consumer:
    """One consumer of one service; several processes may run one each, the bus shares the sources out."""

    def __init__(
        self, service: Service, reader: BusReader, unit_factory: Callable[[], UnitOfWork], progress: Progress
    ) -> None:
        self._service = service
        self._reader = reader
        self._unit = unit_factory
        self._progress = progress
        self._handlers = {kind.event_type: (kind, handler) for kind, handler in service.consumers.items()}
        self._batch_topics = frozenset(service.batch_topics)
        self._stored: dict[str, str] = {}

    async def run(self) -> None:
        """Consume until cancelled; the bus or the database going away is waited for."""
        while True:
            try:
                await self._reader.start(self._positions)
                while True:
                    await self.step()
            except (BusLost, Unavailable) as lost:
                log.warning("consumer waits", service=self._service.name, error=type(lost).__name__)
                await asyncio.sleep(BACK_OFF_SECONDS)

    async def step(self, timeout: float = WAIT_SECONDS) -> int:
        """Fetch once and handle what came; return how many messages."""
        batches = await self._reader.fetch(BATCH, timeout)
        for batch in batches:
            await self._handle(batch)
        self._progress.beat()
        return sum(len(batch.messages) for batch in batches)

    async def _positions(self, sources: Sequence[str]) -> dict[str, str]:
        async with self._unit() as unit:
            stored = await inbox.positions_of(unit.driver, sources)
        self._stored |= {source: stored.get(source, inbox.BEGINNING) for source in sources}
        return dict(stored)

    async def _handle(self, batch: Batch) -> None:
        try:
            await self._whole(batch)
        except inbox.PositionTaken:
            await self._reader.again(batch.source)
            return
        except Unavailable:
            await self._reader.again(batch.source)
            raise
        except Exception as error:  # noqa: BLE001 - whichever message it is, find it
            log.warning(
                "batch failed", service=self._service.name, source=batch.source, error=type(error).__name__
            )
            try:
                await self._piecewise(batch)
            except inbox.PositionTaken:
                await self._reader.again(batch.source)
                return
        self._stored[batch.source] = batch.position
        EVENTS_HANDLED.labels(self._service.name).inc(len(batch.messages))

    async def _whole(self, batch: Batch) -> None:
        async with self._unit() as unit:
            await self._move(unit, batch)
            held = await dead_letters.held_keys(unit.driver)
            fresh = await self._together(batch.messages, held, unit)
        if batch.messages:
            self._log_batch(batch, fresh)

    async def _together(
        self, messages: Sequence[Message], held: set[tuple[str, str]], unit: UnitOfWork
    ) -> int:
        if held and any((message.topic, message.key) in held for message in messages):
            raise _KeyHeld
        envelopes = [decode_envelope(message.payload) for message in messages]
        new = await inbox.unseen(unit.driver, [envelope.id for envelope in envelopes]) if envelopes else set()
        fresh = []
        for envelope, message in zip(envelopes, messages, strict=True):
            if envelope.id in new:
                new.discard(envelope.id)  # the same event twice in one batch counts once
                fresh.append((envelope, message))
        await self._apply(fresh, unit)
        return len(fresh)

    async def _apply(self, fresh: Sequence[tuple[Envelope, Message]], unit: UnitOfWork) -> None:
        for envelope, _ in fresh:
            await self._apply_one(envelope, unit)
        if self._service.batch_consumer is not None:
            heard = [raw(envelope) for envelope, message in fresh if message.topic in self._batch_topics]
            if heard:
                await self._service.batch_consumer(heard, unit)

    async def _apply_one(self, envelope: Envelope, unit: UnitOfWork) -> None:
        unit.begin_event(envelope)
        if envelope.type == DATE_SET:
            await unit.driver.execute(SET_DATE, envelope.businessdate)
        known = self._handlers.get(envelope.type)
        if known is not None:
            kind, handler = known
            await handler(
                Received(envelope=envelope, data=msgspec.json.decode(envelope.data, type=kind)), unit
            )

    async def _move(self, unit: UnitOfWork, batch: Batch) -> None:
        before = self._stored.get(batch.source, inbox.BEGINNING)
        await inbox.move(unit.driver, batch.source, before=before, after=batch.position)

    async def _piecewise(self, batch: Batch) -> None:
        """Find and park what cannot be handled, apply the rest, then move the position."""
        async with self._unit() as unit:
            held = await dead_letters.held_keys(unit.driver)
        await self._divide(batch, batch.messages, held)
        async with self._unit() as unit:
            await self._move(unit, batch)

    async def _divide(self, batch: Batch, messages: Sequence[Message], held: set[tuple[str, str]]) -> None:
        if len(messages) == 1:
            await self._alone_or_parked(batch, messages[0], held)
            return
        try:
            async with self._unit() as unit:
                await self._together(messages, held, unit)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - halve until the culprit stands alone; left before right keeps the order
            middle = len(messages) // 2
            await self._divide(batch, messages[:middle], held)
            await self._divide(batch, messages[middle:], held)

    async def _alone_or_parked(self, batch: Batch, message: Message, held: set[tuple[str, str]]) -> None:
        if (message.topic, message.key) in held:
            await self._park(batch, message, "waiting", cause="waits behind an earlier message", attempts=0)
        elif not await self._retried(batch, message):
            held.add((message.topic, message.key))

    async def _retried(self, batch: Batch, message: Message) -> bool:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self.apply_alone(message)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - the cause is kept with the message
                cause = cause_of(error)
                log.warning(
                    "message failed",
                    type=message.type,
                    source=batch.source,
                    origin=message.origin,
                    cause=cause,
                )
                if attempt == ATTEMPTS or isinstance(error, msgspec.MsgspecError):
                    await self._park(batch, message, "parked", cause=cause, attempts=attempt)
                    return False
                await asyncio.sleep(BACK_OFF_SECONDS * attempt)
            else:
                return True
        return False

    async def apply_alone(self, message: Message) -> None:
        """Apply one message in a transaction of its own, unless it was handled before."""
        envelope = decode_envelope(message.payload)
        async with self._unit() as unit:
            if await inbox.unseen(unit.driver, [envelope.id]):
                await self._apply([(envelope, message)], unit)

    async def _park(self, batch: Batch, message: Message, state: str, *, cause: str, attempts: int) -> None:
        async with self._unit() as unit:
            await dead_letters.park(
                unit.driver, batch.source, message, state=state, cause=cause, attempts=attempts
            )

    def _log_batch(self, batch: Batch, fresh: int) -> None:
        log.info(
            "batch handled",
            service=self._service.name,
            source=batch.source,
            first=batch.messages[0].origin,
            last=batch.messages[-1].origin,
            count=len(batch.messages),
            fresh=fresh,
        )


class _KeyHeld(Exception):  # noqa: N818 - not a failure: the batch is handled one by one
    """A message's key waits behind a parked one."""


def cause_of(error: BaseException) -> str:
    """Return what kind of error it was and where, without its text, which may quote a row."""
    code = getattr(error, "code", None) or getattr(error, "sqlstate", None)
    frames = error.__traceback__
    while frames is not None and frames.tb_next is not None:
        frames = frames.tb_next
    where = f"{frames.tb_frame.f_code.co_name}:{frames.tb_lineno}" if frames is not None else ""
    return " ".join(part for part in (type(error).__name__, str(code or ""), where) if part)
