"""From a request to the draft that workbooks yield too: one set of rules serves both."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.errors import FieldError
from services.registry.domain.errors.register import HouseholdFileInvalid
from services.registry.schemas.request import Figures, HouseholdRequest, Person, StatedFile
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

ONE_DECIMAL = Decimal("0.1")
# What answers mask, a caller cannot send back: left out means unchanged.
KEPT_WHEN_LEFT_OUT = ("address", "bank_code", "account", "phone")


def new_draft(request: HouseholdRequest) -> HouseholdDraft:
    """Return the draft of a household to file."""
    members = tuple(member_of(member, member.identity_number) for member in request.members)
    return HouseholdDraft(members=members, **_figures(request))


def changed_draft(
    request: StatedFile, now: HouseholdDraft, known: Mapping[UUID, MemberDraft]
) -> HouseholdDraft:
    """Return the draft of a changed file; what was left out stays as it is."""
    values = _figures(request)
    for name in KEPT_WHEN_LEFT_OUT:
        if name not in request.model_fields_set:
            values[name] = getattr(now, name)
    members = tuple(
        member_of(member, member.identity_number or (known[member.id].identity_number if member.id else ""))
        for member in request.members
    )
    return HouseholdDraft(members=members, **values)


def kept_members(
    request: StatedFile, person_ids: Sequence[UUID], members: Sequence[MemberDraft]
) -> dict[UUID, MemberDraft]:
    """Return the people of a file by id; refuse a statement about others, or of somebody new without a number."""
    known = dict(zip(person_ids, members, strict=True))
    errors = []
    for index, member in enumerate(request.members):
        if member.id is not None and member.id not in known:
            message = "The household has no person with this id."
            errors.append(FieldError(f"/members/{index}/id", "person-unknown", message))
        elif member.id is None and member.identity_number is None:
            message = "A person who is new to the household needs an identity number."
            errors.append(FieldError(f"/members/{index}/identity_number", "required", message))
    given = [member.id for member in request.members if member.id is not None]
    if len(given) != len(set(given)):
        errors.append(FieldError("/members", "person-duplicate", "A person stands in the household twice."))
    if errors:
        raise HouseholdFileInvalid(errors=errors)
    return known


def _figures(request: Figures) -> dict[str, Any]:
    return {
        "file_number": request.file_number,
        "village_code": request.village_code,
        "attribute": request.attribute,
        "standard": request.standard,
        "cause": request.cause,
        "address": request.address,
        "bank_code": request.bank_code,
        "account": request.account,
        "phone": request.phone,
        "housing_area_m2": request.housing_area_m2.quantize(ONE_DECIMAL),
        "wage_income_fen": request.wage_income,
        "business_income_fen": request.business_income,
        "transfer_income_fen": request.transfer_income,
        "property_income_fen": request.property_income,
        "production_cost_fen": request.production_cost,
    }


def member_of(person: Person, identity_number: str) -> MemberDraft:
    return MemberDraft(
        name=person.name,
        identity_number=identity_number,
        sex=person.sex,
        relation=person.relation,
        ethnic_group=person.ethnic_group,
        education=person.education,
        schooling=person.schooling,
        health=person.health,
        labour=person.labour,
        work=person.work,
        medical_scheme=person.medical_scheme,
    )
