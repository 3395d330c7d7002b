"""Who may hold which roles, what a password must be, and how long a guesser waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from contracts import roles
from gateway.domain.errors import IncompatibleRoles, UnknownRole, WeakPassword

STAFF_ROLES: Final = frozenset(roles.ALL_ROLES - {roles.SERVICE})
PARTNER_ROLES: Final = frozenset({roles.BANK, roles.INSURER, roles.AUDITOR})
SEPARATED_ROLES: Final = frozenset({roles.OFFICER, roles.CHECKER, roles.PAYER})
"""Whoever makes a payment batch neither checks nor pays it; the database holds this as well."""
DETERMINING_ROLES: Final = frozenset({roles.VILLAGE_COMMITTEE, roles.WORK_TEAM, roles.CLERK, roles.OFFICER})
"""The four determinations of a household are made by four people; the database holds this as well."""

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 128
FEWEST_DIFFERENT_CHARACTERS: Final = 5


def check_staff_roles(wanted: Collection[str]) -> None:
    """Refuse roles nobody may hold, and two that must be two people."""
    if not wanted or not STAFF_ROLES.issuperset(wanted):
        raise UnknownRole(f"Roles of people are {', '.join(sorted(STAFF_ROLES))}.", pointer="/roles")
    if len(SEPARATED_ROLES.intersection(wanted)) > 1:
        raise IncompatibleRoles(pointer="/roles", rule="Separation of maker, checker and payer")
    if len(DETERMINING_ROLES.intersection(wanted)) > 1:
        raise IncompatibleRoles(pointer="/roles", rule="Each determination by another body")


def is_last_administrator(area: str, areas: Collection[str]) -> bool:
    """Tell whether of the administrators with these areas no more than one has the whole of an area."""
    return sum(area.startswith(held) for held in areas) <= 1


def check_partner_role(wanted: str) -> None:
    """Refuse a role that belongs to people of the office."""
    if wanted not in PARTNER_ROLES:
        raise UnknownRole(pointer="/role")


def check_password(password: str, *, name: str) -> None:
    """Refuse a password that is quickly guessed (NIST SP 800-63B 5.1.1.2: length before composition)."""
    is_long_enough = SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
    is_varied = len(set(password)) >= FEWEST_DIFFERENT_CHARACTERS
    if not is_long_enough or not is_varied or name.casefold() in password.casefold():
        raise WeakPassword(pointer="/new_password")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessPolicy:
    """How many wrong passwords in a row are free, and how long the waits are that follow."""

    free: int = 5
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)


def locked_until(failures: int, at: datetime, policy: GuessPolicy) -> datetime | None:
    """Return when the next guess is allowed: after the free ones each wrong one doubles the wait."""
    if failures < policy.free:
        return None
    doublings = min(failures - policy.free, 16)
    return at + min(policy.first_wait * (1 << doublings), policy.longest_wait)
