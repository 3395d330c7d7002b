"""The walls around money: entries that balance, accounts that never go below zero, history that nobody rewrites."""

from alembic import op
from sqlalchemy import text

from chassis.migrations.guards import append_only, protect_by_area

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# At commit: a movement has entries, and they add up to zero.
BALANCED = """
CREATE FUNCTION journal_transaction_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked uuid := CASE TG_TABLE_NAME WHEN 'journal_entry' THEN (to_jsonb(NEW) ->> 'transaction_id')::uuid
                                       ELSE (to_jsonb(NEW) ->> 'id')::uuid END;
    total numeric;
    sides integer;
BEGIN
    SELECT coalesce(sum(amount_fen), 0), count(*) INTO total, sides
    FROM journal_entry WHERE transaction_id = checked;
    IF total <> 0 OR sides < 2 THEN
        RAISE EXCEPTION 'the entries of a transaction do not balance'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entry_balanced';
    END IF;
    RETURN NULL;
END $$
"""

# An entry belongs to the fund of its movement, joins it only while it is made, and moves its account's balance.
POSTED = """
CREATE FUNCTION journal_entry_is_posted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
    growth bigint := CASE NEW.account WHEN 'cash' THEN NEW.amount_fen ELSE -NEW.amount_fen END;
BEGIN
    PERFORM 1 FROM journal_transaction
    WHERE id = NEW.transaction_id AND fund_id = NEW.fund_id AND xid = pg_current_xact_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an entry joins its transaction only while that is made'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entry_in_time';
    END IF;
    UPDATE account_balance SET balance_fen = balance_fen + growth
    WHERE fund_id = NEW.fund_id AND account = NEW.account AND programme_code = NEW.programme_code;
    IF NOT FOUND THEN
        INSERT INTO account_balance (fund_id, account, programme_code, balance_fen)
        VALUES (NEW.fund_id, NEW.account, NEW.programme_code, growth);
    END IF;
    RETURN NULL;
END $$
"""

# A line joins its batch only while that is made: what was approved is what is paid.
FROZEN = """
CREATE FUNCTION batch_line_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM batch WHERE id = NEW.batch_id AND xid = pg_current_xact_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a line joins its batch only while that is made'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_batch_line_frozen';
    END IF;
    RETURN NULL;
END $$
"""

# At commit: a batch's count and sum are those of its lines.
WHOLE = """
CREATE FUNCTION batch_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
    lines integer;
BEGIN
    SELECT coalesce(sum(amount_fen), 0), count(*) INTO total, lines FROM batch_line WHERE batch_id = NEW.id;
    IF total <> NEW.sum_fen OR lines <> NEW."count" THEN
        RAISE EXCEPTION 'a batch has another count or sum than its lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_batch_whole';
    END IF;
    RETURN NULL;
END $$
"""

MOVES = """
CREATE FUNCTION {table}_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {forbidden} THEN
        RAISE EXCEPTION 'the {table} cannot move that way'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_{table}_moves_forward';
    END IF;
    RETURN NEW;
END $$
"""

PAYMENT_FORBIDDEN = """(OLD.status, NEW.status) NOT IN (
        ('drafted', 'batched'), ('batched', 'drafted'), ('batched', 'sent'), ('sent', 'pending'),
        ('sent', 'settled'), ('sent', 'rejected'), ('pending', 'settled'), ('pending', 'rejected'))
        OR (OLD.status <> 'drafted' AND NEW.status <> 'drafted' AND NEW.batch_id <> OLD.batch_id)"""
BATCH_FORBIDDEN = """(OLD.status, NEW.status) NOT IN (
        ('drafted', 'approved'), ('drafted', 'rejected'), ('approved', 'released'), ('approved', 'rejected'),
        ('released', 'released'), ('released', 'closed'), ('closed', 'closed'))
        OR (OLD.checker_id IS NOT NULL AND NEW.checker_id IS DISTINCT FROM OLD.checker_id)
        OR (OLD.payer_id IS NOT NULL AND NEW.payer_id IS DISTINCT FROM OLD.payer_id)"""

# Whatever is not named here stays as it was first written.
PAYMENT_MOVING = "status, batch_id, version, sent_on, paid_on, bank_amount_fen, rejected_on, reason"
BATCH_MOVING = (
    "status, version, checker_id, approved_on, payer_id, released_on, released_at, rejected_by, rejected_on"
)


def upgrade() -> None:
    role = "tuopin_" + str(op.get_bind().execute(text("SELECT current_schema()")).scalar_one())
    op.execute(BALANCED)
    for table in ("journal_transaction", "journal_entry"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION journal_transaction_is_balanced()"
        )
    op.execute(POSTED)
    op.execute(
        "CREATE TRIGGER posted AFTER INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_is_posted()"
    )
    op.execute(FROZEN)
    op.execute(
        "CREATE TRIGGER frozen AFTER INSERT ON batch_line FOR EACH ROW EXECUTE FUNCTION batch_line_is_frozen()"
    )
    op.execute(WHOLE)
    op.execute(
        "CREATE CONSTRAINT TRIGGER whole AFTER INSERT ON batch DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION batch_is_whole()"
    )
    for table, forbidden in (("payment", PAYMENT_FORBIDDEN), ("batch", BATCH_FORBIDDEN)):
        op.execute(MOVES.format(table=table, forbidden=forbidden))
        op.execute(
            f"CREATE TRIGGER moves_forward BEFORE UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_moves_forward()"
        )
    protect_by_area("obligation", "payment")
    append_only(
        "journal_transaction", "journal_entry", "obligation", "batch_line", "bank_line", "bank_report",
        "document_access", "payment", "batch", "fund",
    )  # fmt: skip
    op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON account_balance FROM {role}")
    op.execute(f"GRANT UPDATE ({PAYMENT_MOVING}) ON payment TO {role}")
    op.execute(f"GRANT UPDATE ({BATCH_MOVING}) ON batch TO {role}")
    op.execute(f"GRANT UPDATE (version) ON fund TO {role}")
    op.execute("REVOKE EXECUTE ON FUNCTION journal_entry_is_posted() FROM PUBLIC")


def downgrade() -> None:
    for table, trigger in (
        ("journal_transaction", "balanced"), ("journal_entry", "balanced"), ("journal_entry", "posted"),
        ("batch_line", "frozen"), ("batch", "whole"), ("payment", "moves_forward"), ("batch", "moves_forward"),
    ):  # fmt: skip
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in (
        "journal_transaction_is_balanced", "journal_entry_is_posted", "batch_line_is_frozen", "batch_is_whole",
        "payment_moves_forward", "batch_moves_forward",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}()")
