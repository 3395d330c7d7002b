"""The trace of merges: somebody who stood on the register twice is looked up under the id that was kept."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint, Uuid

from chassis.tables import area_column, id_column, timestamp
from services.registry.tables.metadata import metadata

# Only added to: a merge that is undone is followed by a row that reverts it.
person_merge = Table(
    "person_merge",
    metadata,
    id_column(),
    area_column(),
    Column("request_id", Uuid, ForeignKey("change_request.id"), nullable=False),
    Column("kept_id", Uuid, nullable=False),
    Column("dropped_id", Uuid, nullable=False),
    Column("reverts", Uuid, ForeignKey("person_merge.id"), nullable=True),
    Column("actor_id", Text, nullable=False),
    timestamp("recorded_at"),
    UniqueConstraint("reverts", name="uq_person_merge_reverts"),
    Index("ix_person_merge_dropped_id", "dropped_id"),
    Index("ix_person_merge_request_id", "request_id"),
)
