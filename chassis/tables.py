"""The tables every service has beside its own: outbox, inbox, positions, dead letters, idempotency, business date."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.types import UserDefinedType

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id; it never wraps, so the outbox can be read by snapshots for ever."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the type's SQL name."""
        return "xid8"


def new_metadata() -> MetaData:
    """Return a metadata with the one naming convention."""
    return MetaData(naming_convention=NAMING)


def timestamp(name: str, *, nullable: bool = False) -> Column[object]:
    """Return a moment: aware, stored in UTC."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def id_column(name: str = "id") -> Column[object]:
    """Return a UUID primary key."""
    return Column(name, Uuid, primary_key=True)


def area_column() -> Column[object]:
    """Return the 12-digit division code by which access is scoped; guard the table with `protect_by_area`."""
    return Column("area_code", Text, nullable=False)


def add_plumbing(metadata: MetaData) -> None:
    """Add the chassis' tables to a service's metadata."""
    _outbox(metadata)
    Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column(
            "handled_at", DateTime(timezone=True), nullable=False, server_default=text("now()"), index=True
        ),
    )
    for name, key in (("position", "source"), ("relay_position", "name")):
        Table(
            name,
            metadata,
            Column(key, Text, primary_key=True),
            Column("position", Text, nullable=False),
            Column("moved_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        )
    _dead_letter(metadata)
    _idempotency(metadata)
    Table(
        "business_date",
        metadata,
        Column(
            "single",
            Boolean,
            CheckConstraint("single", name="one_row"),
            primary_key=True,
            server_default=text("true"),
        ),
        Column("value", Date, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        CheckConstraint("single", name="one_row"),
    )


def _outbox(metadata: MetaData) -> None:
    # Column names follow the usual outbox routers, so that change data capture could replace the relay.
    Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()"), index=True),
        Column("event_id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("aggregate_type", Text, nullable=False),
        Column("aggregate_id", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column(
            "recorded_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")
        ),
    )


def _dead_letter(metadata: MetaData) -> None:
    Table(
        "dead_letter",
        metadata,
        id_column(),
        Column("order_no", BigInteger, Identity(always=True), nullable=False),
        Column("source", Text, nullable=False),
        Column("origin", Text, nullable=False),
        Column("event_id", Uuid, nullable=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("cause", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("parked_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        timestamp("settled_at", nullable=True),
        Column("settled_by", Text, nullable=True),
        CheckConstraint("state IN ('parked', 'waiting', 'replayed', 'discarded')", name="state"),
        Index(
            "ix_dead_letter_open_key", "topic", "key", postgresql_where=text("state IN ('parked', 'waiting')")
        ),
        Index("ix_dead_letter_state", "state", "order_no"),
    )


def _idempotency(metadata: MetaData) -> None:
    Table(
        "idempotency",
        metadata,
        # A hash of client, method, path and key: one client can never meet another's answer.
        Column("scope", LargeBinary, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column(
            "answered_at", DateTime(timezone=True), nullable=False, server_default=text("now()"), index=True
        ),
    )
