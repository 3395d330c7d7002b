"""Public notices with the list that hangs, objections, announcements, and pre-exits with what they rest on."""

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
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from chassis.tables import area_column, id_column, timestamp
from contracts.values import NOTICE_KINDS
from services.registry.domain.exit_criteria import PRE_EXIT_OUTCOMES
from services.registry.domain.notice import NOTICE_STATES
from services.registry.domain.objection import CHANNELS, OUTCOMES
from services.registry.tables.metadata import metadata, one_of

notice = Table(
    "notice",
    metadata,
    id_column(),
    area_column(),
    Column("kind", Text, nullable=False),
    Column("round_id", Uuid, ForeignKey("round.id"), nullable=True),
    Column("rule_pack", Text, nullable=False),
    Column("rule_pack_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("min_days", Integer, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("place", Text, nullable=False),
    Column("photo_sha256", Text, nullable=False),
    Column("latitude", Double, nullable=True),
    Column("longitude", Double, nullable=True),
    Column("households", Integer, nullable=False),
    # The masked list as canonical JSON, exactly as it was hashed: what anybody could read on the wall.
    Column("list", LargeBinary, nullable=False),
    Column("list_sha256", Text, nullable=False),
    Column("posted_by", Text, nullable=False),
    timestamp("recorded_at"),
    Column("closed_on", Date, nullable=True),
    Column("closed_by", Text, nullable=True),
    Column("voided_on", Date, nullable=True),
    Column("void_reason", Text, nullable=True),
    Column("taken_down_on", Date, nullable=True),
    Column("announced_on", Date, nullable=True),
    CheckConstraint(one_of("kind", NOTICE_KINDS), name="kind"),
    CheckConstraint(one_of("state", NOTICE_STATES), name="state"),
    CheckConstraint("closes_on >= posted_on + min_days", name="hangs_its_days"),
    CheckConstraint("closed_on >= closes_on", name="closed_in_time"),
    Index("ix_notice_round_id", "round_id", "id"),
    Index("ix_notice_area_code", "area_code", "kind", "id"),
)

# Which households a notice lists, what it says of each, and how each stood before, to be taken back to.
notice_item = Table(
    "notice_item",
    metadata,
    Column("notice_id", Uuid, ForeignKey("notice.id"), primary_key=True),
    Column("household_id", Uuid, ForeignKey("household.id"), primary_key=True),
    area_column(),
    Column("masked_name", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("stood_since", Date, nullable=False),
    Index("ix_notice_item_household_id", "household_id"),
)

objection = Table(
    "objection",
    metadata,
    id_column(),
    area_column(),
    Column("notice_id", Uuid, ForeignKey("notice.id"), nullable=False),
    Column("household_id", Uuid, ForeignKey("household.id"), nullable=True),
    Column("channel", Text, nullable=False),
    # Who objects and what they say, encrypted together; so is the answer.
    Column("sealed", LargeBinary, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("filed_by", Text, nullable=False),
    timestamp("filed_at"),
    Column("outcome", Text, nullable=True),
    Column("sealed_answer", LargeBinary, nullable=True),
    Column("decided_on", Date, nullable=True),
    Column("decided_by", Text, nullable=True),
    timestamp("decided_at", nullable=True),
    CheckConstraint(one_of("channel", CHANNELS), name="channel"),
    CheckConstraint(one_of("outcome", OUTCOMES), name="outcome"),
    CheckConstraint("decided_by <> filed_by", name="second_person"),
    Index("ix_objection_notice_id", "notice_id", "id"),
)

# What was announced in a village, with its own frozen list: the county's result, or the exits of a notice.
announcement = Table(
    "announcement",
    metadata,
    id_column(),
    area_column(),
    Column("notice_id", Uuid, ForeignKey("notice.id"), nullable=False),
    Column("round_id", Uuid, ForeignKey("round.id"), nullable=True),
    Column("kind", Text, nullable=False),
    Column("published_on", Date, nullable=False),
    Column("place", Text, nullable=False),
    Column("photo_sha256", Text, nullable=False),
    Column("households", Integer, nullable=False),
    Column("list", LargeBinary, nullable=False),
    Column("list_sha256", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint(one_of("kind", NOTICE_KINDS), name="kind"),
    Index("ix_announcement_round_id", "round_id", "id"),
    Index("ix_announcement_notice_id", "notice_id"),
)

# A household's agreed exit, with the figures that it rests on, from the day on which the criteria were met.
pre_exit = Table(
    "pre_exit",
    metadata,
    id_column(),
    area_column(),
    Column("household_id", Uuid, ForeignKey("household.id"), nullable=False),
    Column("pre_exited_on", Date, nullable=False),
    Column("status_before", Text, nullable=False),
    Column("visit_id", Uuid, nullable=False),
    Column("rule_pack", Text, nullable=False),
    Column("rule_pack_version", Integer, nullable=False),
    Column("per_capita_income_fen", BigInteger, nullable=False),
    Column("line_fen", BigInteger, nullable=False),
    Column("assurances_met", Boolean, nullable=False),
    Column("guarantees_met", Boolean, nullable=False),
    Column("signed", Boolean, nullable=False),
    Column("signature_sha256", Text, nullable=True),
    Column("held_on", Date, nullable=False),
    Column("eligible", Integer, nullable=False),
    Column("present", Integer, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("recorded_by", Text, nullable=False),
    timestamp("recorded_at"),
    Column("outcome", Text, nullable=False),
    Column("ended_on", Date, nullable=True),
    Column("policies_kept_until", Date, nullable=True),
    CheckConstraint(one_of("outcome", PRE_EXIT_OUTCOMES), name="outcome"),
    CheckConstraint("votes <= present AND present <= eligible", name="votes"),
    Index("uq_pre_exit_open", "household_id", unique=True, postgresql_where=text("outcome = 'open'")),
    Index("ix_pre_exit_household_id", "household_id", "id"),
)
