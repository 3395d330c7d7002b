"""Lists of other offices, whom of the register they name, and what became of it."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from chassis.tables import area_column, id_column, timestamp
from contracts.values import CROSS_CHECK_KINDS, MATCH_OUTCOMES
from services.registry.tables.metadata import metadata, one_of

cross_check_list = Table(
    "cross_check_list",
    metadata,
    id_column(),
    # The county's code: a list belongs to its county, a township sees the matches of its households only.
    area_column(),
    Column("kind", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("document_sha256", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("imported_on", Date, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint(one_of("kind", CROSS_CHECK_KINDS), name="kind"),
    UniqueConstraint("area_code", "kind", "document_sha256", name="uq_cross_check_list_document"),
    Index("ix_cross_check_list_newest", "kind", "area_code", "as_of"),
)

# Kept so that who joins the register later is found too: of a person the keyed hash, what is said of them sealed.
cross_check_row = Table(
    "cross_check_row",
    metadata,
    Column("list_id", Uuid, ForeignKey("cross_check_list.id"), primary_key=True),
    Column("identity_hash", LargeBinary, primary_key=True),
    area_column(),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_cross_check_row_identity_hash", "identity_hash"),
)

cross_check_match = Table(
    "cross_check_match",
    metadata,
    id_column(),
    Column("list_id", Uuid, ForeignKey("cross_check_list.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("household_id", Uuid, ForeignKey("household.id"), nullable=False),
    Column("person_id", Uuid, nullable=False),
    area_column(),
    Column("rules_out", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("matched_on", Date, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint(one_of("kind", CROSS_CHECK_KINDS), name="kind"),
    UniqueConstraint("list_id", "person_id", "household_id", name="uq_cross_check_match_person"),
    Index("ix_cross_check_match_household_id", "household_id", "kind"),
    Index("ix_cross_check_match_area_code", "area_code", "id"),
)

# The last resolution holds. One that corrects another names it with its person, so that the database itself can see
# that somebody else corrected it.
cross_check_resolution = Table(
    "cross_check_resolution",
    metadata,
    Column("match_id", Uuid, ForeignKey("cross_check_match.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    area_column(),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("resolved_on", Date, nullable=False),
    timestamp("recorded_at"),
    Column("corrects", Integer, nullable=True),
    Column("corrects_actor_id", Text, nullable=True),
    Column("correction_reason", Text, nullable=True),
    CheckConstraint(one_of("outcome", MATCH_OUTCOMES), name="outcome"),
    CheckConstraint(
        "CASE WHEN number = 1 THEN num_nulls(corrects, corrects_actor_id, correction_reason) = 3 "
        "ELSE corrects = number - 1 AND num_nulls(corrects_actor_id, correction_reason) = 0 END",
        name="correction",
    ),
    CheckConstraint("actor_id <> corrects_actor_id", name="second_person"),
    UniqueConstraint("match_id", "number", "actor_id", name="uq_cross_check_resolution_actor"),
    ForeignKeyConstraint(
        ["match_id", "corrects", "corrects_actor_id"],
        [
            "cross_check_resolution.match_id",
            "cross_check_resolution.number",
            "cross_check_resolution.actor_id",
        ],
        name="fk_cross_check_resolution_corrects",
    ),
)
