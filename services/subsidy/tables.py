"""The subsidy service's tables; nobody else reads or writes them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from chassis.tables import add_plumbing, area_column, id_column, new_metadata, timestamp

metadata = new_metadata()
add_plumbing(metadata)

QUANTITY = Numeric(12, 2)

programme = Table(
    "programme",
    metadata,
    id_column(),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("rate_fen", BigInteger, CheckConstraint("rate_fen > 0", name="rate_positive"), nullable=False),
    Column("cap_fen", BigInteger, CheckConstraint("cap_fen > 0", name="cap_positive"), nullable=True),
    Column("floor_fen", BigInteger, CheckConstraint("floor_fen > 0", name="floor_positive"), nullable=True),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date, nullable=True),
    Column("basis_document", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("code", "effective_from", name="uq_programme_code_from"),
    CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="period"),
)

claim = Table(
    "claim",
    metadata,
    id_column(),
    Column("household_id", Uuid, nullable=False),
    area_column(),
    Column("programme_id", Uuid, ForeignKey("programme.id"), nullable=False),
    Column("programme_code", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("declared_quantity", QUANTITY, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("submitted_on", Date, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("accepted_quantity", QUANTITY, nullable=True),
    Column("amount_fen", BigInteger, nullable=True),
    Column("inspector_id", Text, nullable=True),
    Column("accepted_on", Date, nullable=True),
    Column("approver_id", Text, nullable=True),
    Column("approved_on", Date, nullable=True),
    Column("rejected_on", Date, nullable=True),
    Column("paid_on", Date, nullable=True),
    Column("reason", Text, nullable=True),
    CheckConstraint("status IN ('submitted', 'accepted', 'rejected', 'approved', 'paid')", name="status"),
    CheckConstraint("accepted_quantity <= declared_quantity", name="accepted_quantity"),
    CheckConstraint("inspector_id <> approver_id", name="two_people"),
    Index("ix_claim_household_id", "household_id", "id"),
    Index("ix_claim_status", "status", "id"),
    Index("ix_claim_area_code", "area_code", "id"),
)

claim_version = Table(
    "claim_version",
    metadata,
    Column("claim_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    area_column(),
    Column("status", Text, nullable=False),
    Column("accepted_quantity", QUANTITY, nullable=True),
    Column("amount_fen", BigInteger, nullable=True),
    Column("reason", Text, nullable=True),
    Column("actor_id", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    timestamp("recorded_at"),
    Index("ix_claim_version_happened_on", "happened_on"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("claim_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    area_column(),
    Column("photo_sha256", Text, nullable=False),
    timestamp("taken_at"),
    Column("latitude", Double, nullable=False),
    Column("longitude", Double, nullable=False),
    Index("ix_evidence_photo_sha256", "photo_sha256"),
)

household_copy = Table(
    "household_copy",
    metadata,
    id_column("household_id"),
    area_column(),
    Column("persons", Integer, nullable=True),
    Column("category", Text, nullable=True),
    Column("status", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

household_standing = Table(
    "household_standing",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    area_column(),
    Column("since", Date, nullable=False),
    Column("status", Text, nullable=False),
    Index("ix_household_standing_since", "household_id", "since"),
)

# Its area is the household's and follows it, so that a year's support stays whole after a move.
disbursement = Table(
    "disbursement",
    metadata,
    id_column("payment_id"),
    Column("claim_id", Uuid, ForeignKey("claim.id"), nullable=False, index=True),
    Column("household_id", Uuid, nullable=False),
    area_column(),
    Column("programme_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("status_on_payment_date", Text, nullable=False),
    Column("registered_on_payment_date", Boolean, nullable=False),
    # False while the household has not been heard of yet: the fact is published when its standing is known.
    Column("is_published", Boolean, nullable=False),
    timestamp("recorded_at"),
    Index("ix_disbursement_household_id", "household_id", "period"),
    Index("ix_disbursement_paid_on", "paid_on"),
    Index(
        "ix_disbursement_waiting",
        "household_id",
        postgresql_where=text("NOT is_published"),
    ),
)

payment_problem = Table(
    "payment_problem",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("claim_id", Uuid, nullable=False, index=True),
    area_column(),
    Column("reason", Text, nullable=False),
    Column("rejected_on", Date, nullable=False),
    timestamp("recorded_at"),
)
