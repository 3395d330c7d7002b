"""The relocation service's tables; nobody else reads or writes them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.tables import add_plumbing, area_column, id_column, new_metadata, timestamp

metadata = new_metadata()
add_plumbing(metadata)

AREA = Numeric(10, 2)

# Rules hold for the whole county, so they have no area.
rule = Table(
    "rule",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("value", JSONB, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date, nullable=True),
    Column("basis_document", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("kind", "effective_from", name="uq_rule_kind_from"),
    CheckConstraint("kind IN ('area-cap', 'infrastructure-standard', 'housing-subsidy')", name="kind"),
    CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="period"),
)

site = Table(
    "site",
    metadata,
    id_column(),
    area_column(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("planned_households", Integer, nullable=False),
    Column("planned_persons", Integer, nullable=False),
    Column("budget_fen", BigInteger, nullable=False),
    Column("registered_on", Date, nullable=False),
    Column("registered_by", Text, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("area_code", "name", name="uq_site_area_code_name"),
    CheckConstraint("kind IN ('centralized', 'interspersed')", name="kind"),
    CheckConstraint("planned_households > 0 AND planned_persons >= planned_households", name="planned"),
)

household_copy = Table(
    "household_copy",
    metadata,
    id_column("household_id"),
    area_column(),
    Column("persons", Integer, nullable=True),
    Column("status", Text, nullable=False),
    # The registry's version of the household: an older event never undoes a newer one.
    Column("sequence", BigInteger, nullable=False),
)

house = Table(
    "house",
    metadata,
    id_column(),
    Column("household_id", Uuid, nullable=False),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    area_column(),
    Column("persons", Integer, nullable=False),
    Column("area_cap_m2", AREA, nullable=False),
    Column("planned_area_m2", AREA, nullable=False),
    Column("stage", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("allocated_on", Date, nullable=False),
    Column("started_on", Date, nullable=True),
    Column("topped_out_on", Date, nullable=True),
    Column("completed_on", Date, nullable=True),
    Column("rejected_on", Date, nullable=True),
    Column("accepted_on", Date, nullable=True),
    Column("moved_in_on", Date, nullable=True),
    Column("floor_area_m2", AREA, nullable=True),
    UniqueConstraint("household_id", name="uq_house_household_id"),
    CheckConstraint(
        "stage IN ('allocated', 'started', 'topped-out', 'completed', 'accepted', 'moved-in')", name="stage"
    ),
    CheckConstraint("planned_area_m2 <= area_cap_m2", name="planned_area"),
    # A null date makes its comparison unknown, which a check lets pass; the next check forbids gaps.
    CheckConstraint(
        "allocated_on <= started_on AND started_on <= topped_out_on AND topped_out_on <= completed_on"
        " AND completed_on <= rejected_on AND completed_on <= accepted_on AND rejected_on <= accepted_on"
        " AND accepted_on <= moved_in_on",
        name="dates_in_order",
    ),
    CheckConstraint(
        "(started_on IS NOT NULL OR topped_out_on IS NULL) AND (topped_out_on IS NOT NULL OR completed_on IS NULL)"
        " AND (completed_on IS NOT NULL OR coalesce(rejected_on, accepted_on) IS NULL)"
        " AND (accepted_on IS NOT NULL OR moved_in_on IS NULL)",
        name="stages_without_gaps",
    ),
    CheckConstraint("(completed_on IS NULL) = (floor_area_m2 IS NULL)", name="measured_at_completion"),
    Index("ix_house_site_id", "site_id", "id"),
    Index("ix_house_stage", "stage", "id"),
    Index("ix_house_area_code", "area_code", "id"),
)

house_event = Table(
    "house_event",
    metadata,
    Column("house_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    area_column(),
    Column("event", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
)

subsidy_due = Table(
    "subsidy_due",
    metadata,
    id_column(),
    Column("house_id", Uuid, ForeignKey("house.id"), nullable=False),
    Column("household_id", Uuid, nullable=False),
    area_column(),
    Column("stage", Text, nullable=False),
    Column("programme_code", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("amount_fen", BigInteger, CheckConstraint("amount_fen > 0", name="amount"), nullable=False),
    Column("stage_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    UniqueConstraint("house_id", "stage", name="uq_subsidy_due_house_id_stage"),
)

# What the bank reported; the state of an instalment follows from it in whatever order the reports arrive.
subsidy_payment = Table(
    "subsidy_payment",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("due_id", Uuid, nullable=False, index=True),
    area_column(),
    Column("amount_fen", BigInteger, nullable=False),
    Column("reason", Text, nullable=True),
    Column("happened_on", Date, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint("outcome IN ('settled', 'rejected', 'withdrawn')", name="outcome"),
)
