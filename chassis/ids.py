"""Identifiers: UUIDv7, opaque outside, ordered by time inside so that indexes stay dense."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Return a fresh UUIDv7."""
    return uuid_utils.compat.uuid7()
