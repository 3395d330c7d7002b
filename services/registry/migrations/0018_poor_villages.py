"""A county states which villages are poor villages."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NAME = op.f("ck_area_figure_kind")
BEFORE = (
    "kind IN ('rural-population', 'income-growth-percent', 'reference-growth-percent', 'collective-economy', "
    "'poor-villages-out-percent', 'coverage-percent', 'compulsory-education'"
)


def upgrade() -> None:
    op.drop_constraint(NAME, "area_figure", type_="check")
    op.create_check_constraint(NAME, "area_figure", f"{BEFORE}, 'poor-village')")


def downgrade() -> None:
    op.drop_constraint(NAME, "area_figure", type_="check")
    # What was stated of poor villages stays.
    op.execute(f"ALTER TABLE area_figure ADD CONSTRAINT ck_area_figure_kind CHECK ({BEFORE})) NOT VALID")
