"""Change requests, one shape a kind. Each says which household, from which day on, why, and what happens to whom."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from services.registry import fields
from services.registry.schemas.request import NewMember, Request, StatedFile


class Related(Request):
    """A person of a household and how they are related to its head."""

    person_id: UUID
    relation: fields.Relation


Relations = Annotated[
    list[Related],
    Field(
        max_length=fields.MAX_MEMBERS, description="Who is related to the head in another way than before."
    ),
]
Members = Annotated[list[Related], Field(min_length=1, max_length=fields.MAX_MEMBERS)]


class Change(Request):
    """What every change request says."""

    effective_on: fields.Day | None = Field(default=None, description="From this day on; today if absent.")
    reason: fields.ReasonCode


class Birth(Change):
    """A child was born into a household."""

    kind: Literal["birth"]
    household_id: UUID
    child: NewMember


class Death(Change):
    """A person died. When it was the head, `relations` names another one."""

    kind: Literal["death"]
    household_id: UUID
    person_id: UUID
    relations: Relations = Field(default_factory=list)


class MarriageIn(Change):
    """Somebody from outside the register married into a household."""

    kind: Literal["marriage-in"]
    household_id: UUID
    spouse: NewMember


class Into(Request):
    """The household of the register into which somebody married."""

    household_id: UUID
    relation: fields.Relation


class MarriageOut(Change):
    """A person left by marriage, into another household of the register or out of it."""

    kind: Literal["marriage-out"]
    household_id: UUID
    person_id: UUID
    relations: Relations = Field(default_factory=list)
    into: Into | None = None


class Move(Change):
    """A household went to live in another village."""

    kind: Literal["move"]
    household_id: UUID
    village_code: fields.VillageCode
    address: fields.Line | None = None


class Amounts(Request):
    """Housing and yearly income of a household."""

    housing_area_m2: fields.HousingArea
    wage_income: fields.Income
    business_income: fields.Income
    transfer_income: fields.Income
    property_income: fields.Income
    production_cost: fields.Income


class FoundedFile(Amounts):
    """The file of a household that splits off; attribute, standard and cause are its origin's."""

    file_number: fields.FileNumber
    address: fields.Line | None = None
    bank_code: fields.BankCode | None = None
    account: fields.Account | None = None
    phone: fields.Phone | None = None


class Split(Change):
    """Some people founded a household of their own, in the same village."""

    kind: Literal["split"]
    household_id: UUID
    founded: FoundedFile
    members: Members
    relations: Relations = Field(default_factory=list)
    remaining: Amounts | None = Field(default=None, description="What the others have from then on.")


class Merge(Change):
    """A whole household joined another one; its own file is closed."""

    kind: Literal["merge"]
    household_id: UUID
    joined_id: UUID
    members: Members
    figures: Amounts | None = Field(default=None, description="What they have together from then on.")


class HeadChange(Change):
    """Another person became head of the household."""

    kind: Literal["head-change"]
    household_id: UUID
    relations: Members


class Correction(StatedFile, Change):
    """The file said something wrong; it is stated anew, in the same village."""

    kind: Literal["correction"]
    household_id: UUID


class Duplicate(Change):
    """A person stands on the register twice; `dropped` is taken for `kept` from then on."""

    kept: UUID
    dropped: UUID
    relations: Relations = Field(default_factory=list)


class DuplicateMerge(Duplicate):
    """The change request that a merge of duplicates becomes; `household_id` is where `dropped` stands."""

    kind: Literal["duplicate-merge"]
    household_id: UUID


Requested = (
    Birth | Death | MarriageIn | MarriageOut | Move | Split | Merge | HeadChange | Correction | DuplicateMerge
)
ChangeBody = Annotated[
    Birth | Death | MarriageIn | MarriageOut | Move | Split | Merge | HeadChange | Correction,
    Field(discriminator="kind"),
]
_kept: TypeAdapter[Requested] = TypeAdapter(Annotated[Requested, Field(discriminator="kind")])


class Review(Request):
    """Whether a change request is agreed to; a rejection has a reason code."""

    outcome: Literal["approved", "rejected"]
    reason: fields.ReasonCode | None = None


def written(body: Requested) -> str:
    """Return a request as it came, to be read again at its review."""
    return body.model_dump_json(exclude_unset=True)


def read(text: str) -> Requested:
    """Return a request from how it was written."""
    return _kept.validate_json(text)


def shown(body: Requested) -> dict[str, Any]:
    """Return a request as values of JSON."""
    values: dict[str, Any] = body.model_dump(mode="json", exclude_unset=True)
    return values
