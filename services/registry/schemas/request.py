"""Requests: unknown fields are refused, amounts are strings, what is masked in answers may be left out to keep it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry import fields

Reference = Annotated[
    str | None, Field(max_length=100, description="The caller's own mark, given back unchanged.")
]


class Request(BaseModel):
    """A request: unknown fields are refused, and its values never show in a trace."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Person(Request):
    """What the form says of one person."""

    name: fields.Name
    sex: fields.Sex
    relation: fields.Relation
    ethnic_group: fields.EthnicGroup
    education: fields.Education
    schooling: fields.Schooling
    health: fields.Health
    labour: fields.Labour
    work: fields.Work
    medical_scheme: bool


class NewMember(Person):
    """A person to file."""

    identity_number: fields.IdentityNumber


class StatedMember(Person):
    """A person of a changed file: one on file already needs no identity number, only the id."""

    id: UUID | None = None
    identity_number: fields.IdentityNumber | None = None


class Figures(Request):
    """What the form says of a household, without its people."""

    file_number: fields.FileNumber
    village_code: fields.VillageCode
    attribute: fields.Attribute
    standard: fields.Standard
    cause: fields.Cause
    address: fields.Line | None = None
    bank_code: fields.BankCode | None = None
    account: fields.Account | None = None
    phone: fields.Phone | None = None
    housing_area_m2: fields.HousingArea
    wage_income: fields.Income
    business_income: fields.Income
    transfer_income: fields.Income
    property_income: fields.Income
    production_cost: fields.Income


class HouseholdRequest(Figures):
    """A household to file with its people."""

    members: Annotated[list[NewMember], Field(min_length=1, max_length=fields.MAX_MEMBERS)]
    candidate: bool | None = Field(
        default=None,
        description=(
            "True: a candidate, not yet on the register. False: on the register, by hand, which a round that ever covered "
            "the village rules out. Absent: on the register while it is kept by hand, a candidate afterwards."
        ),
    )
    on: fields.Day | None = Field(default=None, description="From this day on; today if absent.")


class StatedFile(Figures):
    """The whole file. Address, bank, account and telephone stay as they are when left out."""

    members: Annotated[list[StatedMember], Field(min_length=1, max_length=fields.MAX_MEMBERS)]


class HouseholdChange(StatedFile):
    """The whole file as it is from a day on. Address, bank, account and telephone stay as they are when left out."""

    effective_on: fields.Day | None = Field(default=None, description="From this day on; today if absent.")
    reason: fields.ReasonCode | None = None


class DayRequest(Request):
    """A registration or verification."""

    on: fields.Day | None = Field(default=None, description="The day it happened; today if absent.")


class ReasonRequest(DayRequest):
    """An exit or a return."""

    reason: fields.ReasonCode


class VerificationItem(DayRequest):
    """One household of a bulk verification."""

    household_id: UUID
    reference_id: Reference = None


class BulkVerification(Request):
    """Up to 1,000 households that were verified."""

    items: Annotated[list[VerificationItem], Field(min_length=1, max_length=fields.MAX_ITEMS)]
    atomic: bool = Field(default=False, description="With true, one refusal refuses all.")


class Unmasking(Request):
    """Why an identity number must be seen."""

    reason: fields.Reason


class Printing(Request):
    """Why something is printed."""

    reason: fields.Reason


class HouseholdPrinting(Printing):
    """Which paper of a household is printed, and why."""

    paper: Literal["household-card", "handbook-page"]


class PayeeRequest(Request):
    """Whose payment data are needed, and what for."""

    household_ids: Annotated[list[UUID], Field(min_length=1, max_length=fields.MAX_ITEMS)]
    purpose: fields.Reason


class EligibilityQuestion(Request):
    """Whether a person was on the register on a day, and why it is asked."""

    identity_number: fields.IdentityNumber
    on: fields.Day
    purpose: fields.Reason
