"""The metadata once every table is in it; whoever needs them all imports it from here."""

from services.registry.tables import (
    cross_check,
    household,
    partner,
    procedure,
)
from services.registry.tables.metadata import metadata

EVERY = (
    cross_check,
    household,
    partner,
    procedure,
)

__all__ = ["EVERY", "metadata"]
