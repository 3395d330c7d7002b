"""Households: what holds now, what was ever stated (only added to), and who asked to see what."""

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
    UniqueConstraint,
    Uuid,
    text,
)

from chassis.tables import area_column, id_column, timestamp
from contracts.values import CATEGORIES, HOUSEHOLD_STATES
from services.registry.domain.disclosure import DISCLOSURES
from services.registry.tables.metadata import metadata, one_of
from services.registry.workbook.codes import DISABLED

division = Table(
    "division",
    metadata,
    Column("code", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("parent_code", Text, ForeignKey("division.code"), nullable=True),
    Column("name", Text, nullable=False),
    timestamp("recorded_at"),
    Index("ix_division_parent_code", "parent_code", "code"),
    Index("ix_division_county", "code", postgresql_where=text("level = 'county'")),
)

# One row for each workbook that was read, faulty or not, and one for each undoing.
change_set = Table(
    "change_set",
    metadata,
    id_column(),
    area_column(),
    Column("kind", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reverts", Uuid, ForeignKey("change_set.id"), nullable=True),
    Column("document_sha256", Text, nullable=True),
    # The workbook as it came, encrypted: the marked copy is made from it when somebody asks.
    Column("document", LargeBinary, nullable=True),
    Column("households", Integer, nullable=False),
    Column("persons", Integer, nullable=False),
    # The findings as JSON; they name cells and rules, never values.
    Column("report", LargeBinary, nullable=True),
    Column("actor_id", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("reverts", name="uq_change_set_reverts"),
    CheckConstraint("kind IN ('import', 'undo')", name="kind"),
    CheckConstraint("outcome IN ('refused', 'checked', 'committed')", name="outcome"),
)

household = Table(
    "household",
    metadata,
    id_column(),
    area_column(),
    Column("county_code", Text, nullable=False),
    Column("file_number", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_since", Date, nullable=False),
    Column("category", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    # The version that last stated the file's content; a version in between changed the state only.
    Column("content_version", Integer, nullable=False),
    Column("village_since", Date, nullable=False),
    Column("change_set_id", Uuid, nullable=True),
    # Keyed hash of the address, to look it up by.
    Column("address_key", LargeBinary, nullable=True),
    timestamp("recorded_at"),
    CheckConstraint(one_of("status", HOUSEHOLD_STATES), name="status"),
    CheckConstraint(one_of("category", CATEGORIES), name="category"),
    CheckConstraint("persons > 0", name="persons"),
    Index(
        "uq_household_file_number",
        "county_code",
        "file_number",
        unique=True,
        postgresql_where=text("status <> 'withdrawn'"),
    ),
    Index("ix_household_area_code", "area_code", "id"),
    Index("ix_household_change_set_id", "change_set_id"),
    Index("ix_household_address_key", "address_key", postgresql_where=text("address_key IS NOT NULL")),
)

# The people on file now. A person stands on the register once, whatever the household.
person = Table(
    "person",
    metadata,
    id_column(),
    Column("household_id", Uuid, ForeignKey("household.id"), nullable=False),
    area_column(),
    Column("identity_hash", LargeBinary, nullable=False),
    # Keyed hashes of name and date of birth: whoever may have been filed twice is found by them.
    Column("name_key", LargeBinary, nullable=True),
    Column("birth_key", LargeBinary, nullable=True),
    UniqueConstraint("identity_hash", name="uq_person_identity_hash"),
    Index("ix_person_name_key", "name_key", "birth_key", postgresql_include=["area_code"]),
    Index("ix_person_household_id", "household_id"),
)

# The numbers under which people were on file who are not any more, or not under these; the database keeps them.
former_number = Table(
    "former_number",
    metadata,
    Column("identity_hash", LargeBinary, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
)

# What the file says from a business day on, until a later version says otherwise for that day.
household_version = Table(
    "household_version",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    # A household that moves leaves a last row behind in the area it left, so that it is gone there too.
    Column("moved_out", Boolean, primary_key=True),
    area_column(),
    Column("valid_from", Date, nullable=False),
    timestamp("recorded_at"),
    Column("actor_id", Text, nullable=False),
    Column("change_set_id", Uuid, nullable=True),
    Column("reason", Text, nullable=True),
    Column("file_number", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("attribute", Text, nullable=False),
    Column("standard", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("housing_area_dm2", Integer, nullable=False),
    Column("wage_income_fen", BigInteger, nullable=False),
    Column("business_income_fen", BigInteger, nullable=False),
    Column("transfer_income_fen", BigInteger, nullable=False),
    Column("property_income_fen", BigInteger, nullable=False),
    Column("production_cost_fen", BigInteger, nullable=False),
    # Address, account and telephone, encrypted together.
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_household_version_valid_from", "valid_from"),
)

member_version = Table(
    "member_version",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    area_column(),
    Column("person_id", Uuid, nullable=False),
    Column("identity_hash", LargeBinary, nullable=False),
    # Name and identity number, encrypted together.
    Column("sealed", LargeBinary, nullable=False),
    Column("sex", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("ethnic_group", Text, nullable=False),
    Column("education", Text, nullable=False),
    Column("schooling", Text, nullable=False),
    Column("health", Text, nullable=False),
    Column("labour", Text, nullable=False),
    Column("work", Text, nullable=False),
    Column("medical_scheme", Boolean, nullable=False),
    Index("ix_member_version_person_id", "person_id"),
    # One person in twenty: an overlap is counted without reading everybody.
    Index(
        "ix_member_version_disabled",
        "household_id",
        "version",
        postgresql_where=text(f"health = '{DISABLED}'"),
    ),
)

# The household's state from a business day on.
household_standing = Table(
    "household_standing",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    area_column(),
    Column("status", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("reason", Text, nullable=True),
    Column("actor_id", Text, nullable=False),
    Column("change_set_id", Uuid, nullable=True),
    timestamp("recorded_at"),
)

# Personal data that left its cover: who saw it, why, and how much.
disclosure = Table(
    "disclosure",
    metadata,
    id_column(),
    area_column(),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=True),
    Column("actor_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # The filter by which it was asked for: codes and counts, never a name or number.
    Column("asked_for", Text, nullable=True),
    Column("items", Integer, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint(one_of("kind", DISCLOSURES), name="kind"),
    Index("ix_disclosure_subject_id", "subject_id"),
)

# Questions of partners whether somebody is on the register; the person appears as a keyed hash only.
eligibility_query = Table(
    "eligibility_query",
    metadata,
    id_column(),
    Column("identity_hash", LargeBinary, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("answer", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    Index("ix_eligibility_query_identity_hash", "identity_hash"),
)
