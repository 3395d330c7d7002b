"""The registry's HTTP face: parse, authorise, call a handler or a view; and which refusal has which status."""

from chassis.errors import Refusal
from services.registry.domain.errors.register import (
    DateBeforeStanding,
    DateInFuture,
    DivisionsInvalid,
    HouseholdFileInvalid,
    ImportFaulty,
    VillageUnknown,
    WorkbookTooLarge,
    WorkbookUnreadable,
)

# Unlisted business refusals answer 409.
PROBLEMS: dict[type[Refusal], int] = {
    DateBeforeStanding: 422,
    DateInFuture: 422,
    DivisionsInvalid: 422,
    HouseholdFileInvalid: 422,
    ImportFaulty: 422,
    VillageUnknown: 422,
    WorkbookTooLarge: 413,
    WorkbookUnreadable: 422,
}
