"""The chassis' own tables, made by the first revision of every service; later changes get functions of their own."""

import sqlalchemy as sa
from alembic import op

from chassis.tables import Xid8

TABLES = ("outbox", "inbox", "position", "relay_position", "dead_letter", "idempotency", "business_date")


def _moment(name: str, default: str | None = "now()", *, nullable: bool = False) -> "sa.Column[object]":
    server_default = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=server_default, nullable=nullable)


def create_plumbing() -> None:
    """Create the tables of `chassis.tables.add_plumbing`."""
    _create_outbox()
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        _moment("handled_at"),
        sa.PrimaryKeyConstraint("event_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_handled_at", "inbox", ["handled_at"])
    for name, key in (("position", "source"), ("relay_position", "name")):
        op.create_table(
            name,
            sa.Column(key, sa.Text(), nullable=False),
            sa.Column("position", sa.Text(), nullable=False),
            _moment("moved_at"),
            sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
        )
    _create_dead_letter()
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _moment("answered_at"),
        sa.PrimaryKeyConstraint("scope", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_answered_at", "idempotency", ["answered_at"])
    op.create_table(
        "business_date",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("value", sa.Date(), nullable=False),
        _moment("set_at"),
        sa.CheckConstraint("single", name=op.f("ck_business_date_one_row")),
        sa.PrimaryKeyConstraint("single", name="pk_business_date"),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("aggregate_type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        _moment("recorded_at", "clock_timestamp()"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_xid", "outbox", ["xid"])


def _create_dead_letter() -> None:
    open_states = sa.text("state IN ('parked', 'waiting')")
    op.create_table(
        "dead_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _moment("parked_at"),
        _moment("settled_at", None, nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('parked', 'waiting', 'replayed', 'discarded')", name=op.f("ck_dead_letter_state")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
    )
    op.create_index("ix_dead_letter_open_key", "dead_letter", ["topic", "key"], postgresql_where=open_states)
    op.create_index("ix_dead_letter_state", "dead_letter", ["state", "order_no"])


def drop_plumbing() -> None:
    """Drop them again."""
    for name in reversed(TABLES):
        op.drop_table(name)
