"""What happens to people and households: birth, death, marriage, moving, splitting, merging, change of head.

Each function says what a change means for the files that it touches; `timeline.py` carries it through their days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from contracts.values import CANDIDATE, EVALUATED, NOTICED, ON_THE_REGISTER, REGISTERED, RETURNED, VERIFIED
from services.registry.domain.errors.change import (
    BornAfter,
    MergeNotAllowed,
    NobodyRemains,
    PersonNotInHousehold,
    SameHousehold,
    SplitNotAllowed,
)
from services.registry.domain.household import Household, check_standing_day
from services.registry.domain.timeline import Content, Edit
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

DECEASED: Final = "deceased"
MARRIED_OUT: Final = "married-out"
MERGED: Final = "merged"
DUPLICATE: Final = "duplicate"

# Which state a household that splits off begins in; a returned one is on the register like one just entered.
STATE_OF_FOUNDED: Final = {
    CANDIDATE: CANDIDATE,
    EVALUATED: EVALUATED,
    NOTICED: NOTICED,
    REGISTERED: REGISTERED,
    VERIFIED: VERIFIED,
    RETURNED: REGISTERED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with the id that they keep, wherever they live."""

    id: UUID
    member: MemberDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """A new household out of people of another one."""

    origin_id: UUID
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a change does: an edit for each household, perhaps a new household, and why one left empty is closed."""

    edits: Mapping[UUID, Edit]
    founding: Founding | None = None
    closing_reason: str | None = None


Relations = Mapping[UUID, str]


def birth(household_id: UUID, child: Person, *, on: date) -> Plan:
    """A child comes into the household, not before the day of its birth."""
    if child.member.born_on > on:
        raise BornAfter(pointer="/effective_on")
    return Plan(edits={household_id: Edit(joining=((child.id, child.member),))})


def death(household_id: UUID, now: Content, person_id: UUID, *, relations: Relations) -> Plan:
    """A person dies; when it was the head, another is named among the relations."""
    now.person(person_id, "/person_id")
    return Plan(edits={household_id: _leaving(now, {person_id}, relations)}, closing_reason=DECEASED)


def marry_in(household_id: UUID, spouse: Person) -> Plan:
    """Somebody who is in no file of the register marries into the household."""
    return Plan(edits={household_id: Edit(joining=((spouse.id, spouse.member),))})


def marry_out(
    household_id: UUID, now: Content, person_id: UUID, *, relations: Relations, into: tuple[UUID, str] | None
) -> Plan:
    """A person leaves by marriage, into another household as (household, relation), or out of the register."""
    member = now.person(person_id, "/person_id")
    edits = {household_id: _leaving(now, {person_id}, relations)}
    if into is not None:
        other_id, relation = into
        refuse_same(household_id, other_id, "/into/household_id")
        edits[other_id] = Edit(joining=((person_id, replace(member, relation=relation)),))
    return Plan(edits=edits, closing_reason=MARRIED_OUT)


def move(household_id: UUID, figures: Mapping[str, Any]) -> Plan:
    """The household goes to live in another village."""
    return Plan(edits={household_id: Edit(figures=figures)})


def split(
    household_id: UUID,
    now: Content,
    founded: HouseholdDraft,
    *,
    members: Relations,
    relations: Relations,
    figures: Mapping[str, Any],
) -> Plan:
    """Some people found a household of their own; somebody stays."""
    people = {
        person_id: replace(now.person(person_id, "/members"), relation=relation)
        for person_id, relation in members.items()
    }
    if len(people) == len(now.person_ids):
        raise NobodyRemains(pointer="/members")
    content = Content(draft=replace(founded, members=tuple(people.values())), person_ids=tuple(people))
    edit = replace(_leaving(now, set(people), relations), figures=figures)
    return Plan(edits={household_id: edit}, founding=Founding(origin_id=household_id, content=content))


def merge(
    household_id: UUID, joined_id: UUID, joined: Content, *, members: Relations, figures: Mapping[str, Any]
) -> Plan:
    """A whole household joins another one; its own file is closed (reason merged)."""
    refuse_same(household_id, joined_id, "/joined_id")
    if set(members) != set(joined.person_ids):
        raise PersonNotInHousehold("Everybody of the joining household is named once.", pointer="/members")
    people = tuple(
        (person_id, replace(member, relation=members[person_id]))
        for person_id, member in joined.people.items()
    )
    edits = {
        household_id: Edit(joining=people, figures=figures),
        joined_id: Edit(leaving=frozenset(joined.person_ids)),
    }
    return Plan(edits=edits, closing_reason=MERGED)


def refuse_unlike(household: Household, joined: Household, on: date) -> None:
    """A merge brings nobody onto the register, nor back to it: only households that stand alike become one (our own; 并户)."""
    if household.status in ON_THE_REGISTER and joined.status in ON_THE_REGISTER:
        return
    if household.status != joined.status:
        raise MergeNotAllowed(pointer="/joined_id")
    # Before that day it stood otherwise, perhaps on the register.
    check_standing_day(household, on)


def change_relations(household_id: UUID, now: Content, relations: Relations) -> Plan:
    """Another person becomes head, and the others are related to them."""
    return Plan(edits={household_id: _leaving(now, set(), relations)})


def correct(household_id: UUID, now: Content, stated: Content) -> Plan:
    """The file is stated anew: who is left out leaves, who is new joins, what differs is said anew."""
    before, after = now.people, stated.people
    edit = Edit(
        leaving=frozenset(before) - frozenset(after),
        joining=tuple((person_id, member) for person_id, member in after.items() if person_id not in before),
        people={person_id: _values(member) for person_id, member in after.items() if person_id in before},
        figures=_values(stated.draft),
    )
    return Plan(edits={household_id: edit})


def drop_duplicate(household_id: UUID, now: Content, dropped_id: UUID, *, relations: Relations) -> Plan:
    """A person who stands on the register a second time leaves the file in which they stand wrongly."""
    now.person(dropped_id, "/dropped")
    return Plan(edits={household_id: _leaving(now, {dropped_id}, relations)}, closing_reason=DUPLICATE)


def state_of_founded(status: str) -> str:
    """A household that splits off stands where its origin stands (our own; 分户 keeps the register's people on it)."""
    founded = STATE_OF_FOUNDED.get(status)
    if founded is None:
        raise SplitNotAllowed
    return founded


def refuse_same(one: UUID, other: UUID, pointer: str) -> None:
    """Refuse a pair that is one and the same."""
    if one == other:
        raise SameHousehold(pointer=pointer)


def _leaving(now: Content, leaving: set[UUID], relations: Relations) -> Edit:
    for person_id in relations:
        now.person(person_id, "/relations")
    people = {person_id: {"relation": relation} for person_id, relation in relations.items()}
    return Edit(leaving=frozenset(leaving), people=people)


def _values(draft: HouseholdDraft | MemberDraft) -> dict[str, Any]:
    left_out = {"members", "row"}
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__ if name not in left_out}
