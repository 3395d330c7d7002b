"""Looking for people and households, and what is answered of people: names masked, others' areas not named."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.registry import fields
from services.registry.schemas.change import Duplicate
from services.registry.schemas.request import Request


class MergeRequest(Duplicate):
    """That a person stands on the register twice: `dropped` is taken for `kept`, after a county officer's review."""


class Search(Request):
    """Households to find by exactly what is given; at least one, all of them together."""

    name: fields.Name | None = Field(default=None, description="Of anybody in the household.")
    identity_number: fields.IdentityNumber | None = None
    file_number: fields.FileNumber | None = None
    address: fields.Line | None = None
    cursor: str | None = Field(default=None, max_length=500, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=500)

    @property
    def given(self) -> list[str]:
        """Which of them are given."""
        names = ("name", "identity_number", "file_number", "address")
        return [name for name in names if getattr(self, name) is not None]

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.given:
            raise ValueError("Give a name, an identity number, a file number or an address")
        return self


class DuplicateSearch(Request):
    """Somebody who may be on the register already, under a number or name that is slightly wrong."""

    identity_number: fields.IdentityNumber | None = None
    name: fields.Name | None = None
    born_on: date | None = None
    address: fields.Line | None = None
    head_name: fields.Name | None = Field(default=None, description="The head of the household: kin.")
    reason: fields.Reason

    @property
    def given(self) -> list[str]:
        """Which of them are given."""
        names = ("identity_number", "name", "born_on", "address", "head_name")
        return [name for name in names if getattr(self, name) is not None]

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.identity_number is None and len(self.given) < 2:  # noqa: PLR2004 - two of them
            raise ValueError("Give the identity number, or two of the others")
        return self


class FoundPerson(BaseModel):
    """Somebody on file: name and number are masked."""

    person_id: UUID
    household_id: UUID
    file_number: str
    village_code: str
    name: str
    identity_number: str


class Candidate(FoundPerson):
    """Somebody who may be the one asked for: how much speaks for it, out of 100, and what."""

    score: int
    evidence: list[str]


class Candidates(BaseModel):
    """Who may be the one asked for. `elsewhere` only says that there is somebody outside the caller's area."""

    items: list[Candidate]
    elsewhere: bool


class DuplicateGroup(BaseModel):
    """People who share what makes them look like one."""

    evidence: list[str]
    persons: list[FoundPerson]


class PersonShown(BaseModel):
    """Where somebody is on file; a person who was dropped as a duplicate is looked up as `merged_into`."""

    id: UUID
    merged_into: UUID | None
    household_id: UUID | None
    village_code: str | None
    name: str | None
    identity_number: str | None


class MembershipShown(BaseModel):
    """Days in one household; `until` is the first day after, null while it lasts."""

    household_id: UUID
    village_code: str
    relation: str
    since: date
    until: date | None


class PersonHistory(BaseModel):
    """In which households somebody was, as far as the caller's area may know."""

    person_id: UUID
    merged_into: UUID | None
    memberships: list[MembershipShown]
