"""Visits to households: what holds now, every version ever stated, and the photos by their hash."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.tables import area_column, id_column, timestamp
from services.registry.tables.metadata import metadata

# The area is that of the household, which takes its visits along (档案随户走); the village is where the visit took place.
visit = Table(
    "visit",
    metadata,
    id_column(),
    area_column(),
    Column("village_code", Text, nullable=False),
    Column("household_id", Uuid, ForeignKey("household.id"), nullable=False),
    Column("round_id", Uuid, ForeignKey("round.id"), nullable=True),
    Column("visited_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_valid", Boolean, nullable=False),
    Column("checks_complete", Boolean, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("per_capita_income_fen", BigInteger, nullable=True),
    timestamp("recorded_at"),
    CheckConstraint("persons > 0", name="persons"),
    Index("ix_visit_household_id", "household_id", "visited_on"),
    Index("ix_visit_round_id", "round_id", "household_id"),
)

# Corrections and annulments do not undo what rested on a visit, so every version stays.
visit_version = Table(
    "visit_version",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    area_column(),
    Column("household_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=True),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    # What was found: codes, numbers and hashes only.
    Column("found", JSONB, nullable=False),
    # Who went and where the household lives, encrypted together.
    Column("sealed", LargeBinary, nullable=False),
    CheckConstraint("kind IN ('recorded', 'corrected', 'annulled')", name="kind"),
)

visit_photo = Table(
    "visit_photo",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("photo_sha256", Text, primary_key=True),
    area_column(),
    Column("household_id", Uuid, nullable=False),
    Index("ix_visit_photo_photo_sha256", "photo_sha256"),
)
