"""A household's file over time, and a change carried through every stretch of it from a day on.

What is reported late must not wipe out what was reported meanwhile of later days: a birth of March, filed in June after
a death of May, is a birth in the file of March and in that of May.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import dropwhile
from typing import Any, TypeVar
from uuid import UUID

from services.registry.domain.errors.change import DateBeforeMembership, PersonNotInHousehold
from services.registry.workbook.draft import HouseholdDraft, MemberDraft

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a household's file says, with the ids of its people in their order."""

    draft: HouseholdDraft
    person_ids: tuple[UUID, ...]

    @property
    def people(self) -> dict[UUID, MemberDraft]:
        """Each person by id."""
        return dict(zip(self.person_ids, self.draft.members, strict=True))

    def person(self, person_id: UUID, pointer: str) -> MemberDraft:
        """Return a person of the household, or refuse."""
        found = self.people.get(person_id)
        if found is None:
            raise PersonNotInHousehold(pointer=pointer)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A file from a day on, until the next stretch; None when nobody is left."""

    since: date
    content: Content | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What changes in one household: who leaves, who joins, what is said anew of those who stay and of the file."""

    leaving: frozenset[UUID] = frozenset()
    joining: tuple[tuple[UUID, MemberDraft], ...] = ()
    people: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)


def spans(statements: Iterable[tuple[T, date]]) -> list[tuple[date, T]]:
    """Return which statement answers from which day on; statements come in the order of their recording.

    Of all that speak of a day, the last one answers.
    """
    answering: list[tuple[date, T]] = []
    end = date.max
    for statement, since in reversed(list(statements)):
        if since < end:
            answering.append((since, statement))
            end = since
    return answering[::-1]


def from_day(known: Sequence[tuple[date, T]], on: date) -> list[tuple[date, T]]:
    """Return the spans from a day on, the first cut to begin on the day."""
    begun = [statement for since, statement in known if since <= on][-1:]
    return [(on, statement) for statement in begun] + [
        (since, statement) for since, statement in known if since > on
    ]


def carry_through(stretches: Sequence[Stretch], edit: Edit) -> list[Stretch]:
    """Return every stretch with the change; once nobody is left, nobody may be there later."""
    edited = [replace(stretch, content=_edited(stretch.content, edit)) for stretch in stretches]
    if any(
        stretch.content is not None for stretch in dropwhile(lambda each: each.content is not None, edited)
    ):
        raise DateBeforeMembership(pointer="/effective_on")
    return edited


def emptied_on(stretches: Iterable[Stretch]) -> date | None:
    """Return the day from which nobody is left."""
    return next((stretch.since for stretch in stretches if stretch.content is None), None)


def _edited(content: Content | None, edit: Edit) -> Content | None:
    if content is None or not edit.leaving <= set(content.person_ids):
        raise DateBeforeMembership(pointer="/effective_on")
    staying = [
        (person_id, replace(member, **edit.people.get(person_id, {})))
        for person_id, member in content.people.items()
        if person_id not in edit.leaving
    ]
    people = [*staying, *edit.joining]
    if not people:
        return None
    draft = replace(content.draft, **edit.figures, members=tuple(member for _, member in people))
    return Content(draft=draft, person_ids=tuple(person_id for person_id, _ in people))
