"""Requests and answers of the gateway's own API."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chassis.clock import FIRST_BUSINESS_DATE, LAST_BUSINESS_DATE
from contracts.roles import COUNTY_DIGITS

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$", examples=["clerk-cibihu"])]


def _without_zeros(area: str) -> str:
    # Whoever gets 532930000000 for a county sees its own line and nothing that lies in it.
    if area.endswith("000" if len(area) > COUNTY_DIGITS else "00"):
        raise ValueError("Leave out the zeros that fill a code up: 532930 is the county 532930000000.")
    return area


def _each_once(roles: list[str]) -> list[str]:
    if len(set(roles)) != len(roles):
        raise ValueError("Each role is named once.")
    return roles


Area = Annotated[
    str,
    Field(
        pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$",
        description="The beginning of a division's code that its parts share: 532930 for a county, 532930101 for a "
        "township, 532930101201 for a village; empty for everywhere.",
        examples=["532930101"],
    ),
    AfterValidator(_without_zeros),
]
Roles = Annotated[list[str], Field(min_length=1, max_length=9), AfterValidator(_each_once)]
Password = Annotated[str, Field(min_length=1, max_length=256)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Login(_Request):
    """A name and a password."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    password: Password


class SessionOpened(BaseModel):
    """Send the token as `Authorization: Bearer ...` with every request."""

    token: str
    expires_at: datetime
    account_id: UUID
    roles: list[str]
    area: str


class SessionShown(BaseModel):
    """Whose session this is."""

    actor_id: str
    roles: list[str]
    area: str
    expires_at: datetime


class PasswordChange(_Request):
    """The password held so far and the one wanted."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    current_password: Password
    new_password: Password


class AccountDraft(_Request):
    """An account to be made."""

    name: Name
    roles: Roles
    area: Area


class AccountChange(_Request):
    """An account's roles, area and state, whole."""

    roles: Roles
    area: Area
    is_active: bool = True


class AccountShown(BaseModel):
    """An account; the one-time password stands only in the first answer to the request that made it."""

    id: UUID
    name: str
    roles: list[str]
    area: str
    is_active: bool
    must_change_password: bool
    created_at: datetime
    version: int
    one_time_password: str | None = None


class OneTimePassword(BaseModel):
    """A password that opens nothing but the change of itself; null when the request is repeated."""

    one_time_password: str | None


class ClientDraft(_Request):
    """A partner to be registered."""

    name: Name
    role: Literal["bank", "insurer", "auditor"]
    area: Area
    keys: Annotated[list[dict[str, Any]], Field(description="Public keys as JWKs, each with a `kid`.")]


class ClientChange(_Request):
    """A partner's keys and state, whole."""

    keys: list[dict[str, Any]]
    is_active: bool = True


class ClientShown(BaseModel):
    """A registered partner."""

    id: UUID
    name: str
    role: str
    area: str
    keys: list[dict[str, Any]]
    is_active: bool
    created_at: datetime
    version: int


class PartnerToken(BaseModel):
    """An OAuth 2.0 token answer (RFC 6749 5.1)."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    scope: str


class BusinessDateWanted(_Request):
    """The date to work on, from 1949-10-01 to 2999-12-31; null follows the calendar again."""

    business_date: Annotated[date, Field(ge=FIRST_BUSINESS_DATE, le=LAST_BUSINESS_DATE)] | None


class ServiceDate(BaseModel):
    """The date a service works on; null when it does not answer."""

    service: str
    business_date: date | None


class BusinessDateShown(BaseModel):
    """The date the platform works on, and whether every service has heard of it."""

    business_date: date
    is_moved: bool
    follows_calendar: Annotated[
        bool, Field(description="Whether the date goes on by itself; it stays where it was put otherwise.")
    ]
    is_settled: bool
    services: list[ServiceDate]


Purpose = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["premium-subsidy"])]


class EligibilityQuestion(_Request):
    """Is this person on the register on that date? The question itself is recorded."""

    identity_number: Annotated[str, Field(min_length=15, max_length=18)]
    on: date
    purpose: Purpose


class EligibilityItem(_Request):
    """One person of many; a number that is none is refused alone."""

    identity_number: Annotated[str, Field(max_length=32)]
    on: date | None = None
    reference_id: Annotated[str | None, Field(max_length=100)] = None


class EligibilityBatch(_Request):
    """Which of these people are on the register? Up to 1,000 for one purpose; every question is recorded."""

    items: Annotated[list[EligibilityItem], Field(min_length=1, max_length=1_000)]
    purpose: Purpose
