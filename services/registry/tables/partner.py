"""Messages of partners, so that none is answered twice."""

from sqlalchemy import Column, LargeBinary, Table, Text

from chassis.tables import timestamp
from services.registry.tables.metadata import metadata

# The message's id as a keyed hash: whatever a partner puts into it, the row tells nothing.
partner_message = Table(
    "partner_message",
    metadata,
    Column("actor_id", Text, primary_key=True),
    Column("message_hash", LargeBinary, primary_key=True),
    timestamp("recorded_at"),
)
