"""The supervision service's tables: the trail, what is folded from it, the rules, and what they found."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.tables import add_plumbing, area_column, id_column, new_metadata, timestamp

metadata = new_metadata()
add_plumbing(metadata)

# One row for the one writer: locking it is what keeps the chain without forks.
progress = Table(
    "progress",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("position", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("deadlines_through", Date, nullable=True),
    CheckConstraint("single", name="one_row"),
)

trail = Table(
    "trail",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    area_column(),
    Column("payload", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("event_id", name="uq_trail_event_id"),
    Index("ix_trail_type", "type", "position"),
    Index("ix_trail_subject", "subject", "position"),
    Index("ix_trail_recorded_at", "recorded_at", postgresql_using="brin"),
)

# What moved the findings besides events: the clock, and the adoption of rules. A rebuild repeats it in place.
step = Table(
    "step",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("through", Date, nullable=True),
    Column("rule_code", Text, nullable=True),
    Column("rule_version", Integer, nullable=True),
    Column("business_date", Date, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("rule_code", "rule_version", name="uq_step_rule"),
    CheckConstraint("kind IN ('clock', 'rule')", name="kind"),
)

rule = Table(
    "rule",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("severity", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date, nullable=True),
    Column("basis_document", Text, nullable=False),
    Column("explanation", JSONB, nullable=False),
    Column("published_by", Text, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="period"),
    CheckConstraint("severity IN ('low', 'medium', 'high', 'critical')", name="severity"),
)

dossier = Table(
    "dossier",
    metadata,
    id_column("household_id"),
    area_column(),
    Column("next_due", Date, nullable=True),
    # The registry's latest event about who is on the register, where, and with how many persons.
    Column("last_told", Uuid, nullable=True),
    Column("state", JSONB, nullable=False),
    Index("ix_dossier_next_due", "next_due", postgresql_where=text("next_due IS NOT NULL")),
)

photo = Table(
    "photo",
    metadata,
    Column("sha256", Text, primary_key=True),
    area_column(),
    Column("state", JSONB, nullable=False),
)

round_ = Table(
    "round",
    metadata,
    id_column(),
    area_column(),
    Column("state", JSONB, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    id_column(),
    area_column(),
    Column("state", JSONB, nullable=False),
)

programme = Table(
    "programme",
    metadata,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    id_column(),
    area_column(),
    Column("rule", Text, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("households", ARRAY(Uuid), nullable=False),
    Column("observed", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("explanation", JSONB, nullable=False),
    Column("evidence", ARRAY(Uuid), nullable=False),
    Column("due_on", Date, nullable=True),
    Column("opened_on", Date, nullable=False),
    timestamp("opened_at"),
    Column("opened_by", Uuid, nullable=True),
    Column("closed_on", Date, nullable=True),
    timestamp("closed_at", nullable=True),
    Column("closed_by", Uuid, nullable=True),
    Column("reason", Text, nullable=True),
    CheckConstraint("state IN ('open', 'closed')", name="state"),
    CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL AND reason IS NOT NULL)", name="closing"),
    Index(
        "uq_finding_open",
        "rule",
        "subject",
        "occurrence",
        unique=True,
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_finding_state", "state", "id"),
    Index("ix_finding_households", "households", postgresql_using="gin"),
)
