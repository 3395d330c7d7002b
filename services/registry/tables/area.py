"""What is stated about areas, and which areas left: figures and decisions of offices, no row about a person or household.

A township must be seen beside its county, so these rows are not hidden by area; commands and views keep to the caller's.
"""

from sqlalchemy import (
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
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.tables import id_column, timestamp
from services.registry.domain.area import FIGURES
from services.registry.tables.metadata import metadata, one_of

# A corrected figure is a later row of the same area, kind and year.
area_figure = Table(
    "area_figure",
    metadata,
    id_column(),
    Column("area_code", Text, ForeignKey("division.code"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("basis_document", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint(one_of("kind", tuple(FIGURES)), name="kind"),
    Index("ix_area_figure_area_code", "area_code", "kind", "as_of"),
)

area_exit = Table(
    "area_exit",
    metadata,
    id_column(),
    Column("area_code", Text, ForeignKey("division.code"), nullable=False),
    Column("level", Text, nullable=False),
    Column("exited_on", Date, nullable=False),
    Column("notice_id", Uuid, nullable=False),
    Column("rule_pack", Text, nullable=False),
    Column("rule_pack_version", Integer, nullable=False),
    # The assessment as it was when the area left, with the lineage of its count.
    Column("assessment", JSONB, nullable=False),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("area_code", name="uq_area_exit_area_code"),
)
