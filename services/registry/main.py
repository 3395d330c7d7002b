"""The registry service, as one value."""

from pathlib import Path

from chassis.service import Service
from contracts.events.registry import EVENTS
from services.registry.domain.errors import FileNumberRegistered, IdentityRegistered, ImportAlreadyUndone
from services.registry.routes import disclosure, household, workbook
from services.registry.routes.status import PROBLEMS
from services.registry.tables import metadata

MEBIBYTE = 1024 * 1024

SERVICE = Service(
    name="registry",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    quick_reads=(household.CARD,),
    routers=(household.router, workbook.router, disclosure.router),
    problems=PROBLEMS,
    constraints={
        "uq_household_file_number": FileNumberRegistered,
        "uq_person_identity_hash": IdentityRegistered,
        "uq_change_set_reverts": ImportAlreadyUndone,
    },
    body_limits={
        "/registry/v1/imports": 20 * MEBIBYTE,
        "/registry/v1/divisions/imports": 8 * MEBIBYTE,
    },
    publishes=EVENTS,
)
