"""Roles as they stand in tokens; what each may do is decided by the service that is asked."""

from typing import Final

COUNTY_DIGITS: Final = 6
"""Of a division code the digits that are a county's and its parts'."""

VILLAGE_COMMITTEE: Final = "village-committee"
WORK_TEAM: Final = "work-team"
CLERK: Final = "clerk"
OFFICER: Final = "county-officer"
CHECKER: Final = "checker"
PAYER: Final = "payer"
BANK: Final = "bank"
INSURER: Final = "insurer"
AUDITOR: Final = "auditor"
ADMINISTRATOR: Final = "administrator"
SERVICE: Final = "service"

ALL_ROLES: Final = frozenset(
    {
        VILLAGE_COMMITTEE,
        WORK_TEAM,
        CLERK,
        OFFICER,
        CHECKER,
        PAYER,
        BANK,
        INSURER,
        AUDITOR,
        ADMINISTRATOR,
        SERVICE,
    }
)


def is_of_county(area: str) -> bool:
    """Tell whether an area is a county's or wider: one township's people lay nothing down for its neighbours."""
    return len(area) <= COUNTY_DIGITS
