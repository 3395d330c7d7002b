"""Rounds, and each household's entry in them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.tables import area_column, id_column, timestamp
from contracts.values import PROPOSALS, ROUND_KINDS
from services.registry.domain.procedure import OUTCOMES, STEPS
from services.registry.tables.metadata import metadata, one_of

# A township must see the county's round, so a round is not hidden by area; it holds counts and no person.
round_ = Table(
    "round",
    metadata,
    id_column(),
    Column("scope", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("rule_pack", Text, nullable=False),
    Column("rule_pack_version", Integer, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("opened_by", Text, nullable=False),
    timestamp("opened_at"),
    Column("opening_households", Integer, nullable=False),
    Column("opening_persons", Integer, nullable=False),
    Column("closed_on", Date, nullable=True),
    Column("signed_off_by", Text, nullable=True),
    timestamp("closed_at", nullable=True),
    CheckConstraint(one_of("kind", ROUND_KINDS), name="kind"),
    CheckConstraint("scope ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'", name="scope_is_a_division"),
    CheckConstraint("is_open = (closed_at IS NULL)", name="closed_once"),
    UniqueConstraint("scope", "kind", "number", name="uq_round_number"),
    Index("uq_round_open_scope", "scope", unique=True, postgresql_where=text("is_open")),
)

# The numbers of a closed round: at its closing first, then each time they are stated anew. Only added to.
round_statement = Table(
    "round_statement",
    metadata,
    Column("round_id", Uuid, ForeignKey("round.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("stated_on", Date, nullable=False),
    Column("stated_by", Text, nullable=False),
    timestamp("stated_at"),
    Column("reason", Text, nullable=True),
    Column("numbers", JSONB, nullable=False),
)

round_entry = Table(
    "round_entry",
    metadata,
    Column("round_id", Uuid, ForeignKey("round.id"), primary_key=True),
    Column("household_id", Uuid, ForeignKey("household.id"), primary_key=True),
    area_column(),
    Column("proposal", Text, nullable=False),
    Column("reason", Text, nullable=True),
    Column("step", Text, nullable=False),
    # The business day of the last step: the day of opening at first.
    Column("step_on", Date, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("opening_persons", Integer, nullable=True),
    Column("visit_id", Uuid, nullable=True),
    CheckConstraint(one_of("proposal", PROPOSALS), name="proposal"),
    CheckConstraint(one_of("step", STEPS), name="step"),
    CheckConstraint(one_of("outcome", OUTCOMES), name="outcome"),
    Index("ix_round_entry_area_code", "round_id", "area_code", "step"),
    Index("ix_round_entry_household_id", "household_id"),
)
