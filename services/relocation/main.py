"""The relocation service, as one value."""

from pathlib import Path

from chassis.service import Service
from contracts.events.relocation import EVENTS
from services.relocation.consumers import CONSUMERS
from services.relocation.domain.errors import (
    HouseholdAlreadyAllocated,
    RuleEditionsOverlap,
    SiteAlreadyRegistered,
    SubsidyAlreadyRequested,
)
from services.relocation.routes import house, site
from services.relocation.tables import metadata

# Business refusals answer 409; invalid shapes 422 and unknown things 404 come from their kind.
SERVICE = Service(
    name="relocation",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=(site.router, house.router),
    constraints={
        "uq_house_household_id": HouseholdAlreadyAllocated,
        "uq_rule_kind_from": RuleEditionsOverlap,
        "uq_site_area_code_name": SiteAlreadyRegistered,
        "uq_subsidy_due_house_id_stage": SubsidyAlreadyRequested,
    },
    publishes=EVENTS,
    consumers=CONSUMERS,
)
