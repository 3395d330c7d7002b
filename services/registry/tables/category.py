"""By which document a household was given its category; the category itself stands in the household's versions."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, LargeBinary, Table, Text, Uuid

from chassis.tables import area_column, timestamp
from contracts.values import CATEGORIES
from services.registry.tables.metadata import metadata, one_of

household_category = Table(
    "household_category",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    area_column(),
    Column("category", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    # The title of a document may name people: encrypted.
    Column("sealed", LargeBinary, nullable=False),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint(one_of("category", CATEGORIES), name="category"),
)
