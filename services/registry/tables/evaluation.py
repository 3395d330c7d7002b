"""Meetings with their votes, and determinations with what they did to each household; all of it only added to."""

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
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.tables import area_column, id_column, timestamp
from contracts.values import DETERMINATIONS, EVALUATIONS, PROPOSALS
from services.registry.domain.determination import DETERMINATION_OUTCOMES
from services.registry.domain.evaluation import VOTE_OUTCOMES
from services.registry.tables.metadata import metadata, one_of

meeting = Table(
    "meeting",
    metadata,
    id_column(),
    Column("round_id", Uuid, ForeignKey("round.id"), nullable=False),
    area_column(),
    Column("evaluation", Text, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("convenor", Text, nullable=False),
    Column("eligible", Integer, nullable=False),
    Column("present", Integer, nullable=False),
    Column("team_member_present", Boolean, nullable=False),
    Column("photos_sha256", ARRAY(Text), nullable=False),
    Column("minutes_sha256", Text, nullable=False),
    # Place, roll and the text of the minutes, encrypted together.
    Column("sealed", LargeBinary, nullable=False),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint(one_of("evaluation", EVALUATIONS), name="evaluation"),
    CheckConstraint("present BETWEEN 1 AND eligible", name="present"),
    Index("ix_meeting_round_id", "round_id", "area_code", "id"),
)

# How a meeting voted on a household, and where its entry stood before, so that an annulled vote can be taken back.
evaluation_vote = Table(
    "evaluation_vote",
    metadata,
    Column("meeting_id", Uuid, ForeignKey("meeting.id"), primary_key=True),
    Column("household_id", Uuid, ForeignKey("household.id"), primary_key=True),
    area_column(),
    Column("position", Integer, nullable=False),
    Column("votes_for", Integer, nullable=False),
    Column("votes_against", Integer, nullable=False),
    Column("abstentions", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=True),
    Column("proposal", Text, nullable=False),
    Column("proposal_reason", Text, nullable=True),
    Column("stood_since", Date, nullable=False),
    CheckConstraint(one_of("outcome", VOTE_OUTCOMES), name="outcome"),
    CheckConstraint(one_of("proposal", PROPOSALS), name="proposal"),
    CheckConstraint("least(votes_for, votes_against, abstentions) >= 0", name="votes"),
    Index("ix_evaluation_vote_household_id", "household_id"),
)

meeting_annulment = Table(
    "meeting_annulment",
    metadata,
    Column("meeting_id", Uuid, ForeignKey("meeting.id"), primary_key=True),
    area_column(),
    Column("reason", Text, nullable=False),
    Column("annulled_on", Date, nullable=False),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
)

# A village must see the county's determination, so it is not hidden by area; it names no household.
determination = Table(
    "determination",
    metadata,
    id_column(),
    Column("round_id", Uuid, ForeignKey("round.id"), nullable=False),
    Column("determination", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("determined_on", Date, nullable=False),
    Column("document", Text, nullable=False),
    Column("confirmed", Integer, nullable=False),
    Column("turned_down", Integer, nullable=False),
    Column("sent_back", Integer, nullable=False),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    CheckConstraint(one_of("determination", DETERMINATIONS), name="determination"),
    UniqueConstraint("id", "round_id", "actor_id", "determination", name="uq_determination_made"),
    CheckConstraint("area ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'", name="area_is_a_division"),
    Index("ix_determination_round_id", "round_id", "id"),
)

# One person, one determination over a village in a round, however often households come back to it.
determiner = Table(
    "determiner",
    metadata,
    Column("round_id", Uuid, ForeignKey("round.id"), primary_key=True),
    Column("area_code", Text, primary_key=True),
    Column("actor_id", Text, primary_key=True),
    Column("determination", Text, nullable=False),
    CheckConstraint(one_of("determination", DETERMINATIONS), name="determination"),
    UniqueConstraint(
        "round_id", "area_code", "actor_id", "determination", name="uq_determiner_determination"
    ),
)

# Each village that a determination reached. Its key to `determiner` is what keeps one person from making two.
determination_village = Table(
    "determination_village",
    metadata,
    Column("determination_id", Uuid, primary_key=True),
    Column("area_code", Text, primary_key=True),
    Column("round_id", Uuid, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("determination", Text, nullable=False),
    ForeignKeyConstraint(
        ["determination_id", "round_id", "actor_id", "determination"],
        [
            "determination.id",
            "determination.round_id",
            "determination.actor_id",
            "determination.determination",
        ],
        name="fk_determination_village_determination",
    ),
    ForeignKeyConstraint(
        ["round_id", "area_code", "actor_id", "determination"],
        ["determiner.round_id", "determiner.area_code", "determiner.actor_id", "determiner.determination"],
        name="fk_determination_village_determiner",
    ),
)

determination_entry = Table(
    "determination_entry",
    metadata,
    Column("determination_id", Uuid, primary_key=True),
    Column("household_id", Uuid, ForeignKey("household.id"), primary_key=True),
    area_column(),
    Column("proposal", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=True),
    CheckConstraint(one_of("outcome", DETERMINATION_OUTCOMES), name="outcome"),
    CheckConstraint(one_of("proposal", PROPOSALS), name="proposal"),
    ForeignKeyConstraint(
        ["determination_id", "area_code"],
        ["determination_village.determination_id", "determination_village.area_code"],
        name="fk_determination_entry_determination_village",
    ),
    Index("ix_determination_entry_household_id", "household_id"),
)
