"""Roles as they stand in tokens; what each may do is decided by the service that is asked."""

from typing import Final

CLERK: Final = "clerk"
OFFICER: Final = "county-officer"
CHECKER: Final = "checker"
PAYER: Final = "payer"
BANK: Final = "bank"
INSURER: Final = "insurer"
AUDITOR: Final = "auditor"
ADMINISTRATOR: Final = "administrator"
SERVICE: Final = "service"

ALL_ROLES: Final = frozenset({CLERK, OFFICER, CHECKER, PAYER, BANK, INSURER, AUDITOR, ADMINISTRATOR, SERVICE})
