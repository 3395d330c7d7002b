"""The metadata once every table is in it; whoever needs them all imports it from here."""

from services.registry.tables import (
    area,
    category,
    change_request,
    cross_check,
    duplicate,
    evaluation,
    household,
    notice,
    partner,
    procedure,
    rule_pack,
    visit,
)
from services.registry.tables.metadata import metadata

EVERY = (
    change_request,
    area,
    category,
    cross_check,
    duplicate,
    evaluation,
    household,
    notice,
    partner,
    procedure,
    rule_pack,
    visit,
)

__all__ = ["EVERY", "metadata"]
