"""From a change request to what it does: whom it touches, and the plan made of the files as they are now."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from chassis.errors import FieldError
from services.registry.domain import change as domain
from services.registry.domain.change import Person, Plan
from services.registry.domain.errors.register import HouseholdFileInvalid
from services.registry.domain.timeline import Content
from services.registry.schemas.change import (
    Amounts,
    Birth,
    Correction,
    Death,
    DuplicateMerge,
    FoundedFile,
    HeadChange,
    MarriageIn,
    MarriageOut,
    Merge,
    Move,
    Related,
    Requested,
    Split,
)
from services.registry.schemas.draft import ONE_DECIMAL, changed_draft, kept_members, member_of
from services.registry.schemas.request import NewMember
from services.registry.workbook.draft import HouseholdDraft

Files = Mapping[UUID, Content]
NewId = Callable[[], UUID]


def households_of(body: Requested) -> list[UUID]:
    """Return the households that a request touches, the one that it is filed under first."""
    match body:
        case MarriageOut(into=into) if into is not None:
            return [body.household_id, into.household_id]
        case Merge():
            return [body.household_id, body.joined_id]
        case _:
            return [body.household_id]


def numbers_of(body: Requested, files: Files) -> list[str]:
    """Return the identity numbers of the people whom a request concerns."""
    now = files[body.household_id].people
    match body:
        case Birth(child=new) | MarriageIn(spouse=new):
            return [new.identity_number]
        case (
            Death(person_id=person_id) | MarriageOut(person_id=person_id) | DuplicateMerge(dropped=person_id)
        ):
            return [now[person_id].identity_number] if person_id in now else []
        case Split(members=members):
            return [now[each.person_id].identity_number for each in members if each.person_id in now]
        case Merge():
            return [member.identity_number for member in files[body.joined_id].draft.members]
        case Correction(members=stated):
            return [each.identity_number for each in stated if each.identity_number]
        case _:
            return []


def plan_of(body: Requested, files: Files, *, on: date, new_id: NewId) -> Plan:
    """Return what a request does to the files as they are now."""
    household_id = body.household_id
    now = files[household_id]
    match body:
        case Birth(child=new):
            return domain.birth(household_id, _new_person(new, new_id), on=on)
        case MarriageIn(spouse=new):
            return domain.marry_in(household_id, _new_person(new, new_id))
        case Correction():
            return domain.correct(household_id, now, _corrected(body, now, new_id))
        case Death() | MarriageOut() | DuplicateMerge():
            return _leaving(body, now)
        case _:
            return _of_household(body, files)


def _new_person(new: NewMember, new_id: NewId) -> Person:
    return Person(id=new_id(), member=member_of(new, new.identity_number))


def _leaving(body: Death | MarriageOut | DuplicateMerge, now: Content) -> Plan:
    relations = _relations(body.relations)
    match body:
        case Death():
            return domain.death(body.household_id, now, body.person_id, relations=relations)
        case DuplicateMerge():
            return domain.drop_duplicate(body.household_id, now, body.dropped, relations=relations)
    into = None if body.into is None else (body.into.household_id, body.into.relation)
    return domain.marry_out(body.household_id, now, body.person_id, relations=relations, into=into)


def _of_household(body: Move | Split | Merge | HeadChange, files: Files) -> Plan:
    match body:
        case Move():
            address = {"address": body.address} if "address" in body.model_fields_set else {}
            return domain.move(body.household_id, {"village_code": body.village_code, **address})
        case HeadChange():
            relations = _relations(body.relations)
            return domain.change_relations(body.household_id, files[body.household_id], relations)
        case Split():
            return _split(body, files[body.household_id])
        case Merge():
            return _merge(body, files)


def _split(body: Split, now: Content) -> Plan:
    return domain.split(
        body.household_id,
        now,
        _founded(body.founded, now.draft),
        members=_relations(body.members, "/members"),
        relations=_relations(body.relations),
        figures=_figures(body.remaining),
    )


def _merge(body: Merge, files: Files) -> Plan:
    return domain.merge(
        body.household_id,
        body.joined_id,
        files[body.joined_id],
        members=_relations(body.members, "/members"),
        figures=_figures(body.figures),
    )


def _corrected(body: Correction, now: Content, new_id: NewId) -> Content:
    if body.village_code != now.draft.village_code:
        message = "A household comes into another village by a move."
        raise HouseholdFileInvalid(errors=[FieldError("/village_code", "village-by-move", message)])
    known = kept_members(body, now.person_ids, now.draft.members)
    ids = tuple(each.id or new_id() for each in body.members)
    return Content(draft=changed_draft(body, now.draft, known), person_ids=ids)


def _founded(founded: FoundedFile, origin: HouseholdDraft) -> HouseholdDraft:
    return replace(
        origin,
        file_number=founded.file_number,
        address=founded.address,
        bank_code=founded.bank_code,
        account=founded.account,
        phone=founded.phone,
        **_figures(founded),
    )


def _figures(amounts: Amounts | None) -> dict[str, Any]:
    if amounts is None:
        return {}
    return {
        "housing_area_m2": amounts.housing_area_m2.quantize(ONE_DECIMAL),
        "wage_income_fen": amounts.wage_income,
        "business_income_fen": amounts.business_income,
        "transfer_income_fen": amounts.transfer_income,
        "property_income_fen": amounts.property_income,
        "production_cost_fen": amounts.production_cost,
    }


def _relations(stated: Iterable[Related], pointer: str = "/relations") -> dict[UUID, str]:
    relations = {each.person_id: each.relation for each in stated}
    if len(relations) != len(list(stated)):
        message = "A person stands in the list twice."
        raise HouseholdFileInvalid(errors=[FieldError(pointer, "person-duplicate", message)])
    return relations
