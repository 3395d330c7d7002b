"""Meetings with their votes, determinations by household, and the day on which an entry passed its last step."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations.guards import append_only, protect_by_area

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "meeting",
    "evaluation_vote",
    "meeting_annulment",
    "determination",
    "determiner",
    "determination_village",
    "determination_entry",
)
SCOPED = tuple(table for table in TABLES if table != "determination")


def upgrade() -> None:
    op.add_column("round_entry", sa.Column("step_on", sa.Date(), nullable=False))
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("evaluation", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("convenor", sa.Text(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("team_member_present", sa.Boolean(), nullable=False),
        sa.Column("photos_sha256", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("minutes_sha256", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "evaluation IN ('internal-meeting', 'party-meeting', 'villagers-meeting')",
            name=op.f("ck_meeting_evaluation"),
        ),
        sa.CheckConstraint("present BETWEEN 1 AND eligible", name=op.f("ck_meeting_present")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_meeting_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_round_id", "meeting", ["round_id", "area_code", "id"], unique=False)
    op.create_table(
        "evaluation_vote",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstentions", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("proposal_reason", sa.Text(), nullable=True),
        sa.Column("stood_since", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('passed', 'turned-down', 'not-carried')", name=op.f("ck_evaluation_vote_outcome")
        ),
        sa.CheckConstraint(
            "proposal IN ('keep', 'add', 'remove', 'correct')", name=op.f("ck_evaluation_vote_proposal")
        ),
        sa.CheckConstraint(
            "least(votes_for, votes_against, abstentions) >= 0", name=op.f("ck_evaluation_vote_votes")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_evaluation_vote_household_id_household")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_evaluation_vote_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "household_id", name=op.f("pk_evaluation_vote")),
    )
    op.create_index("ix_evaluation_vote_household_id", "evaluation_vote", ["household_id"], unique=False)
    op.create_table(
        "meeting_annulment",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("annulled_on", sa.Date(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_annulment_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_annulment")),
    )
    op.create_table(
        "determination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("determination", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("determined_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("turned_down", sa.Integer(), nullable=False),
        sa.Column("sent_back", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "area ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'", name=op.f("ck_determination_area_is_a_division")
        ),
        sa.CheckConstraint(
            "determination IN ('village-initial', 'representatives', 'township-review', 'county-confirmation')",
            name=op.f("ck_determination_determination"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_determination_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determination")),
        sa.UniqueConstraint("id", "round_id", "actor_id", "determination", name="uq_determination_made"),
    )
    op.create_index("ix_determination_round_id", "determination", ["round_id", "id"], unique=False)
    op.create_table(
        "determiner",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("determination", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "determination IN ('village-initial', 'representatives', 'township-review', 'county-confirmation')",
            name=op.f("ck_determiner_determination"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_determiner_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "area_code", "actor_id", name=op.f("pk_determiner")),
        sa.UniqueConstraint(
            "round_id", "area_code", "actor_id", "determination", name="uq_determiner_determination"
        ),
    )
    op.create_table(
        "determination_village",
        sa.Column("determination_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("determination", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["determination_id", "round_id", "actor_id", "determination"],
            [
                "determination.id",
                "determination.round_id",
                "determination.actor_id",
                "determination.determination",
            ],
            name="fk_determination_village_determination",
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "area_code", "actor_id", "determination"],
            [
                "determiner.round_id",
                "determiner.area_code",
                "determiner.actor_id",
                "determiner.determination",
            ],
            name="fk_determination_village_determiner",
        ),
        sa.PrimaryKeyConstraint("determination_id", "area_code", name=op.f("pk_determination_village")),
    )
    op.create_table(
        "determination_entry",
        sa.Column("determination_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'turned-down', 'sent-back')",
            name=op.f("ck_determination_entry_outcome"),
        ),
        sa.CheckConstraint(
            "proposal IN ('keep', 'add', 'remove', 'correct')", name=op.f("ck_determination_entry_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["determination_id", "area_code"],
            ["determination_village.determination_id", "determination_village.area_code"],
            name="fk_determination_entry_determination_village",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_determination_entry_household_id_household")
        ),
        sa.PrimaryKeyConstraint("determination_id", "household_id", name=op.f("pk_determination_entry")),
    )
    op.create_index(
        "ix_determination_entry_household_id", "determination_entry", ["household_id"], unique=False
    )
    protect_by_area(*SCOPED)
    append_only(*TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("round_entry", "step_on")
