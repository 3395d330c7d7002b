"""The auditors' stream: readers of the same question share one short poll of the trail, and no connection waits."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from chassis.errors import Refusal, Unavailable
from gateway.upstreams.port import Headers, ServiceDown, ServiceSlow, Upstreams

BATCH: Final = 500
POLL_SECONDS: Final = 5.0
OK: Final = 200
KEPT: Final = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks for; readers with equal questions see equal answers."""

    area: str
    type: str | None = None
    subject: str | None = None
    since: str | None = None

    def target(self, after: int) -> str:
        """Return the trail's address for the batch after a position."""
        asked = {
            "after": after,
            "limit": BATCH,
            "type": self.type,
            "subject": self.subject,
            "from": self.since,
        }
        return "/supervision/v1/trail?" + urlencode(
            {name: value for name, value in asked.items() if value is not None}
        )


class Entry(msgspec.Struct, frozen=True):
    """One event of the trail and its position in it."""

    position: int
    envelope: msgspec.Raw


class _Page(msgspec.Struct):
    items: list[Entry]


class _Type(msgspec.Struct):
    type: str


_page = msgspec.json.Decoder(_Page)
_type = msgspec.json.Decoder(_Type)


def frame(entry: Entry) -> bytes:
    """Return an entry as one server-sent event; JSON has no bare line break, so one data line holds it."""
    kind = _type.decode(entry.envelope).type
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (entry.position, kind.encode(), bytes(entry.envelope))


class TrailRefused(Refusal):
    """Supervision refused to show the trail."""

    code = "trail-refused"


class Tails:
    """Reads the trail for any number of readers."""

    def __init__(self, upstreams: Upstreams, *, interval: float) -> None:
        self._upstreams = upstreams
        self.interval = interval
        self._tails: dict[Question, _Tail] = {}

    async def read(self, question: Question, after: int, headers: Headers) -> list[Entry]:
        """Return the batch after a position."""
        reply = await self._upstreams.fetch(
            "supervision", question.target(after), headers, seconds=POLL_SECONDS
        )
        if reply.status != OK:
            raise TrailRefused(f"The supervision service answered {reply.status}.")
        try:
            return _page.decode(reply.body).items
        except (msgspec.DecodeError, msgspec.ValidationError) as fault:
            raise Unavailable("The supervision service's answer cannot be read.") from fault

    async def follow(
        self, question: Question, after: int, headers: Callable[[], Headers], *, keep_alive: float
    ) -> AsyncIterator[list[Entry] | None]:
        """Yield batches from a position on, for ever; None when a keep-alive is due."""
        said = time.monotonic()
        while True:
            batch = await self._next(question, after, headers)
            if batch:
                after, said = batch[-1].position, time.monotonic()
                yield batch
            elif time.monotonic() - said >= keep_alive:
                said = time.monotonic()
                yield None

    async def _next(self, question: Question, after: int, headers: Callable[[], Headers]) -> list[Entry]:
        tail = self._tails.get(question)
        if tail is not None and tail.reaches(after):
            return await tail.wait(after, self.interval)
        try:
            batch = await self.read(question, after, headers())
        except (ServiceDown, ServiceSlow, Unavailable):
            await asyncio.sleep(self.interval)
            return []
        if not batch:
            # At the end: from here on one poll serves all who ask the same.
            if tail is None or tail.is_over():
                tail = self._tails[question] = _Tail(self, question, after, headers)
            return await tail.wait(after, self.interval)
        return batch

    def drop(self, question: Question, tail: "_Tail") -> None:
        """Forget a tail nobody reads any more."""
        if self._tails.get(question) is tail:
            del self._tails[question]


class _Tail:
    """The last entries for one question, filled by one task that ends when nobody waits."""

    def __init__(self, tails: Tails, question: Question, after: int, headers: Callable[[], Headers]) -> None:
        self._tails = tails
        self._question = question
        self._headers = headers
        self._interval = tails.interval
        self._first = self._last = after
        self._entries: deque[Entry] = deque()
        self._changed = asyncio.Event()
        self._waiting = 0
        self._task: asyncio.Task[Any] = asyncio.create_task(self._run())

    def is_over(self) -> bool:
        return self._task.done()

    def reaches(self, after: int) -> bool:
        return not self.is_over() and self._first <= after

    async def wait(self, after: int, seconds: float) -> list[Entry]:
        """Return the entries after a position, waiting a little for the first of them."""
        if after >= self._last:
            self._waiting += 1
            try:
                async with asyncio.timeout(seconds * 2):
                    await self._changed.wait()
            except TimeoutError:
                return []
            finally:
                self._waiting -= 1
        return [entry for entry in self._entries if entry.position > after]

    async def _run(self) -> None:
        idle = 0
        try:
            while idle < 3:  # noqa: PLR2004 - nobody has waited for three rounds
                await asyncio.sleep(self._interval)
                idle = 0 if self._waiting else idle + 1
                while await self._poll() == BATCH:
                    continue
        finally:
            self._tails.drop(self._question, self)

    async def _poll(self) -> int:
        try:
            batch = await self._tails.read(self._question, self._last, self._headers())
        except Refusal:
            return 0
        if not batch:
            return 0
        self._entries.extend(batch)
        self._last = batch[-1].position
        while len(self._entries) > KEPT:
            self._first = self._entries.popleft().position
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        return len(batch)
