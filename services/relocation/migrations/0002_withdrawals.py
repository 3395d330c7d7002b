"""The payment of an instalment may have been taken back before it left."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = "ck_subsidy_payment_outcome"


def upgrade() -> None:
    _hold("outcome IN ('settled', 'rejected', 'withdrawn')")


def downgrade() -> None:
    _hold("outcome IN ('settled', 'rejected')")


def _hold(condition: str) -> None:
    op.drop_constraint(op.f(NAME), "subsidy_payment")
    op.create_check_constraint(op.f(NAME), "subsidy_payment", condition)
