"""Keys to look people and addresses up by, and the trace of merges. Rows of before get their keys at their next change."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import append_only, protect_by_area

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("name_key", sa.LargeBinary(), nullable=True))
    op.add_column("person", sa.Column("birth_key", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_person_name_key", "person", ["name_key", "birth_key"], postgresql_include=["area_code"]
    )
    op.add_column("household", sa.Column("address_key", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_household_address_key",
        "household",
        ["address_key"],
        postgresql_where=sa.text("address_key IS NOT NULL"),
    )
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("dropped_id", sa.Uuid(), nullable=False),
        sa.Column("reverts", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["change_request.id"], name=op.f("fk_person_merge_request_id_change_request")
        ),
        sa.ForeignKeyConstraint(
            ["reverts"], ["person_merge.id"], name=op.f("fk_person_merge_reverts_person_merge")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
        sa.UniqueConstraint("reverts", name="uq_person_merge_reverts"),
    )
    op.create_index("ix_person_merge_dropped_id", "person_merge", ["dropped_id"])
    op.create_index("ix_person_merge_request_id", "person_merge", ["request_id"])
    protect_by_area("person_merge")
    append_only("person_merge")


def downgrade() -> None:
    op.drop_table("person_merge")
    op.drop_index("ix_household_address_key", "household")
    op.drop_column("household", "address_key")
    op.drop_index("ix_person_name_key", "person")
    op.drop_column("person", "birth_key")
    op.drop_column("person", "name_key")
