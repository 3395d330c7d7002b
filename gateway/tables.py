"""The gateway's own tables: accounts, partner clients, sessions, guesses and the moves of the business date."""

from sqlalchemy import (
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
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.tables import add_plumbing, id_column, new_metadata, timestamp

AREA_IS_A_PREFIX = "area ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$'"

metadata = new_metadata()
add_plumbing(metadata)

account = Table(
    "account",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("area", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("password_is_one_time", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    timestamp("created_at"),
    CheckConstraint(AREA_IS_A_PREFIX, name="area_prefix"),
    CheckConstraint("name ~ '^[a-z0-9][a-z0-9._-]{1,63}$'", name="name_form"),
)

account_role = Table(
    "account_role",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    CheckConstraint(
        "role IN ('village-committee', 'work-team', 'clerk', 'county-officer', 'checker', 'payer', 'bank', "
        "'insurer', 'auditor', 'administrator')",
        name="known_role",
    ),
    # One row of these three an account, whoever writes it and by whatever way.
    Index(
        "uq_account_role_separated",
        "account_id",
        unique=True,
        postgresql_where=text("role IN ('county-officer', 'checker', 'payer')"),
    ),
    # And one of these four: each determination of a household is made by another body.
    Index(
        "uq_account_role_determining",
        "account_id",
        unique=True,
        postgresql_where=text("role IN ('village-committee', 'work-team', 'clerk', 'county-officer')"),
    ),
)

client = Table(
    "client",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("keys", JSONB, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    timestamp("created_at"),
    CheckConstraint(AREA_IS_A_PREFIX, name="area_prefix"),
    CheckConstraint("name ~ '^[a-z0-9][a-z0-9._-]{1,63}$'", name="name_form"),
    CheckConstraint("role IN ('bank', 'insurer', 'auditor')", name="partner_role"),
)

session = Table(
    "session",
    metadata,
    id_column(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=True, index=True),
    Column("client_id", Uuid, ForeignKey("client.id"), nullable=True, index=True),
    timestamp("created_at"),
    timestamp("expires_at"),
    timestamp("ended_at", nullable=True),
    CheckConstraint("(account_id IS NULL) <> (client_id IS NULL)", name="one_holder"),
    Index("ix_session_expires_at", "expires_at"),
)

used_assertion = Table(
    "used_assertion",
    metadata,
    Column("client_id", Uuid, ForeignKey("client.id"), primary_key=True),
    Column("jti_hash", LargeBinary, primary_key=True),
    timestamp("expires_at"),
    Index("ix_used_assertion_expires_at", "expires_at"),
)

guess = Table(
    "guess",
    metadata,
    # A keyed hash of the name, so that a name nobody holds is counted like any other and never stored.
    Column("name_hash", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    timestamp("last_at"),
    timestamp("locked_until", nullable=True),
)

identity_change = Table(
    "identity_change",
    metadata,
    id_column(),
    timestamp("changed_at"),
    Column("actor_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("detail", JSONB, nullable=False),
    Index("ix_identity_change_subject_id", "subject_id"),
)

business_date_move = Table(
    "business_date_move",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("business_date", Date, nullable=False),
    Column("previous", Date, nullable=False),
    # The date of that day then: from it on the platform follows the calendar again.
    Column("follows_calendar", Boolean, nullable=False, server_default=false()),
    Column("moved_by", Text, nullable=False),
    timestamp("moved_at"),
)
