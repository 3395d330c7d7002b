"""The transaction of one command: state, facts and the stored answer commit together or not at all."""

from datetime import date, datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import idempotency, outbox
from chassis.answers import Answer
from chassis.answers import answer as make_answer
from chassis.auth import Principal
from chassis.crypto import Cipher
from chassis.database import LOST, Lent, was_given_up
from chassis.errors import Crossed, Forbidden, NotFound, RequestInFlight, Unavailable
from chassis.events import (
    CONTENT_TYPE,
    SPEC_VERSION,
    Envelope,
    Fact,
    encode_data,
    encode_envelope,
    schema_address,
)
from chassis.ids import new_id
from chassis.runtime import Peers, Runtime

# One round trip for the effect's two last rows.
FLUSH_ONE = f"WITH fact AS ({outbox.INSERT_ONE}) " + idempotency.REMEMBER.replace(
    "$1, $2, $3, $4, $5", "$8, $9, $10, $11, $12"
)


class UnitOfWork:
    """`async with unit:` opens a transaction scoped to the caller's area; leaving it commits, an exception rolls back."""

    def __init__(
        self,
        runtime: Runtime,
        principal: Principal,
        *,
        reservation: idempotency.Reservation | None = None,
        read_only: bool = False,
        correlation_id: str | None = None,
        traceparent: str | None = None,
    ) -> None:
        self.runtime = runtime
        self.principal = principal
        self.today: date = runtime.clock.today()
        self.now: datetime = runtime.clock.now()
        self._reservation = reservation
        self._read_only = read_only
        self._correlation_id = correlation_id or new_id().hex
        self._causation_id: str | None = None
        self._traceparent = traceparent
        self._facts: list[outbox.OutboxRow] = []
        self._answer: Answer | None = None
        self.opening = ""  # further statements with which the transaction begins
        self._lent: Lent | None = None
        self.connection: AsyncConnection
        self.driver: asyncpg.Connection[Any]

    @property
    def cipher(self) -> Cipher:
        """The keys of personal data at rest."""
        return self.runtime.cipher

    @property
    def peers(self) -> Peers:
        """Calls to other services."""
        return self.runtime.peers

    # -- the transaction

    async def __aenter__(self) -> Self:
        """Begin, scope row-level security to the caller's area, and take the idempotency reservation."""
        await self._begin()
        try:
            if self._reservation is not None:
                await idempotency.take(self.driver, self._reservation, self.cipher)
        except BaseException as error:
            await self._abandon(error)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit everything, or nothing."""
        if error is not None:
            await self._abandon(error)
            return
        try:
            await self._flush()
            await self.driver.execute("COMMIT")
        except asyncpg.UniqueViolationError as violation:
            await self._roll_back()
            if violation.table_name == "idempotency":  # the twin committed since we looked
                raise RequestInFlight from None
            raise
        except LOST as lost:
            await self._roll_back()
            # Whether COMMIT arrived is unknown: the same Idempotency-Key finds out.
            raise Unavailable("The database went away; repeat with the same Idempotency-Key.") from lost
        except BaseException as failed:
            await self._roll_back()
            if was_given_up(failed):
                raise Crossed from failed
            raise
        await self._give_back()
        if self._facts:
            self.runtime.on_commit()

    async def _begin(self) -> None:
        mode = " READ ONLY" if self._read_only else ""
        opening = f"BEGIN{mode}; SET LOCAL tuopin.area = 'area:{self._area()}'{self.opening}"
        for is_last in (False, True):
            try:
                self._lent = await self.runtime.database.borrow()
                self.connection, self.driver = self._lent
                await self.driver.execute(opening)
            except (*LOST, DBAPIError) as lost:
                await self._discard()
                # When one is dead the idle ones are, too: the next is a new one.
                await self.runtime.database.close()
                if is_last:
                    raise Unavailable("The database cannot be reached; nothing changed, try again.") from lost
            except BaseException:
                await self._discard()
                raise
            else:
                # Taken inside the transaction: whoever sees that it is over has seen all that it recorded.
                self.now = self.runtime.clock.now()
                return

    def _area(self) -> str:
        if self.principal.area and not self.principal.area.isdigit():
            raise Forbidden("The caller's area is not a division code.")
        return self.principal.area

    async def _flush(self) -> None:
        if self._reservation is None or self._answer is None:
            await outbox.append(self.driver, self._facts)
            return
        remembered = idempotency.row_of(self._reservation, self._answer, self.cipher)
        if len(self._facts) == 1:
            await self.driver.execute(FLUSH_ONE, *self._facts[0], *remembered)
        else:
            await outbox.append(self.driver, self._facts)
            await self.driver.execute(idempotency.REMEMBER, *remembered)

    async def _abandon(self, error: BaseException) -> None:
        is_lost = self.driver.is_closed() or isinstance(error, asyncpg.InternalClientError)
        await self._roll_back()
        if is_lost and isinstance(error, Exception):
            raise Unavailable("The database went away; nothing changed, try again.") from error
        if was_given_up(error):
            raise Crossed from error

    async def _roll_back(self) -> None:
        try:
            await self.driver.execute("ROLLBACK")
        except (*LOST, asyncpg.PostgresError, DBAPIError):
            await self._discard()
        except BaseException:
            await self._discard()
            raise
        else:
            await self._give_back()

    async def _give_back(self) -> None:
        lent, self._lent = self._lent, None
        if lent is not None:
            await self.runtime.database.give_back(lent)

    async def _discard(self) -> None:
        lent, self._lent = self._lent, None
        if lent is not None:
            await self.runtime.database.discard(lent)

    # -- facts and answers

    def record(self, fact: Fact, *, sequence: int, area: str) -> UUID:
        """Add a fact to this transaction; `sequence` is the subject's version after the change. Return the event's id."""
        event_id = new_id()
        key = fact.subject_id()
        envelope = Envelope(
            specversion=SPEC_VERSION,
            id=event_id,
            source=f"/tuopin/{self.runtime.service}",
            type=fact.event_type,
            subject=f"{fact.subject_kind}/{key}",
            time=self.now,
            datacontenttype=CONTENT_TYPE,
            dataschema=schema_address(fact.event_type),
            partitionkey=key,
            sequence=sequence,
            businessdate=self.today,
            areacode=area,
            actorid=self.principal.actor_id,
            correlationid=self._correlation_id,
            causationid=self._causation_id,
            traceparent=self._traceparent,
            data_class=fact.data_class,
            data=encode_data(fact),
        )
        self._facts.append(
            outbox.OutboxRow(
                event_id, fact.topic, key, fact.subject_kind, key, fact.event_type, encode_envelope(envelope)
            )
        )
        return event_id

    def answer(
        self, body: Any = None, *, status: int = 200, etag: object = None, location: str | None = None
    ) -> Answer:
        """Fix the answer inside the transaction; it is stored under the request's Idempotency-Key."""
        self._answer = make_answer(body, status=status, etag=etag, location=location)
        return self._answer

    def begin_event(self, envelope: Envelope) -> None:
        """Let what is recorded next be caused by this event and count for its business date."""
        self.today = envelope.businessdate
        self._causation_id = str(envelope.id)
        self._correlation_id = envelope.correlationid
        self._traceparent = envelope.traceparent

    @property
    def recorded(self) -> tuple[outbox.OutboxRow, ...]:
        """The facts recorded so far, for tests and for batch consumers that must take some back."""
        return tuple(self._facts)

    def forget_facts(self, keep: int) -> None:
        """Drop facts recorded after the first `keep`: their savepoint was rolled back."""
        del self._facts[keep:]

    # -- who may

    def require(self, *roles: str) -> None:
        """Refuse a caller who has none of the roles."""
        if self.principal.roles.isdisjoint(roles):
            raise Forbidden

    def require_area(self, area_code: str) -> None:
        """Refuse, as if it did not exist, a record outside the caller's area."""
        if not area_code.startswith(self.principal.area):
            raise NotFound
