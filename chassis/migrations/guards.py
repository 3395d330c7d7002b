"""Walls that revisions put around tables: rows scoped by area, history that nobody rewrites, entries that balance."""

from alembic import op
from sqlalchemy import text

# An unset or emptied setting must show nothing: '' is a prefix of everything, NULL of nothing.
AREA_POLICY = "starts_with('area:' || area_code, nullif(current_setting('tuopin.area', true), ''))"


def protect_by_area(*tables: str) -> None:
    """Let each row of the tables be seen and written only where its area_code begins with the caller's area."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_area_code_digits CHECK (area_code ~ '^[0-9]{{12}}$')"
        )
        op.execute(f"CREATE POLICY area ON {table} USING ({AREA_POLICY}) WITH CHECK ({AREA_POLICY})")


def append_only(*tables: str) -> None:
    """Take from the service's role the right to change or delete rows of the tables."""
    schema = op.get_bind().execute(text("SELECT current_schema()")).scalar_one()
    for table in tables:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM tuopin_{schema}")
