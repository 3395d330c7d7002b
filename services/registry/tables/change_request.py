"""Change requests, and which households and people each touches."""

from sqlalchemy import (
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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.tables import area_column, id_column, timestamp
from services.registry.domain.change_request import KINDS, STATES
from services.registry.tables.metadata import metadata, one_of

change_request = Table(
    "change_request",
    metadata,
    id_column(),
    area_column(),
    Column("kind", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    # What is asked for, encrypted: it names people.
    Column("sealed", LargeBinary, nullable=False),
    # Open requests that this one lets go first: it was written anew in their knowledge.
    Column("yields_to", ARRAY(Uuid), nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("submitted_on", Date, nullable=False),
    timestamp("submitted_at"),
    Column("decided_by", Text, nullable=True),
    Column("decided_on", Date, nullable=True),
    timestamp("decided_at", nullable=True),
    Column("decision_reason", Text, nullable=True),
    Column("undone_by", Text, nullable=True),
    Column("undone_on", Date, nullable=True),
    timestamp("undone_at", nullable=True),
    CheckConstraint(one_of("kind", KINDS), name="kind"),
    CheckConstraint(one_of("state", STATES), name="state"),
    CheckConstraint(
        "state = 'cancelled' OR decided_by IS NULL OR decided_by <> submitted_by", name="second_person"
    ),
    CheckConstraint("undone_by IS NULL OR undone_by <> submitted_by", name="second_person_undoes"),
    CheckConstraint("(state = 'submitted') = (decided_by IS NULL)", name="decided_once"),
    Index("ix_change_request_area_code", "area_code", "id"),
    Index("ix_change_request_open", "id", postgresql_where=text("state = 'submitted'")),
)

# `version` is the one that the request was written against. What held before is kept at the application, for undoing.
change_request_household = Table(
    "change_request_household",
    metadata,
    Column("request_id", Uuid, ForeignKey("change_request.id"), primary_key=True),
    Column("household_id", Uuid, primary_key=True),
    area_column(),
    Column("version", Integer, nullable=False),
    Column("applied_version", Integer, nullable=True),
    Column("status", Text, nullable=True),
    Column("status_since", Date, nullable=True),
    Column("village_since", Date, nullable=True),
    Index("ix_change_request_household_household_id", "household_id"),
)

# Whom the request concerns, by keyed hash: somebody new in two requests is a conflict, too.
change_request_person = Table(
    "change_request_person",
    metadata,
    Column("request_id", Uuid, ForeignKey("change_request.id"), primary_key=True),
    Column("identity_hash", LargeBinary, primary_key=True),
    area_column(),
    Index("ix_change_request_person_identity_hash", "identity_hash"),
)
