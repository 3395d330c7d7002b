"""Alembic's entry: runs on the connection and metadata that `chassis.schema` hands over."""

from alembic import context

from chassis.tables import Xid8

config = context.config
attributes = config.attributes
# Reflection does not know the type, and would warn.
attributes["connection"].dialect.ischema_names["xid8"] = Xid8


def _include(_object: object, name: str | None, kind: str, reflected: bool, _compare_to: object) -> bool:
    # Tables made by hand-written SQL in revisions (partitions) are not in the metadata; the version table neither.
    return not (kind == "table" and reflected and name is not None and name.startswith(("alembic_", "part_")))


context.configure(
    connection=attributes["connection"],
    target_metadata=attributes["metadata"],
    version_table="alembic_version",
    include_object=_include,
    compare_type=True,
    compare_server_default=False,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
