"""Turning messages into effects inside a transaction: decode, skip what the inbox has, call the handlers in order."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

import msgspec

from chassis import inbox
from chassis.bus.port import Message
from chassis.events import Envelope, Received, decode_envelope
from chassis.service import Service, raw
from chassis.unit_of_work import UnitOfWork

DATE_SET = "gateway.business-date-set.v1"
SET_DATE = """
INSERT INTO business_date (value) VALUES ($1)
ON CONFLICT (single) DO UPDATE SET value = excluded.value, set_at = now()
"""
FOLLOW_CALENDAR = "DELETE FROM business_date"


class _DateSet(msgspec.Struct):
    business_date: date
    follows_calendar: bool = False


_date_set = msgspec.json.Decoder(_DateSet)


class Effects:
    """What one service does when it hears something."""

    def __init__(self, service: Service) -> None:
        self._handlers = {
            kind.event_type: (msgspec.json.Decoder(kind), handler)
            for kind, handler in service.consumers.items()
        }
        self._batch_consumer = service.batch_consumer
        self._batch_topics = frozenset(service.batch_topics)

    async def apply(self, messages: Sequence[Message], unit: UnitOfWork) -> int:
        """Apply in order what was not applied before; return how many messages that were."""
        if not messages:
            return 0
        envelopes = [decode_envelope(message.payload) for message in messages]
        new = await inbox.unseen(unit.driver, [envelope.id for envelope in envelopes])
        fresh: list[Envelope] = []
        heard: list[Received[object]] = []
        for envelope, message in zip(envelopes, messages, strict=True):
            if envelope.id not in new:
                continue
            new.discard(envelope.id)  # the same event twice in one batch counts once
            fresh.append(envelope)
            if message.topic in self._batch_topics:
                heard.append(raw(envelope))
        for envelope in fresh:
            await self._handle(envelope, unit)
        if self._batch_consumer is not None and heard:
            unit.begin_event(heard[-1].envelope)
            await self._batch_consumer(heard, unit)
        return len(fresh)

    async def _handle(self, envelope: Envelope, unit: UnitOfWork) -> None:
        if envelope.type == DATE_SET:
            await _set_date(_date_set.decode(envelope.data), unit)
        known = self._handlers.get(envelope.type)
        if known is not None:
            decoder, handler = known
            unit.begin_event(envelope)
            await handler(Received(envelope=envelope, data=decoder.decode(envelope.data)), unit)


async def _set_date(told: _DateSet, unit: UnitOfWork) -> None:
    if told.follows_calendar:
        await unit.driver.execute(FOLLOW_CALENDAR)
    else:
        await unit.driver.execute(SET_DATE, told.business_date)


def one_by_one(
    service: Service, unit_factory: Callable[[], UnitOfWork]
) -> Callable[[Message], Awaitable[None]]:
    """Return what applies one message in a transaction of its own, unless it was handled before; for replays."""
    effects = Effects(service)

    async def apply(message: Message) -> None:
        async with unit_factory() as unit:
            await effects.apply([message], unit)

    return apply
