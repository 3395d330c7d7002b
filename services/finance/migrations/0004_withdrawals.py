"""A payment that stands in no batch can be taken back, for good."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS: dict[str, type[sa.Date | sa.Text]] = {"withdrawn_on": sa.Date, "withdrawal_reason": sa.Text}
BEFORE = {
    "status": "status IN ('drafted', 'batched', 'sent', 'pending', 'settled', 'rejected')",
    "batch": "(status = 'drafted') = (batch_id IS NULL)",
    "sent": "(status IN ('drafted', 'batched')) = (sent_on IS NULL)",
}
AFTER = {
    "status": "status IN ('drafted', 'batched', 'sent', 'pending', 'settled', 'rejected', 'withdrawn')",
    "batch": "(status IN ('drafted', 'withdrawn')) = (batch_id IS NULL)",
    "sent": "(status IN ('drafted', 'batched', 'withdrawn')) = (sent_on IS NULL)",
}
WITHDRAWN = "(status = 'withdrawn') = (withdrawn_on IS NOT NULL) AND (withdrawn_on IS NULL) = (withdrawal_reason IS NULL)"

MOVES = """
CREATE OR REPLACE FUNCTION payment_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('drafted', 'batched'), ('batched', 'drafted'), ('batched', 'sent'), ('sent', 'pending'),
        ('sent', 'settled'), ('sent', 'rejected'), ('pending', 'settled'), ('pending', 'rejected'){more})
        OR (OLD.status <> 'drafted' AND NEW.status <> 'drafted' AND NEW.batch_id <> OLD.batch_id) THEN
        RAISE EXCEPTION 'the payment cannot move that way'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_payment_moves_forward';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("payment", sa.Column(name, kind, nullable=True))
    _hold(AFTER)
    op.create_check_constraint(op.f("ck_payment_withdrawn"), "payment", WITHDRAWN)
    op.execute(MOVES.format(more=", ('drafted', 'withdrawn')"))
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar_one()
    op.execute(f"GRANT UPDATE ({', '.join(COLUMNS)}) ON payment TO tuopin_{schema}")


def downgrade() -> None:
    op.execute(MOVES.format(more=""))
    op.drop_constraint(op.f("ck_payment_withdrawn"), "payment")
    _hold(BEFORE)
    for name in COLUMNS:
        op.drop_column("payment", name)


def _hold(conditions: dict[str, str]) -> None:
    for name, condition in conditions.items():
        op.drop_constraint(op.f(f"ck_payment_{name}"), "payment")
        op.create_check_constraint(op.f(f"ck_payment_{name}"), "payment", condition)
