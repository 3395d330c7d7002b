"""Rule packs as they were proposed, who reviewed them, and from which day on each is in force; only ever added to."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from chassis.tables import id_column, timestamp
from services.registry.tables.metadata import metadata

# A pack is public and speaks of no person. `scope` is the beginning of a division code: where it was proposed.
rule_pack = Table(
    "rule_pack",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("based_on", Text, nullable=True),
    Column("based_on_version", Integer, nullable=True),
    # The whole pack as JSON.
    Column("content", LargeBinary, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_on", Date, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint("scope ~ '^[0-9]{0,6}$'", name="scope_is_a_county_or_above"),
    UniqueConstraint("code", "version", "proposed_by", name="uq_rule_pack_proposed_by"),
)

rule_pack_review = Table(
    "rule_pack_review",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    # The proposer's name stands here too, so that the database itself can see that the reviewer is another person.
    Column("proposed_by", Text, nullable=False),
    Column("reviewed_by", Text, nullable=False),
    Column("reviewed_on", Date, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint("reviewed_by <> proposed_by", name="second_person"),
    ForeignKeyConstraint(
        ["code", "version", "proposed_by"],
        ["rule_pack.code", "rule_pack.version", "rule_pack.proposed_by"],
        name="fk_rule_pack_review_rule_pack",
    ),
)

# A pack that comes with the service has no row of its own, so an activation names it by code and version only.
rule_pack_activation = Table(
    "rule_pack_activation",
    metadata,
    id_column(),
    Column("code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("scope", Text, nullable=False),
    Column("active_from", Date, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("activated_on", Date, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint("scope ~ '^[0-9]{0,6}$'", name="scope_is_a_county_or_above"),
    Index("ix_rule_pack_activation_active_from", "active_from"),
)
