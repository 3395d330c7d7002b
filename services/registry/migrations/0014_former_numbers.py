"""Numbers under which somebody was on file: whoever is looked up on a past day is found without an index over all versions."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations.guards import append_only

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FORGOTTEN = """
INSERT INTO former_number (identity_hash, person_id)
SELECT DISTINCT m.identity_hash, m.person_id FROM member_version AS m
WHERE NOT EXISTS (SELECT FROM person AS p WHERE p.id = m.person_id AND p.identity_hash = m.identity_hash)
"""
# However a number leaves `person`, it is kept: a statement that forgot it would lose answers of past days.
KEEP = """
CREATE FUNCTION number_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.former_number (identity_hash, person_id) VALUES (OLD.identity_hash, OLD.id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
TRIGGERS = {
    "number_left": "AFTER DELETE ON person FOR EACH ROW",
    "number_changed": "AFTER UPDATE OF identity_hash ON person FOR EACH ROW "
    "WHEN (OLD.identity_hash <> NEW.identity_hash)",
}


def upgrade() -> None:
    op.create_table(
        "former_number",
        sa.Column("identity_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("identity_hash", "person_id", name=op.f("pk_former_number")),
    )
    op.execute("SELECT set_config('tuopin.area', 'area:', true)")
    op.execute(FORGOTTEN)
    append_only("former_number")
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    op.execute(KEEP.format(schema=schema))
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION number_is_kept()")
    op.drop_index("ix_member_version_identity_hash", "member_version")


def downgrade() -> None:
    op.create_index("ix_member_version_identity_hash", "member_version", ["identity_hash"], unique=False)
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON person")
    op.execute("DROP FUNCTION number_is_kept()")
    op.drop_table("former_number")
